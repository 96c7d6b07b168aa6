"""The ratings app."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Registers the ratings app."""

    name = "yueban.ratings"
