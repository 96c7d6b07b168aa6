"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the notifications app."""

    name = "yueban.notifications"
