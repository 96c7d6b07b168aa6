"""The log of unmasking; triggers in the first migration refuse update, delete and truncate."""

from __future__ import annotations

from typing import Any

from django.db import models

from yueban.kernel.reference import Reference
from yueban.vault.fields import SealedJSONField as SealedJSONField


class Unmasking(models.Model):
    """One person saw one field of one object whole, for a stated purpose."""

    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    field = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200)
    actor: models.JSONField[Any, dict[str, Any]] = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "查看原文记录"
        verbose_name_plural = verbose_name
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["reference_kind", "reference_number"], name="vault_unmasking_of")]

    def __str__(self) -> str:
        return f"{self.reference_kind}:{self.reference_number} {self.field}"

    @property
    def reference(self) -> Reference:
        """The object whose field was shown."""
        return Reference(self.reference_kind, self.reference_number)
