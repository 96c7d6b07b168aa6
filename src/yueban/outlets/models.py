"""Outlets, timetables (the hours that many outlets share), and the kiosks that stand in outlets."""

from __future__ import annotations

from typing import Any

from django.db import models

from yueban.outlets.choices import LEVEL_OF, OutletKind


class Timetable(models.Model):
    """The hours of a week; ``spans`` as outlets.yaml states them: weekday (0 = Monday), opens, closes, kind."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    spans = models.JSONField()

    def __str__(self) -> str:
        return self.name


class Outlet(models.Model):
    """A place where people are served; ``agency`` operates it, ``seats`` counts its workbenches (工作台)."""

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=OutletKind)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    division = models.ForeignKey("divisions.Division", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    timetable = models.ForeignKey(Timetable, on_delete=models.PROTECT, related_name="outlets")
    address = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    seats = models.PositiveSmallIntegerField()
    equipment = models.JSONField(default=list)
    accessibility = models.JSONField(default=list)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    # Address, phone, seats and hours are invented for the demonstration.
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["division", "kind"], name="outlet_by_division")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True, latitude__isnull=True)
                | models.Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="outlet_has_both_coordinates_or_none",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> str:
        """The level of divisions it serves: city, county, town, village."""
        return LEVEL_OF[OutletKind(self.kind)]


class Kiosk(models.Model):
    """自助终端: a terminal that is registered at an outlet and opens the kiosk channel with its own key.

    ``items`` are the keys of the items it offers first. ``agent_address`` is where the program that drives its
    peripherals answers; a kiosk of the demonstration has none, its peripherals are 演示.
    """

    code = models.SlugField(max_length=40, unique=True)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="kiosks")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    key_cipher = models.BinaryField()
    items: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    parts: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    agent_address = models.CharField(max_length=200, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
