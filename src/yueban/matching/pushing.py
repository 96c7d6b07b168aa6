"""推送: who is to be told of an offer, and when; each enterprise of each offer once a year.

Lists and sends by sets of rows. A message is written in the transaction that marks its push as sent, so a killed
process neither loses one nor sends it twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from yueban.kernel import clock
from yueban.matching.choices import QUIET_FROM, QUIET_UNTIL, Turn
from yueban.matching.models import Push
from yueban.matching.selectors import matched_parties
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion
from yueban.policies.standards import standard_of

# So many at most are told to an enterprise within so many days; the others wait their turn.
MOST: Final = 3
WITHIN: Final = timedelta(days=7)
BATCH: Final = 2_000

# Whether an enterprise may be told now, or the first reason why not; of rows `who` with party, topic and sent_at.
TURN: Final = f"""
    CASE WHEN who.sent_at IS NOT NULL THEN '{Turn.TOLD}'
         WHEN wish.refused_at IS NOT NULL THEN '{Turn.REFUSED}'
         WHEN wish.muted ? who.topic THEN '{Turn.MUTED}'
         WHEN NOT EXISTS (SELECT 1 FROM parties_representation r WHERE r.party_id = who.party_id)
             THEN '{Turn.NO_ACCOUNT}'
         WHEN coalesce(week.number, 0) >= %(most)s THEN '{Turn.CAPPED}'
         WHEN %(hour)s >= coalesce(wish.quiet_from, {QUIET_FROM})
             OR %(hour)s < coalesce(wish.quiet_until, {QUIET_UNTIL}) THEN '{Turn.QUIET}'
         ELSE '{Turn.NOW}' END
"""  # noqa: S608 - put together from constants
WISHES: Final = """
    LEFT JOIN matching_pushsetting wish ON wish.party_id = who.party_id
    LEFT JOIN (
        SELECT party_id, count(*) AS number FROM matching_push WHERE sent_at > %(since)s GROUP BY party_id
    ) week ON week.party_id = who.party_id
"""
LIST: Final = """
    INSERT INTO matching_push (party_id, offer_key, year, offer_version_id, topic, fit, state, listed_at)
    SELECT party, %(key)s, %(year)s, %(version)s, %(topic)s, 'meets', 'waiting', %(now)s
    FROM unnest(%(parties)s::bigint[]) AS party
    ON CONFLICT DO NOTHING
"""
# Who no longer meets the offer is not told that he does.
UNLIST: Final = """
    DELETE FROM matching_push
    WHERE offer_key = %(key)s AND year = %(year)s AND state = 'waiting' AND fit = 'meets'
    AND party_id NOT IN (SELECT unnest(%(parties)s::bigint[]))
"""
# What a person sends goes first, then the oldest; of each enterprise no more than there is room for.
DUE: Final = f"""
    WITH ranked AS (
        SELECT who.id, who.send_id IS NULL AS by_itself, who.listed_at,
               coalesce(week.number, 0) + row_number() OVER (
                   PARTITION BY who.party_id ORDER BY who.send_id IS NULL, who.listed_at, who.id
               ) AS place
        FROM matching_push who {WISHES}
        WHERE who.state = 'waiting' AND who.year = %(year)s AND who.offer_key = ANY(%(keys)s)
        AND {TURN} = '{Turn.NOW}'
    ), chosen AS (
        SELECT id FROM ranked WHERE place <= %(most)s ORDER BY by_itself, listed_at, id LIMIT %(batch)s
    )
    UPDATE matching_push p SET state = 'sent', sent_at = %(now)s FROM chosen
    WHERE p.id = chosen.id AND p.state = 'waiting'
    RETURNING p.id, p.party_id, p.offer_key, p.offer_version_id, p.fit
"""  # noqa: S608 - put together from the constants of this file


@dataclass(frozen=True)
class Sent:
    """A push that is sent in this transaction."""

    id: int
    party_id: int
    offer_key: str
    offer_version_id: int
    fit: str


def at_this_moment() -> dict[str, Any]:
    """What `TURN` and `WISHES` ask of the moment."""
    now = clock.now()
    return {"now": now, "year": now.year, "hour": now.hour, "since": now - WITHIN, "most": MOST}


def list_matches(versions: Sequence[OfferVersion]) -> int:
    """Put everybody who certainly meets these offers on the list of pushes; returns how many are new.

    Offers that are not for the enterprise itself are told to nobody: no data says who runs a park.
    """
    added = 0
    now = clock.now()
    for version in versions:
        if standard_of(version).beneficiary != "enterprise":
            continue
        values: dict[str, Any] = {
            "key": version.offer.key,
            "year": now.year,
            "version": version.pk,
            "topic": version.department_kind,
            "now": now,
            "parties": matched_parties(version),
        }
        with connection.cursor() as cursor:
            cursor.execute(UNLIST, values)
            cursor.execute(LIST, values)
            added += cursor.rowcount
    return added


def is_quiet(at: datetime) -> bool:
    """Whether nobody is told of anything at this moment."""
    hour = at.astimezone(clock.BEIJING).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def take_due() -> list[Sent]:
    """Mark as sent what may be sent now, within the transaction of the caller, who writes the messages.

    One process at a time counts what each enterprise was told; nothing at night, and nothing of offers that have
    ended since they were listed.
    """
    assert connection.in_atomic_block, "the messages must be written in the same transaction"
    if is_quiet(clock.now()):
        return []
    keys = [one.offer.key for one in policies.offers_in_force(clock.today())]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('matching.push'))")
        cursor.execute(DUE, {**at_this_moment(), "keys": keys, "batch": BATCH})
        return [Sent(*row) for row in cursor.fetchall()]


def mark_viewed(party_id: int, offer_keys: Collection[str]) -> None:
    """The enterprise has looked at these offers; the first time counts."""
    Push.objects.filter(
        party_id=party_id, offer_key__in=offer_keys, sent_at__isnull=False, viewed_at=None
    ).update(viewed_at=clock.now())
