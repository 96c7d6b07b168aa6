"""What was given before, and the key under which the same is not given twice."""

from collections.abc import Iterable

from django.db import connection

from yueban.claims.choices import COUNTED
from yueban.claims.models import Claim
from yueban.policies.amounts import Paid
from yueban.policies.standard import OfferStandard


def paid_before(party_id: int, *, but: str = "") -> list[Paid]:
    """What an enterprise was given, or is about to be: by offer, group, year and project, one query."""
    rows = Claim.objects.filter(party_id=party_id, state__in=COUNTED).exclude(number=but)
    return [_paid(row) for row in rows.order_by("pk")]


def paid_before_of(party_ids: Iterable[int]) -> dict[int, list[Paid]]:
    """The same for many enterprises, in one query."""
    found: dict[int, list[Paid]] = {}
    for row in Claim.objects.filter(party_id__in=list(party_ids), state__in=COUNTED).order_by("pk"):
        found.setdefault(row.party_id, []).append(_paid(row))
    return found


def _paid(row: Claim) -> Paid:
    return Paid(row.offer_key, row.group, row.year, row.project, row.amount)


def hold_party(party_id: int) -> None:
    """Of one enterprise one amount is worked out and kept at a time, until the transaction ends.

    Whoever comes second counts what the first was given; the claim is locked before, the budget line after.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claims of {party_id}"])


def exclusion_of(standard: OfferStandard, year: int, project: str) -> str:
    """企业、项目、年度、组: what no two live claims of one enterprise may share."""
    exclusive = standard.exclusive
    if exclusive is None:
        return f"offer:{standard.key}:{year}:{project}"
    place = {
        "year": str(year),
        "project": project,
        "project_year": f"{year}:{project}",
        "ever": "",
    }[exclusive.scope]
    return f"group:{exclusive.group}:{place}"
