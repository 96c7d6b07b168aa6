"""Entries of electronic supervision."""

from __future__ import annotations

from typing import Any

from django.db import models

from yueban.kernel.reference import Reference
from yueban.oversight.choices import EntryState, Finding, Level, Rule


class Entry(models.Model):
    """监察记录: one rule found one thing once; no rule raises the same occurrence twice."""

    number = models.CharField(max_length=20, unique=True)
    rule = models.CharField(max_length=3, choices=Rule)
    level = models.CharField(max_length=6, choices=Level)
    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    # What tells this occurrence from another of the same rule on the same thing: a clock, an event, a month.
    occurrence = models.CharField(max_length=80, blank=True, default="")
    # The item or whatever else it is about; no applicant's name.
    title = models.CharField(max_length=200)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    detail: models.JSONField[Any, dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=EntryState, default=EntryState.OPEN)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=1000, blank=True, default="")
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=1000, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    closing = models.CharField(max_length=1000, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "监察记录"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "reference_kind", "reference_number", "occurrence"],
                name="one_entry_per_occurrence",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EntryState.CLOSED)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False) & ~models.Q(closing=""),
                name="closed_entry_says_by_whom_and_why",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "-opened_at", "-id"], name="entry_by_agency"),
            models.Index(fields=["state", "-opened_at", "-id"], name="entry_by_state"),
            models.Index(fields=["reference_kind", "reference_number"], name="entry_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.rule} {self.reference}"

    @property
    def reference(self) -> Reference:
        """What the rule found."""
        return Reference(self.reference_kind, self.reference_number)

    @property
    def own_reference(self) -> Reference:
        """How tasks and the audit name the entry itself."""
        return Reference("oversight", self.number)


class Sample(models.Model):
    """抽查: closed cases drawn by lot from a span; the seed and the number drawn from let anybody draw them again."""

    number = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    first = models.DateField()
    last = models.DateField()
    item_name = models.CharField(max_length=200, blank=True, default="")
    population = models.PositiveIntegerField()
    # SHA-256 of the sorted numbers that were drawn from.
    population_digest = models.CharField(max_length=64)
    seed = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["agency", "-made_at"], name="sample_by_agency")]

    def __str__(self) -> str:
        return self.number


class SampledCase(models.Model):
    """One case of a sample, and what its checking found."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="cases")
    position = models.PositiveSmallIntegerField()
    case_number = models.CharField(max_length=30)
    item_name = models.CharField(max_length=200)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    answers: models.JSONField[Any, dict[str, str]] = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True, default="")
    result = models.CharField(max_length=8, choices=Finding, blank=True, default="")
    checked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case_number"], name="one_case_a_sample"),
            models.CheckConstraint(
                condition=models.Q(result="", checked_by=None, checked_at=None)
                | ~models.Q(result="") & models.Q(checked_by__isnull=False, checked_at__isnull=False),
                name="checked_case_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["case_number", "result"], name="sampled_case_by_number")]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.case_number} {self.result}"
