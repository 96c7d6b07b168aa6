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


class IdKind(models.TextChoices):
    """Identity documents (GB/T 39046 certificate kinds in use here)."""

    RESIDENT = "resident_id", "居民身份证"
    FOREIGN_PERMANENT = "foreign_permanent_id", "外国人永久居留身份证"
    HMT_RESIDENCE = "hmt_residence", "港澳台居民居住证"
    USCC = "uscc", "统一社会信用代码"
