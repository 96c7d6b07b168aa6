"""The jobs app; its tables are procrastinate's, so it has no models of its own."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "yueban.jobs"
    label = "jobs"
    verbose_name = "后台任务"
