"""The flows app: no tables, but background work of its own."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """Registers the flows, whose tasks.py the jobs find through it."""

    name = "yueban.flows"
