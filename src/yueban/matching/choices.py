"""Kinds of runs of matching, where a push stands, and why somebody is not told now."""

from typing import Final

from django.db import models

# At night nobody is told of anything: hours of Beijing.
QUIET_FROM: Final = 21
QUIET_UNTIL: Final = 8


class RunKind(models.TextChoices):
    """What a run decided."""

    FULL = "full", "全量"
    CLAUSE = "clause", "新签发条款"
    PROFILE = "profile", "变化的企业"


class PushState(models.TextChoices):
    """Where a push stands."""

    WAITING = "waiting", "待推送"
    SENT = "sent", "已推送"


class PushFit(models.TextChoices):
    """How an enterprise stands to the offer that it is told of."""

    MEETS = "meets", "符合条件"
    NEAR = "near", "差一项"
    UNKNOWN = "unknown", "信息不全"


class Turn(models.TextChoices):
    """Whether an enterprise may be told of an offer now, or why not: the first reason that applies."""

    TOLD = "told", "今年已经推送过"
    REFUSED = "refused", "企业不接收推送"
    MUTED = "muted", "企业不接收这个部门的推送"
    NO_ACCOUNT = "no_account", "企业还没有账号"
    CAPPED = "capped", "7天内已推送3次"
    QUIET = "quiet", "免打扰时段"
    NOW = "now", "现在可以推送"
