"""The assistant app."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Registers the assistant app."""

    name = "yueban.assistant"
