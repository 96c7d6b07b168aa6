"""States of certificates and the ways in which a required material is satisfied."""

from typing import Final

from django.db import models


class CertificateStatus(models.TextChoices):
    """证照状态 (national catalogue of e-certificates)."""

    VALID = "01", "有效"
    WITHHELD = "02", "暂扣"
    ANNULLED = "03", "撤销"
    CANCELLED = "04", "注销"
    LAPSED = "05", "失效"
    TRANSFERRED = "06", "转出"
    REVOKED = "07", "吊销"
    OTHER = "99", "其他"


class SatisfactionWay(models.TextChoices):
    """The rungs of the ladder: how a required material was satisfied (M0-M7)."""

    UPLOAD = "upload", "申请人提交"
    CANCELLED = "cancelled", "依规则取消"
    CERTIFICATE = "certificate", "电子证照"
    SHARE = "share", "数据共享"
    CHECK = "check", "部门核验"
    PROMISE = "promise", "告知承诺"
    REUSE = "reuse", "材料复用"
    LATER = "later", "容缺后补"


# Of these the applicant hands in nothing (无证明化办件 and 免提交办件 count them).
WITHOUT_HANDING_IN: Final = frozenset(
    {
        SatisfactionWay.CANCELLED,
        SatisfactionWay.CERTIFICATE,
        SatisfactionWay.SHARE,
        SatisfactionWay.CHECK,
        SatisfactionWay.PROMISE,
        SatisfactionWay.REUSE,
    }
)


class ExchangeResult(models.TextChoices):
    """What came of asking a data source."""

    CONFORMS = "conforms", "符合"
    DEVIATES = "deviates", "不符"
    NOT_FOUND = "not_found", "查无"
    FAILED = "failed", "失败"


# Why a source gave no answer, as people read it.
FAULT_WORDS: Final = {
    "timeout": "没有在时限内应答",
    "unreachable": "接口连不上",
    "ill": "接口故障",
    "refused": "接口没有受理这次查询",
    "garbage": "应答读不懂",
    "forged": "应答的签名不对",
    "replayed": "应答不是对这次查询的",
    "foreign": "应答不是这个人的",
    "resting": "接口连续故障，暂停查询",
}


class PromiseState(models.TextChoices):
    """What the later check of a promise found."""

    STANDING = "standing", "待核查"
    KEPT = "kept", "核查属实"
    FALSE = "false", "承诺不实"


class ObjectionState(models.TextChoices):
    """Where an objection to data stands."""

    OPEN = "open", "核实中"
    UPHELD = "upheld", "异议成立，已更正"
    DISMISSED = "dismissed", "核实无误"
