"""The situation questions of an item or of a 一件事, one a screen, and where they end."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yueban.cases import selectors as cases
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.materials import PlannedMaterial
from yueban.channels.portal.standing import chosen_party
from yueban.channels.shared.english import is_english, named
from yueban.channels.shared.guide_view import answer_text, question_context
from yueban.channels.shared.outcomes import AnyVersion, outcome_context, party_choices
from yueban.expressions import Truth
from yueban.flows.identify import actor_for


@dataclass(frozen=True, kw_only=True)
class About:
    """What is asked about: an item or a 一件事, with the addresses of its pages."""

    compiled: Applicable
    version: AnyVersion
    name: str
    guide: str
    questions: str
    start: str
    trail: list[tuple[str, str]]


def situation_page(request: HttpRequest, about: About, division: str | None) -> HttpResponse:
    """One question a screen; the answers so far are in the address, so back, share and reload just work."""
    compiled = about.compiled
    given = {name: request.GET[name] for name in compiled.situations.questions if request.GET.get(name)}
    path = catalogue.walk(compiled, given)
    fixed = [("division", division)] if division else []
    answers = list(path.answers.items())
    context: dict[str, Any] = {
        "about": about,
        "kept": [*fixed, *answers],
        "answered": _answered(about, fixed, answers),
        "again": _address(about, fixed),
        "trail": about.trail,
    }
    if path.question is not None:
        asked = path.question
        is_unanswered = request.GET.get("asked") == asked.key
        context |= question_context(compiled, asked.key, len(answers) + 1, is_unanswered=is_unanswered)
        context["back"] = _address(about, [*fixed, *answers[:-1]]) if answers else ""
        return render(request, "portal/situation.html", context)
    context |= outcome_context(actor_for(request), compiled, path, about.version, guide="portal:guide")
    context["parties"] = party_choices(context["parties"], chosen_party(request))
    return render(request, "portal/situation.html", context)


def _address(about: About, pairs: list[tuple[str, str]]) -> str:
    query = urlencode([(name, value) for name, value in pairs if value])
    return about.questions + (f"?{query}" if query else "")


def _answered(
    about: About, fixed: list[tuple[str, str]], answers: list[tuple[str, str]]
) -> list[dict[str, str]]:
    """Each answer with what it changed and the way to change it."""
    found = []
    compiled = about.compiled
    before = cases.expected_materials(compiled, {})
    for position, (name, value) in enumerate(answers):
        path = catalogue.walk(compiled, dict(answers[: position + 1]))
        after = cases.expected_materials(compiled, path.facts)
        question = compiled.situations.questions[name]
        chosen = next(option for option in question.options if answer_text(option.value) == value)
        label = named(chosen.label, chosen.label_en)
        change = _address(about, [*fixed, *answers[:position]])
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
