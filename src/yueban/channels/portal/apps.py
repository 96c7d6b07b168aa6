"""The portal channel app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages of the portal; views read selectors and call flows, nothing else."""

    name = "yueban.channels.portal"
    label = "portal"
