"""Which certificates of whom can be relied on today."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from yueban.certificates.choices import CertificateStatus
from yueban.certificates.models import Certificate
from yueban.kernel import clock

WITH_ALL = ("type", "holder", "agency", "document__file")


def valid_by_type(party_ids: Iterable[int], *, on: date | None = None) -> dict[int, dict[str, Certificate]]:
    """Each party's certificates valid on the day (today) by type key, the longest lasting of each."""
    day = on or clock.today()
    found: dict[int, dict[str, Certificate]] = {id_: {} for id_ in party_ids}
    rows = Certificate.objects.select_related(*WITH_ALL).filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        holder__in=list(found),
        status=CertificateStatus.VALID,
        valid_from__lte=day,
    )
    for row in sorted(rows, key=lambda row: (row.valid_until or date.max, row.pk)):
        found[row.holder_id][row.type.key] = row
    return found
