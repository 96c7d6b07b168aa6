"""The claims app."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Registers the claims app."""

    name = "yueban.claims"
