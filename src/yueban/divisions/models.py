"""Divisions by their 12-digit statistical codes, and the days that differ from an ordinary week."""

import uuid

from django.db import models

from yueban.divisions import codes
from yueban.divisions.choices import DivisionLevel


class Division(models.Model):
    """A city, county, town or village; codes of a subtree share its ``prefix``.

    A division that was merged stays, with its code and name, and points to the one that took it in.
    """

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    level = models.CharField(max_length=10, choices=DivisionLevel)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # A functional area (功能区) has a code outside the national list and no towns of its own.
    is_functional = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    ended_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["level", "code"], name="division_by_level")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{12}$"), name="division_code_12_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(ended_on__isnull=False),
                name="merged_division_has_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="division_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits that every code of the subtree begins with: 3306, 330602, 330602001, all twelve."""
        return codes.prefix_of(self.code)


class FormerName(models.Model):
    """A name that a division had until a day (that day excluded)."""

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=100)
    until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="former_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.until})"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday or a working weekend (调休); no division = everywhere."""

    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    is_workday = models.BooleanField()
    name = models.CharField(max_length=50, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "day"], name="one_calendar_entry_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarEdition(models.Model):
    """One row whose stamp changes with every change of the calendar, so that every process drops its cache."""

    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.stamp)
