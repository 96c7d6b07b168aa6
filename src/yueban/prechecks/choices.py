"""What has become of a precheck, and what a machine may doubt."""

from typing import Final

from django.db import models

READABLE: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})


class PrecheckState(models.TextChoices):
    """How far the machine has come with one file."""

    WAITING = "waiting", "等待预检"
    FINE = "fine", "没有看出问题"
    DOUBTS = "doubts", "有疑问"
    ABSENT = "absent", "没有安装预检"
    FAILED = "failed", "没有看成"


class Doubt(models.TextChoices):
    """What may be wrong with a file; the person decides."""

    NO_TEXT = "no-text", "看不清字"
    OTHER_DOCUMENT = "other-document", "不是要的材料"
    NOT_RECOGNISED = "not-recognised", "没有认出来"
    OTHER_NAME = "other-name", "姓名或名称不一致"
    BAD_NUMBER = "bad-number", "号码的校验位不对"
    EXPIRED = "expired", "已过有效期"
