"""Levels of administrative divisions."""

from django.db import models


class DivisionLevel(models.TextChoices):
    """The four levels of a city pack; a functional area (功能区) is a county-level row with a parent of its own."""

    CITY = "city", "市"
    COUNTY = "county", "县(市、区)"
    TOWN = "town", "乡镇(街道)"
    VILLAGE = "village", "村(社区)"
