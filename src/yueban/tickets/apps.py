"""The tickets app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Registers the tickets app."""

    name = "yueban.tickets"
