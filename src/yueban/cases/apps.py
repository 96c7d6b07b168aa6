"""The cases app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the cases app."""

    name = "yueban.cases"
