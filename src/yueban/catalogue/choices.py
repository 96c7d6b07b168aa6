"""States of item versions and the audiences of the catalogue."""

from django.db import models


class VersionState(models.TextChoices):
    """Where a version stands; which published one is in force is a matter of dates."""

    DRAFT = "draft", "草稿"
    CHECKING = "checking", "待复核"
    PUBLISHED = "published", "已发布"
    SUSPENDED = "suspended", "暂停"
    CANCELLED = "cancelled", "取消"


# Versions that are still being written: they may be unsound, and nobody applies under them.
UNPUBLISHED = (VersionState.DRAFT, VersionState.CHECKING)


class Audience(models.TextChoices):
    """Who asks: a person (自然人) or an enterprise (法人和其他组织)."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "企业"
