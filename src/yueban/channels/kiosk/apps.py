"""The kiosk channel app."""

from django.apps import AppConfig


class KioskConfig(AppConfig):
    """Pages of self-service terminals; views read selectors and call flows, nothing else."""

    name = "yueban.channels.kiosk"
    label = "kiosk"
