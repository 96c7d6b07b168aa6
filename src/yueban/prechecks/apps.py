"""The prechecks app."""

from django.apps import AppConfig


class PrechecksConfig(AppConfig):
    """Registers the prechecks app."""

    name = "yueban.prechecks"
    verbose_name = "机器预检"
