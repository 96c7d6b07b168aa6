"""Asking data sources about a party: side by side, each question kept with what came of it, the party told."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from yueban.certificates.choices import ExchangeResult
from yueban.certificates.connectors.calling import Connector, Reply, ask_all
from yueban.certificates.connectors.registry import DataSource, connector_of, ladder
from yueban.certificates.models import Exchange
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.data_share import Question
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties_read
from yueban.parties import services as parties
from yueban.parties.models import Party


@dataclass(frozen=True, kw_only=True)
class Matter:
    """For which matter it is asked, and why: what the source and the person are told."""

    reference: Reference
    item_key: str
    item_name: str
    division_code: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What one material needs to know: of which source, about what."""

    material_key: str
    source: str
    subject: str


def ask(*, party: Party, matter: Matter, wanted: Sequence[Wanted], actor: Actor) -> list[Exchange]:
    """Ask for every material whose source can be asked; never raises for what a source does.

    Nothing is locked while it is asked. Every question stands in 谁查过我的数据, answered or not.
    """
    stated, id_number = ladder(), parties_read.id_number_of(party)
    calls: list[tuple[Connector, Question]] = []
    rows: list[tuple[DataSource, Wanted]] = []
    for one in wanted:
        source = stated.find(one.source)
        connector = connector_of(source) if source is not None else None
        if source is None or connector is None:
            continue
        rows.append((source, one))
        calls.append((connector, _question(party, id_number, matter, one)))
    replies = ask_all(calls)
    exchanges = [
        _exchange(party, matter, one, source, (question, reply))
        for (source, one), (_, question), reply in zip(rows, calls, replies, strict=True)
    ]
    Exchange.objects.bulk_create(exchanges)
    for exchange in exchanges:
        parties.record_look(
            party=party,
            actor=actor,
            what=[f"向{exchange.source}查询：{exchange.asked}"],
            purpose=exchange.purpose,
            reference=matter.reference,
        )
    return exchanges


def _question(party: Party, id_number: str, matter: Matter, one: Wanted) -> Question:
    return Question(
        request=f"EX{secrets.token_hex(14)}",
        source=one.source,
        item=matter.item_key,
        purpose=f"办理{matter.item_name}"[:200],
        asked=one.subject[:200],
        id_kind=party.id_kind,
        id_number=id_number,
        name=party.name,
    )


def _exchange(
    party: Party, matter: Matter, one: Wanted, source: DataSource, said: tuple[Question, Reply]
) -> Exchange:
    question, reply = said
    answer = reply.answer
    return Exchange(
        number=question.request,
        connector=source.key,
        source=source.source,
        agency_kind=source.agency_kind,
        party=party,
        reference_kind=matter.reference.kind,
        reference_number=matter.reference.number,
        material_key=one.material_key,
        item_key=matter.item_key,
        division_code=matter.division_code,
        asked=question.asked,
        purpose=question.purpose,
        result=answer.result.value if answer else ExchangeResult.FAILED,
        fault=str(reply.fault or ""),
        answer_digest=answer.digest if answer else "",
        tries=reply.tries,
        ms=reply.ms,
        asked_at=clock.now(),
    )
