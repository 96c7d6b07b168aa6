"""The audit as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Events, anchors and their proof."""

    name = "yueban.audit"
    verbose_name = "审计"
