"""The catalogue app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the catalogue app."""

    name = "yueban.catalogue"
