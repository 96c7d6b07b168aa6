"""Preview of guide, questions and form while editing: the own page of each channel."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from yueban.cases import selectors as cases
from yueban.catalogue import drafts, editing
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.choices import VersionState
from yueban.catalogue.errors import ItemUnsound
from yueban.catalogue.models import ItemVersion
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.items import check_editor
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared import forms
from yueban.channels.shared.display import View
from yueban.channels.shared.guide_view import guide_context, material_lines, question_context
from yueban.channels.shared.outcomes import OUTCOME_WORDS
from yueban.channels.shared.places import lines_of, places_of_lines
from yueban.channels.shared.screens import screens_of
from yueban.kernel.actor import ANONYMOUS
from yueban.outlets import selectors as outlets

CHANNELS = {
    "computer": gettext_lazy("电脑"),
    "phone": gettext_lazy("手机"),
    "kiosk": gettext_lazy("自助机"),
    "window": gettext_lazy("窗口"),
}
PARTS = {
    "guide": gettext_lazy("办事指南"),
    "questions": gettext_lazy("情形引导"),
    "form": gettext_lazy("申请表"),
}
SAYS = {
    "computer": gettext_lazy("申请人在电脑上看到的样子。"),
    "phone": gettext_lazy("申请人在手机上看到的样子，宽390像素。"),
    "kiosk": gettext_lazy("自助终端的竖屏，1080×1920像素，缩小显示；长辈版也是大字，一次一项。"),
    "window": gettext_lazy("窗口和申请人看同一份指南，收件时要看的内容已展开。"),
}


def _chosen(request: DeskRequest) -> tuple[str, str]:
    channel, part = request.GET.get("channel", ""), request.GET.get("part", "")
    return channel if channel in CHANNELS else "computer", part if part in PARTS else "guide"


@staff_only
@require_safe
def preview(request: DeskRequest, version: int) -> HttpResponse:
    """The page around the preview: which channel, which part."""
    check_editor(request.actor)
    found = editing.get_for_editor(version, request.actor)
    channel, part = _chosen(request)
    context = {
        "version": found,
        "channel": channel,
        "part": part,
        "channels": CHANNELS.items(),
        "parts": PARTS.items(),
        "says": SAYS[channel],
        "frame": _frame_address(found, channel, part),
        "is_draft": found.state == VersionState.DRAFT,
        "trail": [
            (_("事项管理"), reverse("desk:items")),
            (found.name, reverse("desk:item-version", args=[found.pk])),
            (_("预览"), ""),
        ],
    }
    return desk_page(request, "desk/item_preview.html", context)


def _frame_address(version: ItemVersion, channel: str, part: str) -> str:
    address = reverse("desk:item-preview-frame", args=[version.pk])
    return f"{address}?{urlencode({'channel': channel, 'part': part})}"


@staff_only
@xframe_options_sameorigin
@require_safe
def frame(request: DeskRequest, version: int) -> HttpResponse:
    """What an applicant would see, alone in its frame; or what has to be mended first."""
    check_editor(request.actor)
    found = editing.get_for_editor(version, request.actor)
    channel, part = _chosen(request)
    context: dict[str, Any] = {
        "version": found,
        "channel": channel,
        "part": part,
        "problems": [],
        # Nobody is signed in: the page stands as it greets whoever comes.
        "actor": ANONYMOUS,
        "view": View(view="elder" if channel == "kiosk" else ""),
    }
    try:
        shown = drafts.as_published(found)
    except ItemUnsound as error:
        context["problems"] = error.data["problems"]
    else:
        draw = {"guide": _guide, "questions": _questions, "form": _form}[part]
        context |= draw(request, shown, channel)
    if channel == "kiosk":
        return render(request, "desk/item_preview_kiosk.html", context | {"is_kiosk": True})
    return render(request, "desk/item_preview_frame.html", context)


def _guide(_request: DeskRequest, shown: ItemVersion, channel: str) -> dict[str, Any]:
    here = shown.agency.division.code
    lines = lines_of(shown, here)
    openings = outlets.openings_by([line.hours for line in lines])
    places = places_of_lines(lines, openings, here)
    guide = guide_context(shown, start=_frame_address(shown, channel, "questions"))
    return {
        **guide,
        "to_bring": [line for line in guide["materials"] if not line.is_spared],
        "spared": [line for line in guide["materials"] if line.is_spared],
        "windows": (),
        "places": mark_safe(places),  # noqa: S308 - rendered by a template
        "opens_checks": channel == "window",
    }


def _answers(request: DeskRequest, shown: ItemVersion) -> dict[str, str]:
    questions = shown.compiled.situations.questions
    return {name: request.GET[name] for name in questions if request.GET.get(name)}


def _questions(request: DeskRequest, shown: ItemVersion, channel: str) -> dict[str, Any]:
    """The questions one after the other as they are answered in the frame, then what they come to."""
    compiled = shown.compiled
    path = catalogue.walk(compiled, _answers(request, shown))
    here = [("channel", channel), ("part", "questions")]
    given = list(path.answers.items())
    context: dict[str, Any] = {"guide": compiled.guide, "kept": [*here, *given]}
    if path.question is not None:
        is_unanswered = request.GET.get("asked") == path.question.key
        context |= question_context(compiled, path.question.key, len(given) + 1, is_unanswered=is_unanswered)
        context["back"] = f"?{urlencode([*here, *given[:-1]])}" if given else ""
        return context
    assert path.outcome is not None  # without a question left there is one
    form = [("channel", channel), ("part", "form"), *given]
    return context | {
        "outcome": path.outcome,
        "outcome_word": _("按这些回答"),
        "outcome_heading": _(OUTCOME_WORDS[path.outcome.kind]),
        "materials": material_lines(cases.expected_materials(compiled, path.facts)),
        "form_address": f"?{urlencode(form)}",
        "again": f"?{urlencode(here)}",
    }


def _form(request: DeskRequest, shown: ItemVersion, channel: str) -> dict[str, Any]:
    compiled = shown.compiled
    path = catalogue.walk(compiled, _answers(request, shown))
    sections = forms.draw(compiled, dict(path.answers), {})
    context: dict[str, Any] = {"guide": compiled.guide, "sections": sections}
    drawn = screens_of(sections) if channel == "kiosk" else []
    if drawn:
        asked = request.GET.get("screen", "")
        place = min(int(asked), len(drawn) - 1) if asked.isdecimal() and len(asked) < 4 else 0
        here = [("channel", channel), ("part", "form"), *path.answers.items()]
        near = {
            name: f"?{urlencode([*here, ('screen', place + step)])}"
            for name, step in (("on", 1), ("before", -1))
        }
        context |= {
            "screen": drawn[place],
            "number": place + 1,
            "total": len(drawn),
            "next_href": near["on"] if place + 1 < len(drawn) else "",
            "back_href": near["before"] if place else "",
        }
    return context
