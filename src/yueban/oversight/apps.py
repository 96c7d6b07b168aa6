"""The oversight app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Registers the oversight app."""

    name = "yueban.oversight"
