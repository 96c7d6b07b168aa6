"""Kinds of runs of matching, and where a push stands."""

from django.db import models


class RunKind(models.TextChoices):
    """What a run decided."""

    FULL = "full", "全量"
    CLAUSE = "clause", "新签发条款"
    PROFILE = "profile", "变化的企业"


class PushState(models.TextChoices):
    """Where a push stands."""

    WAITING = "waiting", "待推送"
    SENT = "sent", "已推送"
