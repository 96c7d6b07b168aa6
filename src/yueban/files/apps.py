"""The files app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the files app."""

    name = "yueban.files"
    verbose_name = "文件"
