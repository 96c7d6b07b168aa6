"""The API channel app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Owns no table."""

    name = "yueban.channels.api"
    label = "api"
