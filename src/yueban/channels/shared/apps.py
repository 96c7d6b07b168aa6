"""The shared channel app."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """Carries tokens, components, base templates and static files; owns no address but the style page."""

    name = "yueban.channels.shared"
    label = "shared"
