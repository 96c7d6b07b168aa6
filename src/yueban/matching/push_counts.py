"""How pushes stand: of offers, of one send, and of enterprises that somebody means to tell; each in one question."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from yueban.kernel import clock
from yueban.matching.choices import Turn
from yueban.matching.errors import SendNotFound
from yueban.matching.models import Push, PushSend
from yueban.matching.pushing import TURN, WISHES, at_this_moment
from yueban.policies.models import OfferVersion

# Of these somebody is told now, or when his turn comes.
AT_ALL: Final = (Turn.NOW, Turn.QUIET, Turn.CAPPED)
NAMED: Final = 10
# Pushes, and by what they stand apart.
STANDING: Final = f"""
    SELECT {{by}}, {TURN} AS turn, count(*), count(who.viewed_at)
    FROM matching_push who {WISHES} WHERE {{where}} GROUP BY 1, 2
"""  # noqa: S608 - put together from constants
ASKED: Final = f"""
    SELECT who.party_id, {TURN} AS turn FROM (
        SELECT asked.party_id, %(topic)s::text AS topic, told.sent_at
        FROM unnest(%(parties)s::bigint[]) AS asked(party_id)
        LEFT JOIN matching_push told
            ON told.party_id = asked.party_id AND told.offer_key = %(key)s AND told.year = %(year)s
    ) who {WISHES}
"""  # noqa: S608 - put together from constants
TURNS: Final = f"""
    SELECT turn, count(*), (array_agg(party_id ORDER BY party_id))[1:{NAMED}] FROM ({ASKED}) found GROUP BY 1
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class Standing:
    """Of one offer in a year, or of one send: how many are listed, were told, have looked; why others wait."""

    listed: int = 0
    told: int = 0
    viewed: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        """How many want to be told of nothing, or of nothing by this agency."""
        return self.waiting.get(Turn.REFUSED, 0) + self.waiting.get(Turn.MUTED, 0)

    @property
    def held_back(self) -> int:
        """How many wait for another day of the week, or for the morning."""
        return self.waiting.get(Turn.CAPPED, 0) + self.waiting.get(Turn.QUIET, 0)

    @property
    def no_account(self) -> int:
        """How many nobody stands for here yet."""
        return self.waiting.get(Turn.NO_ACCOUNT, 0)

    @property
    def next_round(self) -> int:
        """How many are told in the next minutes."""
        return self.waiting.get(Turn.NOW, 0)


def standing_of(year: int, offer_keys: Collection[str]) -> dict[str, Standing]:
    """By offer; one question however many offers."""
    where = "who.year = %(year)s AND who.offer_key = ANY(%(keys)s)"
    found = _standing("who.offer_key", where, {"year": year, "keys": list(offer_keys)})
    return {key: found.get(key, Standing()) for key in offer_keys}


def standing_of_send(send: PushSend) -> Standing:
    """What has become of one send."""
    found = _standing("who.send_id", "who.send_id = %(send)s", {"send": send.pk})
    return found.get(send.pk, Standing())


def _standing(by: str, where: str, values: Mapping[str, Any]) -> dict[Any, Standing]:
    found: dict[Any, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING.format(by=by, where=where), {**at_this_moment(), **values})
        for one, turn, number, viewed in cursor.fetchall():
            kept = found.setdefault(one, {"listed": 0, "told": 0, "viewed": 0, "waiting": {}})
            kept["listed"] += number
            if turn == Turn.TOLD:
                kept["told"], kept["viewed"] = number, viewed
            else:
                kept["waiting"][turn] = number
    return {one: Standing(**kept) for one, kept in found.items()}


@dataclass(frozen=True)
class Turns:
    """Of enterprises that somebody means to tell of an offer: how many now, why not the others, a few of them."""

    total: int
    by_turn: Mapping[str, int]
    first: tuple[int, ...]

    @property
    def at_all(self) -> int:
        """How many are told, now or when their turn comes."""
        return sum(self.by_turn.get(turn, 0) for turn in AT_ALL)


def turns_of(version: OfferVersion, party_ids: Sequence[int]) -> Turns:
    """How these enterprises stand to being told of this offer; one question however many."""
    values = _asked(version, party_ids)
    with connection.cursor() as cursor:
        cursor.execute(TURNS, values)
        rows = {turn: (number, first) for turn, number, first in cursor.fetchall()}
    first = [one for turn in AT_ALL for one in rows.get(turn, (0, []))[1]]
    return Turns(len(party_ids), {turn: number for turn, (number, _) in rows.items()}, tuple(first[:NAMED]))


def may_ever_be_told(version: OfferVersion, party_ids: Sequence[int]) -> list[int]:
    """Those of them who are told now or when their turn comes, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, _asked(version, party_ids))
        found = {party for party, turn in cursor.fetchall() if turn in AT_ALL}
    return [party for party in party_ids if party in found]


def _asked(version: OfferVersion, party_ids: Sequence[int]) -> dict[str, Any]:
    topic, key = version.department_kind, version.offer.key
    return {**at_this_moment(), "topic": topic, "key": key, "parties": list(party_ids)}


def told_at(year: int, pairs: Collection[tuple[str, int]]) -> dict[tuple[str, int], datetime]:
    """When these enterprises were told of these offers, of those who were; one question."""
    keys, parties = {key for key, _ in pairs}, {party for _, party in pairs}
    rows = Push.objects.filter(
        year=year, offer_key__in=keys, party_id__in=parties, sent_at__isnull=False
    ).values_list("offer_key", "party_id", "sent_at")
    return {(key, party): at for key, party, at in rows if (key, party) in pairs and at is not None}


def told_to(party_id: int) -> QuerySet[Push]:
    """What an enterprise was told, the newest first, with the offers."""
    rows = Push.objects.filter(party_id=party_id, sent_at__isnull=False)
    return rows.select_related("offer_version__offer__policy").order_by("-sent_at", "-pk")


def sends_of(offer_key: str) -> QuerySet[PushSend]:
    """What people of the staff have sent of an offer, the newest first."""
    return PushSend.objects.filter(offer_key=offer_key).select_related("made_by").order_by("-made_at", "-pk")


def get_send(number: str) -> PushSend:
    """One send; raises SendNotFound."""
    rows = PushSend.objects.filter(number=number)
    found = rows.select_related("made_by", "offer_version__offer__policy__agency").first()
    if found is None:
        raise SendNotFound("没有这次推送。", hint="请从列表中重新选择。")
    return found


def this_year() -> int:
    """The year in which an enterprise is told of an offer once."""
    return clock.today().year
