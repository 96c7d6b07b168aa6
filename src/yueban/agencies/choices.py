"""Natures of agencies (GB/T 39046-2020 list A.3) and the roles of posts."""

from django.db import models

from yueban.kernel import roles


class AgencyNature(models.TextChoices):
    """实施主体性质."""

    STATUTORY = "1", "法定机关"
    AUTHORISED = "2", "授权组织"
    ENTRUSTED = "3", "受委托组织"
    OTHER = "9", "其他"


class Role(models.TextChoices):
    """What the holder of a post does; the codes are those of kernel.roles."""

    CLERK = roles.CLERK, roles.NAMES[roles.CLERK]
    REVIEWER = roles.REVIEWER, roles.NAMES[roles.REVIEWER]
    DECIDER = roles.DECIDER, roles.NAMES[roles.DECIDER]
    CHECKER = roles.CHECKER, roles.NAMES[roles.CHECKER]
    SUPERVISOR = roles.SUPERVISOR, roles.NAMES[roles.SUPERVISOR]
    EDITOR = roles.EDITOR, roles.NAMES[roles.EDITOR]
    HELPER = roles.HELPER, roles.NAMES[roles.HELPER]
    PAYER = roles.PAYER, roles.NAMES[roles.PAYER]
    SYSTEM_ADMIN = roles.SYSTEM_ADMIN, roles.NAMES[roles.SYSTEM_ADMIN]
    SECURITY_ADMIN = roles.SECURITY_ADMIN, roles.NAMES[roles.SECURITY_ADMIN]
    AUDITOR = roles.AUDITOR, roles.NAMES[roles.AUDITOR]


class RequestState(models.TextChoices):
    """Where a request for a post stands."""

    WAITING = "waiting", "待复核"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "未同意"
