"""推送任务: an offer told to a choice of enterprises on the word of a person; listed part by part, told by turns."""

import secrets
from typing import Final

from django.db import connection, transaction

from yueban.kernel import clock
from yueban.matching.models import PushSend
from yueban.matching.push_counts import may_ever_be_told
from yueban.matching.segments import Choice, chosen_parties, rule_of
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

CHUNK: Final = 5_000
ADD: Final = """
    INSERT INTO matching_push AS known
        (party_id, offer_key, year, offer_version_id, topic, fit, send_id, state, listed_at)
    SELECT party, %(key)s, %(year)s, %(version)s, %(topic)s, %(fit)s, %(send)s, 'waiting', %(now)s
    FROM unnest(%(parties)s::bigint[]) AS party
    ON CONFLICT (party_id, offer_key, year) DO UPDATE
    SET send_id = excluded.send_id, fit = excluded.fit, offer_version_id = excluded.offer_version_id
    WHERE known.state = 'waiting' AND known.send_id IS NULL
"""


@transaction.atomic
def begin_send(version: OfferVersion, choice: Choice, *, user_id: int, key: str) -> tuple[PushSend, bool]:
    """Keep what is to be sent, and whether it is new: the same click again finds what the first one made."""
    rule_of(choice)
    return PushSend.objects.get_or_create(
        made_by_id=user_id,
        key=key or secrets.token_hex(16),
        defaults={
            "number": f"TS{clock.today():%Y%m%d}{secrets.token_hex(4).upper()}",
            "offer_key": version.offer.key,
            "offer_version": version,
            "made_at": clock.now(),
            "chosen": choice.to_json(),
        },
    )


def carry_out_send(number: str) -> None:
    """Put the chosen on the list of pushes, part by part; killed, it begins anew and lists nobody twice."""
    send = PushSend.objects.filter(number=number, done_at=None).first()
    if send is None:
        return
    version = policies.offer_version(send.offer_version_id)
    choice = Choice.of(send.chosen)
    parties = may_ever_be_told(version, chosen_parties(version, choice))
    send.total, send.listed = len(parties), 0
    send.save(update_fields=["total", "listed"])
    for start in range(0, len(parties), CHUNK):
        part = parties[start : start + CHUNK]
        with transaction.atomic():
            _add(send, version, choice.fit, part)
            send.listed = start + len(part)
            send.save(update_fields=["listed"])
    send.done_at = clock.now()
    send.save(update_fields=["done_at"])


def _add(send: PushSend, version: OfferVersion, fit: str, parties: list[int]) -> None:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            ADD,
            {
                "key": send.offer_key,
                "year": now.year,
                "version": version.pk,
                "topic": version.department_kind,
                "fit": fit,
                "send": send.pk,
                "now": now,
                "parties": parties,
            },
        )
