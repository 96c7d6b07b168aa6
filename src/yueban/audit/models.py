"""Tables of the audit; triggers in the first migration refuse update, delete and truncate."""

from __future__ import annotations

from typing import Any

from django.db import models

from yueban.kernel.reference import Reference


class Event(models.Model):
    """One thing that happened to one object, and the digest that ties it to the one before."""

    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    actor: models.JSONField[Any, dict[str, Any]] = models.JSONField()
    data: models.JSONField[Any, dict[str, Any]] = models.JSONField()
    # Where the thing stands, for who may read of it; part of the digest. Empty: the city's auditor alone.
    division_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    algorithm = models.CharField(max_length=16)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "事件"
        verbose_name_plural = verbose_name
        ordering = ["reference_kind", "reference_number", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number", "seq"], name="audit_event_one_per_seq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} #{self.seq} {self.kind}"

    @property
    def reference(self) -> Reference:
        """The object whose chain this is."""
        return Reference(self.reference_kind, self.reference_number)


class Anchor(models.Model):
    """One day's digest over the heads of all chains that grew, tied to the anchor before."""

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    algorithm = models.CharField(max_length=16)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "日锚"
        verbose_name_plural = verbose_name
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:16]}"


class AnchoredHead(models.Model):
    """The last event of a chain at the end of the anchored day."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="heads")
    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "日锚所含链尾"
        verbose_name_plural = verbose_name
        ordering = ["anchor", "reference_kind", "reference_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number", "seq"], name="audit_anchoredhead_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference_kind}:{self.reference_number} #{self.seq}"
