"""The elements app."""

from django.apps import AppConfig


class ElementsConfig(AppConfig):
    """Registers the elements app."""

    name = "yueban.elements"
