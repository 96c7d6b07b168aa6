"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the documents app."""

    name = "yueban.documents"
    verbose_name = "文书"
