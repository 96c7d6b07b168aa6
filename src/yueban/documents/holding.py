"""同步发证: what is decided and waits to be issued together; until then its result is told to nobody outside.

One row for each held subject is all there is to know: papers ask it, and so do the certificates and cases above.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from yueban.documents.choices import DocumentKind
from yueban.documents.models import Document, HeldResult
from yueban.kernel import clock
from yueban.kernel.reference import Reference

# The papers that say what was decided.
RESULT = (DocumentKind.DECISION_GRANT, DocumentKind.CERTIFICATE, DocumentKind.COLLECTION_SLIP)


def hold_result(reference: Reference, *, until: date) -> None:
    """Keep the result of this subject back, to this day at the longest; again changes nothing."""
    HeldResult.objects.get_or_create(
        subject_kind=reference.kind,
        subject_number=reference.number,
        defaults={"until": until, "held_at": clock.now()},
    )


def release_results(references: Iterable[Reference]) -> None:
    """Let the results of these subjects go."""
    for reference in references:
        HeldResult.objects.filter(subject_kind=reference.kind, subject_number=reference.number).delete()


def held_until(kind: str, numbers: Collection[str]) -> dict[str, date]:
    """Of these subjects those whose result is held, with the latest day; one query, and none for no subject."""
    if not numbers:
        return {}
    rows = HeldResult.objects.filter(subject_kind=kind, subject_number__in=list(numbers))
    return dict(rows.values_list("subject_number", "until"))


def held_numbers(kind: str) -> QuerySet[HeldResult, str]:
    """The numbers of all subjects of a kind whose result is held; a part of a larger query."""
    return HeldResult.objects.filter(subject_kind=kind).values_list("subject_number", flat=True)


def is_held(kind_field: str, number_field: str) -> Exists:
    """The condition of a query on rows that name such a subject in two fields."""
    about: dict[str, Any] = {"subject_kind": OuterRef(kind_field), "subject_number": OuterRef(number_field)}
    return Exists(HeldResult.objects.filter(**about))


def told(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Without the papers of results that are held."""
    return rows.exclude(is_held("subject_kind", "subject_number"), kind__in=RESULT)
