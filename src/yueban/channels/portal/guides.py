"""The guide of an item and its situation questions."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.cases import selectors as cases
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.materials import PlannedMaterial
from yueban.catalogue.models import ItemVersion
from yueban.channels.portal.items import Link
from yueban.channels.portal.places import chosen_division, places_html
from yueban.channels.portal.standing import chosen_party
from yueban.channels.shared.english import is_english, named
from yueban.channels.shared.guide_view import answer_text, guide_context, question_context
from yueban.channels.shared.kept import KEPT, kept_page
from yueban.channels.shared.outcomes import outcome_context, party_choices
from yueban.expressions import Truth
from yueban.flows.identify import actor_for


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
    context |= outcome_context(actor_for(request), compiled, path, version, guide="portal:guide")
    context["parties"] = party_choices(context["parties"], chosen_party(request))
    return render(request, "portal/situation.html", context)


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
