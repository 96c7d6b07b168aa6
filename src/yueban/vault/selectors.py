"""Who has seen what: the log of unmasking."""

from __future__ import annotations

from django.db.models import QuerySet

from yueban.kernel.reference import Reference
from yueban.vault.models import Unmasking


def unmaskings_of(reference: Reference) -> QuerySet[Unmasking]:
    """Every time a field of the object was shown whole, newest first."""
    return Unmasking.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
