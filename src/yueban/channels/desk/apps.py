"""The desk channel app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Carries the desk's pages; owns no table."""

    name = "yueban.channels.desk"
    label = "desk"
