"""Preview of guide and form while editing, in the width and manner of each channel, from the draft's compiled form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from yueban.cases import selectors as cases
from yueban.catalogue import drafts, editing
from yueban.catalogue.choices import VersionState
from yueban.catalogue.errors import ItemUnsound
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.items import check_editor
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared import forms

CHANNELS = {
    "phone": gettext_lazy("手机"),
    "computer": gettext_lazy("电脑"),
    "kiosk": gettext_lazy("自助机"),
    "window": gettext_lazy("窗口"),
}
PARTS = {"guide": gettext_lazy("办事指南"), "form": gettext_lazy("申请表")}


def _chosen(request: DeskRequest) -> tuple[str, str]:
    channel, part = request.GET.get("channel", ""), request.GET.get("part", "")
    return channel if channel in CHANNELS else "phone", part if part in PARTS else "guide"


@staff_only
@require_safe
def preview(request: DeskRequest, version: int) -> HttpResponse:
    """The page around the preview: which channel, guide or form."""
    check_editor(request.actor)
    found = editing.get_for_editor(version, request.actor)
    channel, part = _chosen(request)
    frame = reverse("desk:item-preview-frame", args=[found.pk])
    context = {
        "version": found,
        "channel": channel,
        "part": part,
        "channels": CHANNELS.items(),
        "parts": PARTS.items(),
        "frame": f"{frame}?channel={channel}&part={part}",
        "is_draft": found.state == VersionState.DRAFT,
        "trail": [
            (_("事项管理"), reverse("desk:items")),
            (found.name, reverse("desk:item-version", args=[found.pk])),
            (_("预览"), ""),
        ],
    }
    return desk_page(request, "desk/item_preview.html", context)


@staff_only
@xframe_options_sameorigin
@require_safe
def frame(request: DeskRequest, version: int) -> HttpResponse:
    """What an applicant would see, alone in its frame; or what has to be mended first."""
    check_editor(request.actor)
    found = editing.get_for_editor(version, request.actor)
    channel, part = _chosen(request)
    context: dict[str, Any] = {"version": found, "channel": channel, "part": part, "problems": []}
    try:
        compiled = drafts.compiled_now(found)
    except ItemUnsound as error:
        context["problems"] = error.data["problems"]
    else:
        context |= {
            "guide": compiled.guide,
            "route": compiled.route.steps,
            "questions": compiled.situations.questions.values(),
            "materials": cases.expected_materials(compiled, {}),
            "sections": forms.draw(compiled, {}, {}),
        }
    return render(request, "desk/item_preview_frame.html", context)
