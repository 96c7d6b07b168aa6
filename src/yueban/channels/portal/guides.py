"""The guide of an item and its situation questions."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from yueban.cases import selectors as cases
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.materials import PlannedMaterial
from yueban.catalogue.models import ItemVersion
from yueban.channels.portal.items import Link
from yueban.channels.portal.places import chosen_division, places_html
from yueban.channels.portal.standing import chosen_party, standing_word
from yueban.channels.shared.english import is_english, named
from yueban.channels.shared.guide_view import answer_text, guide_context, material_lines, question_context
from yueban.channels.shared.kept import KEPT, kept_page
from yueban.channels.shared.proofs import planned_counts
from yueban.channels.shared.templatetags import chinese_dates
from yueban.expressions import Truth
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.actor import Actor, PartyHeld


@require_GET
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about an item before one applies; kept, but for what is open now and what is the person's."""
    here = chosen_division(request)
    offers = catalogue.offers_of(key, here)
    version_id = offers[0].version_id
    return kept_page(
        request,
        tuple(offers),
        lambda: render_to_string("portal/guide.html", _guide(request, version_id), request),
        {"places": lambda: places_html(version_id, here)},
    )


def _guide(request: HttpRequest, version_id: int) -> dict[str, Any]:
    version = catalogue.get_version(version_id)
    compiled = version.compiled
    start = reverse("portal:situation", args=[version.item.key]) + _place(request)
    return {
        KEPT: True,
        **guide_context(version, start=start),
        "windows": () if _division(request) else compiled.guide.windows,
        "others": _places(version),
        "trail": [(_("办事"), reverse("portal:items")), (_name(compiled), "")],
    }


def _name(compiled: Compiled) -> str:
    return named(compiled.guide.name, compiled.guide.name_en)


def _division(request: HttpRequest) -> str | None:
    return chosen_division(request) or None


def _place(request: HttpRequest) -> str:
    """The chosen place, kept in the addresses of a page."""
    division = request.GET.get("division", "") and chosen_division(request)
    return f"?division={division}" if division else ""


def _places(version: ItemVersion) -> list[Link]:
    rows = catalogue.adopters_of(version.item.key)
    if len(rows) < 2:
        return []
    return [
        Link(
            named(row.agency.division.name, row.agency.division.name_en),
            f"{reverse('portal:guide', args=[version.item.key])}?division={row.agency.division.code}",
            is_current=row.pk == version.pk,
        )
        for row in rows
    ]


@require_GET
def situation(request: HttpRequest, key: str) -> HttpResponse:
    """One question a screen; the answers so far are in the address, so back, share and reload just work."""
    version = catalogue.get_published(key, _division(request))
    compiled = version.compiled
    questions = compiled.situations.questions
    given = {name: request.GET[name] for name in questions if request.GET.get(name)}
    path = catalogue.walk(compiled, given)
    fixed = [("division", _division(request))] if "division" in request.GET else []
    answers = list(path.answers.items())
    context: dict[str, Any] = {
        "version": version,
        "guide": compiled.guide,
        "kept": [*fixed, *answers],
        "answered": _answered(key, compiled, fixed, answers),
        "place": _place(request),
        "trail": [
            (_("办事"), reverse("portal:items")),
            (_name(compiled), reverse("portal:guide", args=[key]) + _place(request)),
        ],
    }
    if path.question is not None:
        asked = path.question
        is_unanswered = request.GET.get("asked") == asked.key
        context |= question_context(compiled, asked.key, len(answers) + 1, is_unanswered=is_unanswered)
        context["back"] = _address(key, [*fixed, *answers[:-1]]) if answers else ""
        return render(request, "portal/situation.html", context)
    context |= _outcome(actor_for(request), compiled, path, version)
    context["parties"] = _choices(context["parties"], chosen_party(request))
    return render(request, "portal/situation.html", context)


def _choices(may_apply: list[PartyHeld], chosen: PartyHeld | None) -> list[dict[str, Any]]:
    """For whom one can apply, each with what one is to him; first picked is the one chosen for this visit."""
    picked = chosen if chosen in may_apply else next(iter(may_apply), None)
    return [
        {"id": one.id, "name": one.name, "word": standing_word(one), "is_picked": one == picked}
        for one in may_apply
    ]


def _address(key: str, pairs: list[tuple[str, str | None]]) -> str:
    query = urlencode([(name, value) for name, value in pairs if value])
    return reverse("portal:situation", args=[key]) + (f"?{query}" if query else "")


