"""推送: who is to be told of an offer, and when; each enterprise of each offer once a year.

Lists and sends by sets of rows. A message is written in the transaction that marks its push as sent, so a killed
process neither loses one nor sends it twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Count

from yueban.kernel import clock
from yueban.matching.models import Push, PushRefusal
from yueban.matching.selectors import matched_parties
from yueban.policies.models import OfferVersion
from yueban.policies.standards import standard_of

# At night nobody is told of anything.
QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(8)
# So many at most are told to an enterprise within so many days; the others wait their turn.
MOST: Final = 3
WITHIN: Final = timedelta(days=7)
BATCH: Final = 2_000

LIST: Final = """
    INSERT INTO matching_push (party_id, offer_key, year, offer_version_id, state, listed_at)
    SELECT party, %s, %s, %s, 'waiting', %s FROM unnest(%s::bigint[]) AS party
    WHERE NOT EXISTS (SELECT 1 FROM matching_pushrefusal r WHERE r.party_id = party)
    ON CONFLICT DO NOTHING
"""
# The oldest first; of each enterprise no more than there is room for.
DUE: Final = """
    WITH sent AS (
        SELECT party_id, count(*) AS number FROM matching_push WHERE sent_at > %s GROUP BY party_id
    ), ranked AS (
        SELECT p.id, p.listed_at, coalesce(s.number, 0) + row_number() OVER (
            PARTITION BY p.party_id ORDER BY p.listed_at, p.id
        ) AS place
        FROM matching_push p LEFT JOIN sent s USING (party_id)
        WHERE p.state = 'waiting'
        AND NOT EXISTS (SELECT 1 FROM matching_pushrefusal r WHERE r.party_id = p.party_id)
    ), chosen AS (
        SELECT id FROM ranked WHERE place <= %s ORDER BY listed_at, id LIMIT %s
    )
    UPDATE matching_push p SET state = 'sent', sent_at = %s FROM chosen
    WHERE p.id = chosen.id AND p.state = 'waiting'
    RETURNING p.id, p.party_id, p.offer_key, p.offer_version_id
"""


@dataclass(frozen=True)
class Sent:
    """A push that is sent in this transaction."""

    id: int
    party_id: int
    offer_key: str
    offer_version_id: int


def list_matches(versions: Sequence[OfferVersion]) -> int:
    """Put everybody who certainly meets these offers on the list of pushes; returns how many are new.

    Offers that are not for the enterprise itself are told to nobody: no data says who runs a park.
    """
    added = 0
    now = clock.now()
    for version in versions:
        if standard_of(version).beneficiary != "enterprise":
            continue
        parties = matched_parties(version)
        with connection.cursor() as cursor:
            cursor.execute(LIST, [version.offer.key, now.year, version.pk, now, parties])
            added += cursor.rowcount
    return added


def is_quiet(at: datetime) -> bool:
    """Whether nobody is told of anything at this moment."""
    hour = at.astimezone(clock.BEIJING).time()
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def take_due() -> list[Sent]:
    """Mark as sent what may be sent now, within the transaction of the caller, who writes the messages.

    One process at a time counts what each enterprise was told; nothing at night.
    """
    assert connection.in_atomic_block, "the messages must be written in the same transaction"
    now = clock.now()
    if is_quiet(now):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('matching.push'))")
        cursor.execute(DUE, [now - WITHIN, MOST, BATCH, now])
        return [Sent(*row) for row in cursor.fetchall()]


def mark_viewed(party_id: int, offer_keys: Collection[str]) -> None:
    """The enterprise has looked at these offers; the first time counts."""
    Push.objects.filter(
        party_id=party_id, offer_key__in=offer_keys, sent_at__isnull=False, viewed_at=None
    ).update(viewed_at=clock.now())


@transaction.atomic
def set_refusal(party_id: int, *, refuses: bool) -> None:
    """Whether the enterprise wants to be told of no offers (any longer); the same again changes nothing."""
    if refuses:
        PushRefusal.objects.get_or_create(party_id=party_id, defaults={"since": clock.now()})
    else:
        PushRefusal.objects.filter(party_id=party_id).delete()


@dataclass(frozen=True)
class Told:
    """Of one offer in one year: how many are listed, were told, have looked."""

    listed: int
    sent: int
    viewed: int


def told_of(year: int, offer_keys: Collection[str]) -> dict[str, Told]:
    """By offer; one question however many offers."""
    rows = (
        Push.objects.filter(year=year, offer_key__in=offer_keys)
        .values("offer_key")
        .annotate(listed=Count("pk"), sent=Count("sent_at"), viewed=Count("viewed_at"))
    )
    return {row["offer_key"]: Told(row["listed"], row["sent"], row["viewed"]) for row in rows}
