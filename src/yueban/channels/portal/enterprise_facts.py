"""企业画像: what the city knows of an enterprise, from whom, as of when and until when, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.certificates import selectors as certificates
from yueban.channels.portal.about_me import FactLine
from yueban.channels.portal.session import signed_in
from yueban.channels.portal.standing import party_from
from yueban.channels.shared.english import is_english, listed, named
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.elements.selectors import Dictionary
from yueban.expressions import ABSENT, FactKind, Truth
from yueban.expressions.text import value_text
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.actor import PartyHeld
from yueban.parties import tags
from yueban.parties.choices import PartyKind
from yueban.parties.enterprise_facts import Known, facts_of, plain
from yueban.parties.selectors import KnownFact

MOST_OBJECTIONS = 50


@dataclass(frozen=True)
class Line:
    """One fact: its name, its value in words, how it was worked out, and whether it is disputed."""

    code: str
    name: str
    value: str
    basis: str = ""
    is_disputed: bool = False


@dataclass(frozen=True)
class Group:
    """What one source says, as of a day, through a day."""

    source: str
    as_of: date
    expires_on: date | None
    lines: list[Line]


@signed_in
@require_GET
def enterprise_facts(request: HttpRequest) -> HttpResponse:
    """The facts and labels of the enterprise that the person stands for."""
    party = enterprise_from(request)
    if party is None:
        return render(request, "portal/enterprise_facts.html", {"party": None})
    known = facts_of(party.id, clock.today())
    dictionary = elements.dictionary()
    held = tags.tags_held(plain(known), dictionary.vocabulary)
    context = {
        "party": party,
        "groups": _groups(known, dictionary, certificates.disputed(party.id)),
        "derived": [_line(code, one, known, dictionary) for code, one in known.items() if one.basis],
        "tags": [_tag(one, dictionary) for one in held if one.value is Truth.TRUE],
        "open_tags": [_tag(one, dictionary) for one in held if one.value is Truth.UNKNOWN],
        "objections": list(certificates.objections_of([party.id])[:MOST_OBJECTIONS]),
    }
    return render(request, "portal/enterprise_facts.html", context)


def enterprise_from(request: HttpRequest) -> PartyHeld | None:
    """The enterprise that was chosen for the visit, else the first that is wholly the person's to stand for."""
    chosen = party_from(request)
    candidates = [chosen] if chosen is not None else []
    for party in (*candidates, *actor_for(request).parties):
        if party.kind == PartyKind.ENTERPRISE and party.items is None:
            return party
    return None


def line_of(code: str, known: KnownFact) -> FactLine:
    """One fact alone, as the page of an objection shows it."""
    dictionary = elements.dictionary()
    value = value_words(code, known.value, dictionary)
    return FactLine(_name(code, dictionary), value, known.source, known.as_of, code)


def value_words(code: str, value: Any, dictionary: Dictionary) -> str:
    """A value as the enterprise reads it."""
    fact = dictionary.vocabulary.get_fact(code)
    if value is ABSENT or value == []:
        return _("没有")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if fact.kind is FactKind.DIVISION:
        return next((row.name for row in divisions.divisions_named([value]).values()), value)
    if not is_english():
        return value_text(value, fact)
    names = {entry.code: entry.name_en or entry.name for entry in dictionary.codes_of(code)}
    if isinstance(value, list):
        return listed(names[one] if one in names else str(one) for one in value)
    if isinstance(value, int | float):
        number = f"{value:,.4f}".rstrip("0").rstrip(".")
        return (
            f"CNY {number}" if fact.kind is FactKind.MONEY else f"{number}{'%' if fact.unit == '%' else ''}"
        )
    return names[value] if value in names else str(value)


def _groups(
    known: Mapping[str, Known], dictionary: Dictionary, disputed: Collection[tuple[str, str]]
) -> list[Group]:
    """By source, in the order in which they are believed."""
    found: dict[str, Group] = {}
    for code, one in known.items():
        if one.basis or code not in dictionary.elements:
            continue
        group = found.setdefault(one.source, Group(one.source, one.as_of, one.expires_on, []))
        is_disputed = (one.source, code) in disputed
        group.lines.append(_line(code, one, known, dictionary, is_disputed=is_disputed))
    return list(found.values())


def _line(
    code: str, one: Known, known: Mapping[str, Known], dictionary: Dictionary, *, is_disputed: bool = False
) -> Line:
    parts = [
        f"{_name(part, dictionary)} {value_words(part, known[part].value, dictionary)}" for part in one.basis
    ]
    value = value_words(code, one.value, dictionary)
    return Line(code, _name(code, dictionary), value, listed(parts), is_disputed=is_disputed)


def _name(code: str, dictionary: Dictionary) -> str:
    row = dictionary.elements.get(code)
    return named(row.name, row.name_en) if row else code


def _tag(one: tags.Held, dictionary: Dictionary) -> dict[str, str]:
    return {
        "name": named(one.name, one.name_en),
        "sentence": one.sentence,
        "facts": listed(_name(code, dictionary) for code in one.facts),
    }
