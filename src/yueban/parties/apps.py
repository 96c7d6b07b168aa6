"""The parties app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Registers the parties app."""

    name = "yueban.parties"
