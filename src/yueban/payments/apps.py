"""The payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Registers the payments app."""

    name = "yueban.payments"
