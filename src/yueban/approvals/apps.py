"""The approvals app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Registers the approvals app."""

    name = "yueban.approvals"