def _answered(
    key: str, compiled: Compiled, fixed: list[tuple[str, str | None]], answers: list[tuple[str, str]]
) -> list[dict[str, str]]:
    """Each answer with what it changed and the way to change it."""
    found = []
    before = cases.expected_materials(compiled, {})
    for position, (name, value) in enumerate(answers):
        path = catalogue.walk(compiled, dict(answers[: position + 1]))
        after = cases.expected_materials(compiled, path.facts)
        question = compiled.situations.questions[name]
        chosen = next(option for option in question.options if answer_text(option.value) == value)
        label = named(chosen.label, chosen.label_en)
        change = _address(key, [*fixed, *answers[:position]])
        text = named(question.text, question.text_en)
        found.append({"text": text, "label": label, "effect": _effect(before, after), "change": change})
        before = after
    return found


def _effect(before: list[PlannedMaterial], after: list[PlannedMaterial]) -> str:
    """材料 −2, or 要交：… where a doubtful material has become sure."""
    fewer = len(before) - len(after)
    if fewer > 0:
        return _("材料 −%(n)s") % {"n": fewer}
    open_before = {one.material.key for one in before if one.need is Truth.UNKNOWN}
    sure = [one for one in after if one.material.key in open_before and one.need is Truth.TRUE]
    if sure:
        names = [named(one.material.name, one.material.name_en) for one in sure[:3]]
        return _("要：%(names)s") % {"names": (", " if is_english() else "、").join(names)}
    return ""


OUTCOME_WORDS = {
    "proceed": gettext_noop("可以办"),
    "not_needed": gettext_noop("不用办"),
    "not_eligible": gettext_noop("现在还不能办"),
    "elsewhere": gettext_noop("要到别处办"),
}


def _outcome(actor: Actor, compiled: Compiled, path: Any, version: ItemVersion) -> dict[str, Any]:
    outcome = path.outcome
    elsewhere = None
    if outcome.item:
        other = catalogue.find_published(outcome.item)
        if other is not None:
            elsewhere = Link(named(other.name, other.name_en), reverse("portal:guide", args=[outcome.item]))
    headings: Mapping[str, str] = {
        "proceed": _("您可以在网上办理“%(name)s”"),
        "not_needed": _("按您的情况，不用办“%(name)s”"),
        "not_eligible": _("按您的情况，现在还不能办“%(name)s”"),
        "elsewhere": _("按您的情况，不在这里办"),
    }
    heading = headings[outcome.kind]
    parties = [party for party in actor.parties if _may_apply(version, party)]
    held = cases.holdings_of(actor.parties, parties[0].id) if len(parties) == 1 else None
    hint = _("您的回答都还在，换了账号登录后接着办。")
    if outcome.kind == "proceed" and actor.is_signed_in and not parties:
        heading = _wrong_account(version)
        if any(_is_meant(version, party) for party in actor.parties):
            heading = _("可以办，但给您的授权里没有这个事项")
            hint = _("请委托人在“授权”里再授权您办这个事项，您的回答到时重新选一遍即可。")
    planned = cases.expected_materials(compiled, path.facts, held)
    return {
        "outcome": outcome,
        "counts": planned_counts(planned),
        "outcome_word": _(OUTCOME_WORDS[outcome.kind]),
        "outcome_heading": heading % {"name": _name(compiled)} if "%" in heading else heading,
        "elsewhere": elsewhere,
        "materials": material_lines(planned),
        "parties": parties,
        "closed": _closed(compiled) if outcome.kind == "proceed" else "",
        "wrong_party": hint,
    }


def _closed(compiled: Compiled) -> str:
    """What to say outside the periods in which applications are taken; empty when they are taken."""
    today = clock.today()
    if catalogue.is_intake_open(compiled, today):
        return ""
    coming = catalogue.find_next_period(compiled, today)
    if coming is None:
        return _("现在不在受理时段内。可以先填好存着，时段公布后再提交。")
    return _("现在不在受理时段内。可以先填好存着，%(opens)s至%(closes)s之间提交，先后都一样。") % {
        "opens": chinese_dates.han_date(coming.opens_on),
        "closes": chinese_dates.han_date(coming.closes_on),
    }


def _wrong_account(version: ItemVersion) -> str:
    if version.for_enterprise and version.for_person:
        return _("可以办，但要用个人或企业账号登录")
    return _("可以办，但要用企业账号登录") if version.for_enterprise else _("可以办，但要用个人账号登录")


def _may_apply(version: ItemVersion, party: PartyHeld) -> bool:
    return party.may(version.item.key) and _is_meant(version, party)


def _is_meant(version: ItemVersion, party: PartyHeld) -> bool:
    return version.for_person if party.kind == "person" else version.for_enterprise
