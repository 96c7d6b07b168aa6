"""The agencies app."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Registers the agencies app."""

    name = "yueban.agencies"
