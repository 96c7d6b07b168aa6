"""Which certificates of whom can be relied on today."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from yueban.certificates.choices import CertificateStatus
from yueban.certificates.models import Certificate
from yueban.documents import selectors as documents
from yueban.kernel import clock

WITH_ALL = ("type", "holder", "agency", "document__file")


def told(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Without those that are made and not issued yet (同步发证): nobody may rely on them."""
    return rows.exclude(documents.is_held("source_kind", "source_number"))


def valid_by_type(party_ids: Iterable[int], *, on: date | None = None) -> dict[int, dict[str, Certificate]]:
    """Each party's certificates valid on the day (today) by type key, the longest lasting of each."""
    day = on or clock.today()
    found: dict[int, dict[str, Certificate]] = {id_: {} for id_ in party_ids}
    rows = told(Certificate.objects.select_related(*WITH_ALL)).filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        holder__in=list(found),
        status=CertificateStatus.VALID,
        valid_from__lte=day,
    )
    for row in sorted(rows, key=lambda row: (row.valid_until or date.max, row.pk)):
        found[row.holder_id][row.type.key] = row
    return found
