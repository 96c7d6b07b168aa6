"""The outlets app."""

from django.apps import AppConfig


class OutletsConfig(AppConfig):
    """Registers the outlets app."""

    name = "yueban.outlets"
    verbose_name = "网点"
