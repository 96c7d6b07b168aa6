"""What a party is and how a user stands to it."""

from django.db import models


class PartyKind(models.TextChoices):
    """Natural person or organisation."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "企业"


class Relation(models.TextChoices):
    """How a signed-in user stands to a party."""

    SELF = "self", "本人"
    LEGAL_PERSON = "legal_person", "法定代表人"
    # These follow from the data: a minor child, an online mandate, a helper's mandate.
    GUARDIAN = "guardian", "监护人"
    MANDATARY = "mandatary", "被授权人"
    PRINCIPAL = "principal", "委托人"
    PRESENT = "present", "在场的申请人"


class Kin(models.TextChoices):
    """What a relative is to a person: 他是我的……"""

    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    SPOUSE = "spouse", "配偶"
    WARD = "ward", "被监护人"


INVERSE = {Kin.CHILD: Kin.PARENT, Kin.PARENT: Kin.CHILD, Kin.SPOUSE: Kin.SPOUSE}
# Of whom the law makes a person the guardian; a child until it is of age, a ward for as long as it is recorded.
GUARDED = (Kin.CHILD, Kin.WARD)


class MandateKind(models.TextChoices):
    """Whom a person or an enterprise lets act for it."""

    HELPER = "helper", "代办员"
    MANDATARY = "mandatary", "被授权人"
    FAMILY = "family", "家人"


class Power(models.TextChoices):
    """What a mandate may allow (权限)."""

    SUBMIT = "submit", "提交申请"
    SUPPLEMENT = "supplement", "补正材料"
    WITHDRAW = "withdraw", "撤回申请"
    COLLECT = "collect", "领取结果"


class MandateWay(models.TextChoices):
    """How the principal gave it."""

    PAPER = "paper", "纸质签名"
    PAD = "pad", "手写板签名"
    ONLINE = "online", "网上授权"


class FactMethod(models.TextChoices):
    """How a fact of an enterprise came about."""

    RULE = "rule", "按规则推算"
    IMPORT = "import", "部门数据"
    MANUAL = "manual", "人工填报"
    MODEL = "model", "模型推断"


class TagKind(models.TextChoices):
    """What a tag rests on."""

    RULE = "rule", "按规则"
    SOURCE = "source", "按来源"


class EndReason(models.TextChoices):
    """Why a party is no more."""

    DIED = "died", "死亡"
    DEREGISTERED = "deregistered", "注销"


class IdKind(models.TextChoices):
    """Identity documents (GB/T 39046 certificate kinds in use here)."""

    RESIDENT = "resident_id", "居民身份证"
    FOREIGN_PERMANENT = "foreign_permanent_id", "外国人永久居留身份证"
    HMT_RESIDENCE = "hmt_residence", "港澳台居民居住证"
    USCC = "uscc", "统一社会信用代码"
