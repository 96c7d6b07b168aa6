"""画像: what sources say of an enterprise, put together by the rank of the sources; what has expired is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import Func, Q, Value

from yueban.elements import selectors as elements
from yueban.elements.choices import Sensitivity
from yueban.expressions import ABSENT
from yueban.expressions.errors import FactInvalid
from yueban.expressions.values import is_unknown, read
from yueban.expressions.vocabulary import FactKind, FactType
from yueban.kernel.changes import Changes
from yueban.kernel.rows import Line, Row
from yueban.parties.choices import FactMethod, PartyKind
from yueban.parties.derived_facts import basis_of, derive
from yueban.parties.errors import FactsInvalid
from yueban.parties.models import EnterpriseFacts, FactSource, Party

PREFIX: Final = "enterprise."
DERIVED_SOURCE: Final = "按已知信息推算"
OPEN: Final = frozenset({Sensitivity.PUBLIC, Sensitivity.INTERNAL})
NUMBERS: Final = frozenset({FactKind.DECIMAL, FactKind.MONEY})
NEXT_EDITION: Final = Func(Value("parties_facts_edition"), function="nextval")
# A source that the city has not ranked is believed after all others.
LAST_RANK: Final = 32_000


@dataclass(frozen=True, slots=True)
class Known:
    """One fact as it stands: a value, or ABSENT, and who says so."""

    value: Any
    source: str
    as_of: date
    expires_on: date | None = None
    confidence: int = 100
    method: str = FactMethod.IMPORT
    is_authoritative: bool = True
    basis: tuple[str, ...] = ()
    """The facts it was worked out from."""


@dataclass(frozen=True, slots=True)
class FactsChange:
    """What a write of facts changed; nothing where the source said the same before."""

    party_id: int
    source: str
    elements: tuple[str, ...]
    edition: int


class FactSourceRow(Row):
    """A source as the city pack states it."""

    name: Line
    rank: int
    authoritative: bool = True


def facts_of(party_id: int, on: date) -> dict[str, Known]:
    """Every known fact of an enterprise on a day, what follows from them included; the unknown is left out."""
    return facts_of_many([party_id], on)[party_id]


def facts_of_many(party_ids: Collection[int], on: date) -> dict[int, dict[str, Known]]:
    """The same of many, in two questions however many they are."""
    sources = {row.name: row for row in FactSource.objects.all()}
    rows = EnterpriseFacts.objects.filter(party_id__in=party_ids)
    by_party: dict[int, list[EnterpriseFacts]] = {one: [] for one in party_ids}
    for row in rows.filter(Q(expires_on=None) | Q(expires_on__gte=on)):
        by_party[row.party_id].append(row)
    return {party_id: _merged(of_one, sources, on) for party_id, of_one in by_party.items()}


def plain(known: Mapping[str, Known]) -> dict[str, Any]:
    """The values as rules are given them."""
    return {code: one.value for code, one in known.items()}


def _merged(rows: Iterable[EnterpriseFacts], sources: Mapping[str, FactSource], on: date) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for row in believed_first(rows, sources):
        source = sources.get(row.source)
        for code, raw in row.facts.items():
            if raw is None or code in found:
                continue
            found[code] = Known(
                value=from_json(raw),
                source=row.source,
                as_of=row.as_of,
                expires_on=row.expires_on,
                confidence=row.confidence,
                method=row.method,
                is_authoritative=source is not None and source.is_authoritative,
            )
    return found | _worked_out(found, on)


def believed_first(
    rows: Iterable[EnterpriseFacts], sources: Mapping[str, FactSource]
) -> list[EnterpriseFacts]:
    """By the rank of the source, of equal rank the later word first."""

    def place(row: EnterpriseFacts) -> tuple[int, int, str]:
        source = sources.get(row.source)
        return (source.rank if source else LAST_RANK, -row.as_of.toordinal(), row.source)

    return sorted(rows, key=place)


def from_json(raw: Any) -> Any:
    """A stored value as rules take it."""
    return ABSENT if isinstance(raw, dict) else raw


def _worked_out(known: Mapping[str, Known], on: date) -> dict[str, Known]:
    """What follows is as old as the oldest, holds as long as the shortest, is as sure as the least of its basis."""
    values = plain(known)
    found = {}
    for code, value in derive(values, on).items():
        basis = tuple(one for one in basis_of(code, values) if one in known)
        rests_on = [known[one] for one in basis]
        found[code] = Known(
            value=value,
            source=DERIVED_SOURCE,
            as_of=min(one.as_of for one in rests_on),
            expires_on=min((one.expires_on for one in rests_on if one.expires_on), default=None),
            confidence=min(one.confidence for one in rests_on),
            method=FactMethod.RULE,
            is_authoritative=all(one.is_authoritative for one in rests_on),
            basis=basis,
        )
    return found


@transaction.atomic
def save_enterprise_facts(
    *,
    party: Party,
    source: str,
    facts: Mapping[str, Any],
    as_of: date,
    expires_on: date | None = None,
    confidence: int = 100,
    method: str = FactMethod.IMPORT,
) -> FactsChange:
    """Replace what one source says of an enterprise; the same again changes nothing. Raises FactsInvalid.

    Whoever calls this tells matching of the change (flows/enterprise_facts.py does).
    """
    if party.kind != PartyKind.ENTERPRISE:
        raise FactsInvalid("企业画像只记企业的信息。", hint="个人的信息请写入其档案。")
    if expires_on is not None and expires_on < as_of:
        raise FactsInvalid("失效日期早于数据日期。", hint="请改正日期。")
    if not 0 <= confidence <= 100:
        raise FactsInvalid("置信度应在0到100之间。", hint="请改正。")
    kept = checked_facts(facts)
    standing = EnterpriseFacts.objects.select_for_update().filter(party=party, source=source).first()
    wanted = {
        "facts": kept,
        "as_of": as_of,
        "expires_on": expires_on,
        "confidence": confidence,
        "method": str(method),
    }
    if standing is None:
        row = EnterpriseFacts.objects.create(party=party, source=source, **wanted)
        return FactsChange(party.pk, source, tuple(sorted(kept)), row.edition)
    if all(getattr(standing, name) == value for name, value in wanted.items()):
        return FactsChange(party.pk, source, (), standing.edition)
    before = standing.facts
    EnterpriseFacts.objects.filter(pk=standing.pk).update(**wanted, edition=NEXT_EDITION)
    standing.refresh_from_db(fields=["edition"])
    dates_moved = (standing.as_of, standing.expires_on) != (as_of, expires_on)
    changed = {
        code for code in before.keys() | kept.keys() if dates_moved or before.get(code) != kept.get(code)
    }
    return FactsChange(party.pk, source, tuple(sorted(changed)), standing.edition)


def checked_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they are stored: known elements, values of their types; raises FactsInvalid with every mistake."""
    dictionary = elements.dictionary()
    found, problems = {}, {}
    for code, raw in facts.items():
        row = dictionary.elements.get(code)
        if row is None or not code.startswith(PREFIX):
            problems[code] = f"没有企业画像的数据元“{code}”。"
        elif row.sensitivity not in OPEN:
            problems[code] = f"“{row.name}”是个人信息，不记在企业画像里。"
        else:
            try:
                found[code] = to_json(raw, dictionary.vocabulary.get_fact(code))
            except FactInvalid as error:
                problems[code] = str(error)
    if problems:
        raise FactsInvalid.of_fields(problems, "企业画像有几项不能记录。")
    return found


