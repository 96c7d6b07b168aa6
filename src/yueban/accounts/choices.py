"""What a key of the API may be used for."""

from django.db import models


class Scope(models.TextChoices):
    """One permission of a key; a key has only those it was given."""

    CATALOGUE_READ = "catalogue:read", "读事项标准的各个版本"
    CASES_APPLY = "cases:apply", "代为申请、补正、撤回"
    CASES_READ = "cases:read", "读办件状态和事件"
    DOCUMENTS_READ = "documents:read", "下载办件文书"
    WEBHOOKS_MANAGE = "webhooks:manage", "管理事件推送"
