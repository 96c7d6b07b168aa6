"""What a key of the API may be used for, and where a request for one stands."""

from django.db import models


class Scope(models.TextChoices):
    """One permission of a key; a key has only those it was given."""

    CATALOGUE_READ = "catalogue:read", "读事项标准的各个版本"
    CASES_APPLY = "cases:apply", "代为申请、补正、撤回"
    CASES_READ = "cases:read", "读办件状态和事件"
    DOCUMENTS_READ = "documents:read", "下载办件文书"
    CONSULT_ASK = "consult:ask", "提问咨询、转人工"
    WEBHOOKS_MANAGE = "webhooks:manage", "管理事件推送"


class KeyRequestState(models.TextChoices):
    """Where a request for a key stands: two people and the moment at which the secret is made."""

    WAITING = "waiting", "待审批"
    APPROVED = "approved", "已同意，待取用"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    ISSUED = "issued", "已取用"
