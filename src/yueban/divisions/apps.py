"""The divisions app."""

from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    """Registers the divisions app."""

    name = "yueban.divisions"
