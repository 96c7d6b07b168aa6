"""The matching app."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Registers the matching app."""

    name = "yueban.matching"
