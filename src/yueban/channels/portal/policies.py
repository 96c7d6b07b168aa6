"""惠企政策 for everybody: search, the plain page of an offer with the original words, and the calculator."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.portal.policy_view import (
    benefit_lines,
    condition_rows,
    fields_of,
    money_text,
    offer_facts,
    typed_of,
    way_word,
    words_of,
)
from yueban.channels.portal.standing import parties_of
from yueban.channels.shared.cited import shows_cited
from yueban.channels.shared.english import named
from yueban.channels.shared.paging import query_without_page
from yueban.divisions import selectors as divisions
from yueban.flows import offers_for, push_offers
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.actor import Actor, PartyHeld
from yueban.parties.choices import PartyKind
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

MAX_TEXT, PAGE = 60, 12


def company_of(request: HttpRequest, actor: Actor) -> PartyHeld | None:
    """The enterprise that the person stands for here: the chosen one, else his first."""
    held = [one for one in parties_of(actor) if one.kind == PartyKind.ENTERPRISE and one.items is None]
    chosen = request.session.get("party")
    return next((one for one in held if one.number == chosen), held[0] if held else None)


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """Offers in force, found by their words and narrowed by the way they are redeemed."""
    text = request.GET.get("q", "").strip()[:MAX_TEXT]
    way = request.GET.get("way", "")
    versions = [one for one in policies.offers_in_force(clock.today()) if _has(one, text, way)]
    page = Paginator(versions, PAGE).get_page(request.GET.get("page"))
    places = divisions.full_names(one.offer.policy.division_code for one in page)
    rows = [_row(one, places) for one in page]
    context = {
        "page": page,
        "rows": rows,
        "query": query_without_page(request),
        "typed": {"q": text, "way": way},
        "ways": [("", _("全部")), *((way, way_word(way)) for way in offers_for.WAYS)],
        "company": company_of(request, actor_for(request)),
        "trail": [],
    }
    return render(request, "portal/policies.html", context)


def _has(version: OfferVersion, text: str, way: str) -> bool:
    if way and version.redemption != way:
        return False
    standard = policies.standard_of(version)
    searched = f"{version.name}{standard.summary}{version.offer.policy.title}{standard.name_en or ''}".lower()
    return all(word in searched for word in text.lower().split())


def _row(version: OfferVersion, places: Mapping[str, str]) -> dict[str, Any]:
    standard = policies.standard_of(version)
    return {
        "name": named(version.name, standard.name_en or ""),
        "summary": standard.summary,
        "href": reverse("portal:offer", args=[standard.key]),
        "way": way_word(version.redemption),
        "policy": version.offer.policy.title,
        "place": places[version.offer.policy.division_code],
    }


@shows_cited
@require_safe
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """One offer in plain words: whom it is for, what it gives, what is handed in, and the words it rests on."""
    version = policies.offer_by_key(key, clock.today())
    standard = policies.standard_of(version)
    actor = actor_for(request)
    company = company_of(request, actor)
    found = offers_for.one_for(actor, company.id, version) if company is not None else None
    if company is not None:
        push_offers.saw(actor, company.id, key)
    policy = version.offer.policy
    context = {
        "version": version,
        "standard": standard,
        "policy": policy,
        "place": divisions.full_name(policy.division_code),
        "title": named(version.name, standard.name_en or ""),
        "facts": offer_facts(version, standard),
        "benefits": benefit_lines(standard),
        "conditions": condition_rows(offers_for.tried(standard, {}).tree, {}),
        "words": words_of(version),
        "is_in_force": offers_for.is_in_force(version, clock.today()),
        "company": company,
        "found": found,
        "rows": condition_rows(found.assessment.tree, found.assessment.facts) if found else [],
        "amount": money_text(found.assessment.computed) if found else "",
        "trail": [(_("惠企政策"), reverse("portal:policies")), (version.name, "")],
    }
    return render(request, "portal/offer.html", context)


@require_safe
def calculator(request: HttpRequest, key: str) -> HttpResponse:
    """测算: typed figures in, conditions and amount out; nothing is kept, nobody signs in."""
    version = policies.offer_by_key(key, clock.today())
    standard = policies.standard_of(version)
    typed = typed_of(request.GET)
    values, wrong = offers_for.stated_values(standard, typed)
    result = offers_for.tried(standard, values) if typed and not wrong else None
    fields = fields_of(standard, typed, wrong)
    context = {
        "version": version,
        "title": named(version.name, standard.name_en or ""),
        "fields": fields,
        "errors": [(field.id, wrong[field.name]) for field in fields if field.name in wrong],
        "result": result,
        "rows": condition_rows(result.tree, {}) if result else [],
        "amount": money_text(result.computed) if result else "",
        "workings": result.computed.workings if result else (),
        "missing": offers_for.names_of(result.missing) if result else [],
        "trail": [
            (_("惠企政策"), reverse("portal:policies")),
            (version.name, reverse("portal:offer", args=[key])),
        ],
    }
    return render(request, "portal/calculator.html", context)