def to_json(raw: Any, fact: FactType) -> Any:
    """A value as it is stored; raises FactInvalid."""
    if raw is ABSENT or raw == {"absent": True}:
        return {"absent": True}
    if is_unknown(raw):
        return None
    value = read(raw, fact)
    if isinstance(value, frozenset):
        return _known_codes(sorted(with_broader(value)), fact)
    if isinstance(value, date):
        return value.isoformat()
    if fact.kind in NUMBERS:
        assert not isinstance(value, str | bool)
        return int(value) if value == int(value) else float(value)
    return _known_codes([value], fact)[0] if fact.kind is FactKind.CODE else value


def with_broader(codes: Iterable[str]) -> frozenset[str]:
    """``smart-factory.provincial`` is a ``smart-factory`` too."""
    parts = [code.split(".") for code in codes]
    return frozenset(".".join(part[:end]) for part in parts for end in range(1, len(part) + 1))


def _known_codes(codes: list[Any], fact: FactType) -> list[Any]:
    wrong = [code for code in codes if fact.codes and code not in fact.codes]
    if wrong:
        raise FactInvalid(f"“{fact.name}”没有代码“{'、'.join(wrong)}”。", hint="请按代码表改正。")
    return codes


def save_fact_sources(*, rows: Sequence[FactSourceRow]) -> Changes:
    """The city's sources with their ranks; those it no longer names stay, believed last."""
    stored = {row.name: row for row in FactSource.objects.all()}
    created = changed = 0
    for row in rows:
        wanted = (row.rank, row.authoritative)
        found = stored.get(row.name)
        if found is None:
            FactSource.objects.create(name=row.name, rank=row.rank, is_authoritative=row.authoritative)
            created += 1
        elif (found.rank, found.is_authoritative) != wanted:
            found.rank, found.is_authoritative = wanted
            found.save(update_fields=["rank", "is_authoritative"])
            changed += 1
    return Changes(created, changed, len(rows) - created - changed)
