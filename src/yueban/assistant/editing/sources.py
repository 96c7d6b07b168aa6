"""What the sources of a Q&A say: the units in use that its keys name, in every place where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from yueban.assistant.choices import Element
from yueban.assistant.models import Unit


@dataclass(frozen=True, slots=True)
class Source:
    """One unit beside the answer that rests on it."""

    key: str
    unit: str
    title: str
    text: str
    digest: str
    version: str
    division_code: str


def sources_of(keys: Iterable[str]) -> dict[str, list[Source]]:
    """The units of these keys in one query; a key of no place or part means all of them."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    named = Q(key__in=wanted)
    for key in {key for one in wanted for key in spellings(one)}:
        named |= Q(key=key) | Q(key__startswith=f"{key}@") | Q(key__startswith=f"{key}.")
        if "#" not in key:
            named |= Q(key__startswith=f"{key}#")
    found: dict[str, list[Source]] = {key: [] for key in wanted}
    rows = Unit.objects.filter(named, gone_in__isnull=True).exclude(element=Element.ANSWER)
    for unit in rows.order_by("key"):
        bases = bases_of(unit.key)
        for key in wanted:
            if bases & spellings(key):
                found[key].append(_source(key, unit))
    return found


def spellings(key: str) -> set[str]:
    """The keys that a source may stand for: a clause of a policy is named with or without its element."""
    head, _, part = key.partition("#")
    return {key, f"{head}#{Element.CLAUSE}.{part}"} if head.startswith("policy:") and part else {key}


def is_answer(unit: str) -> bool:
    """Whether a unit is a Q&A, on which no other rests."""
    return unit.partition("#")[2].partition(".")[0] == Element.ANSWER


def bases_of(unit: str) -> set[str]:
    """The keys by which a Q&A may name a unit: whole, without its place, without its part, the clause alone."""
    without_place = unit.partition("@")[0]
    head, mark, part = without_place.partition("#")
    element, _, rest = part.partition(".")
    clause = {f"{head}#{rest}"} if element == Element.CLAUSE and rest else set()
    return {unit, without_place, f"{head}{mark}{element}", head} | clause


def digests_of(found: dict[str, list[Source]]) -> dict[str, str]:
    """What the units said, by their own keys: kept with the signature."""
    return {one.unit: one.digest for rows in found.values() for one in rows}


def _source(key: str, unit: Unit) -> Source:
    content = unit.content
    sentences: Sequence[str] = content.get("sentences") or [content.get("text", "")]
    title = str(content.get("title") or content.get("name") or unit.subject)
    return Source(key, unit.key, title, "".join(sentences), unit.digest, unit.version, unit.division_code)
