"""The policies app."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Registers the policies app."""

    name = "yueban.policies"
