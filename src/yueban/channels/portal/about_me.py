"""我的家人、我的信息、谁查过我的数据: what the platform knows of a person, and who has looked at it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.certificates import selectors as certificates
from yueban.channels.portal.session import signed_in
from yueban.channels.portal.standing import party_from
from yueban.channels.shared.english import named
from yueban.channels.shared.fields import masked_as
from yueban.channels.shared.paging import page_of
from yueban.channels.shared.templatetags import chinese_dates
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.flows.identify import actor_for
from yueban.kernel import masking, roles
from yueban.parties import selectors as parties
from yueban.parties.choices import Kin, Relation

MOST_OBJECTIONS = 50


@dataclass(frozen=True)
class FactLine:
    """One thing that is known: its name, its value as it may be shown, who says so and since when."""

    name: str
    value: str
    source: str
    as_of: date
    code: str = ""
    is_disputed: bool = False


@signed_in
@require_GET
def family(request: HttpRequest) -> HttpResponse:
    """The relatives the registers know of, and for which of them the person may act."""
    actor = actor_for(request)
    own = [party.id for party in actor.parties if party.relation == Relation.SELF]
    guarded = {party.id: party for party in actor.parties if party.relation == Relation.GUARDIAN}
    rows = [
        {
            "kin": kin,
            "word": _(str(Kin(kin.relation).label)),
            "standing": guarded.get(kin.relative_id),
            "is_of_age": kin.relation == Kin.CHILD and kin.relative_id not in guarded,
        }
        for party_id in own
        for kin in parties.kin_of(party_id)
    ]
    return render(request, "portal/family.html", {"rows": rows})


@signed_in
@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Who of the staff has looked at the person's data, when, at what and why; and each use of a certificate."""
    actor = actor_for(request)
    if request.GET.get("kind") == "uses":
        page = page_of(request, certificates.uses_visible_to(actor))
        return render(request, "portal/looks.html", {"page": page, "kind": "uses", "query": "kind=uses&"})
    page = page_of(request, parties.looks_visible_to(actor))
    for look in page.object_list:
        look.role_name = roles.NAMES.get(look.role, "")
        look.is_own_case = look.reference_kind == "case" and look.party_id in actor.party_ids
    return render(request, "portal/looks.html", {"page": page, "kind": "looks", "query": ""})


@signed_in
@require_GET
def facts(request: HttpRequest) -> HttpResponse:
    """What is known of the person or the company he stands for, each with source and date."""
    party = party_from(request)
    context: dict[str, Any] = {"party": party, "lines": [], "objections": []}
    if party is not None:
        context["lines"] = fact_lines(parties.known_facts(party.id), certificates.disputed(party.id))
        context["objections"] = list(certificates.objections_of([party.id])[:MOST_OBJECTIONS])
    return render(request, "portal/facts.html", context)


def fact_lines(
    known: Mapping[str, parties.KnownFact], disputed: Collection[tuple[str, str]] = ()
) -> list[FactLine]:
    """The known facts in the words of the dictionary, numbers masked; a place by its name."""
    dictionary = elements.dictionary()
    codes = [str(fact.value) for fact in known.values() if str(fact.value).isdigit()]
    places = divisions.divisions_named(codes)
    found = []
    for code, fact in known.items():
        row = dictionary.elements.get(code)
        if row is None:
            continue
        names = {entry.code: named(entry.name, entry.name_en) for entry in dictionary.codes_of(code)}
        text = _text(fact.value, names)
        if row.type == "division" and text in places:
            text = places[text].name
        if row.type == "date":
            text = _day(text)
        mask = masked_as(str(row.format or ""), str(row.sensitivity))
        shown = masking.mask(mask, text) if mask else text
        is_disputed = (fact.source, code) in disputed
        name = _own(named(row.name, row.name_en))
        found.append(FactLine(name, shown, fact.source, fact.as_of, code, is_disputed))
    return sorted(found, key=lambda line: line.source)


def _day(text: str) -> str:
    try:
        return chinese_dates.han_date(date.fromisoformat(text))
    except ValueError:
        return text


def _own(name: str) -> str:
    """The name of a fact as the person it is about reads it: his name is no 经办人姓名 to him."""
    return name.removeprefix("经办人")


def _text(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_text(one, names) for one in value)
    return names.get(str(value), str(value))
