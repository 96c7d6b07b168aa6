"""Kinds of runs of matching."""

from django.db import models


class RunKind(models.TextChoices):
    """What a run decided."""

    FULL = "full", "全量"
    CLAUSE = "clause", "新签发条款"
    PROFILE = "profile", "变化的企业"
