"""问一问 at the kiosk: one question a screen in large type, by suggestion, voice or keyboard; a slip; a person.

The conversation lies in the session of the visit and is wiped with it.
"""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from yueban.assistant.errors import QuestionRefused
from yueban.channels.kiosk.access import KioskRequest, at_kiosk, kiosk_page
from yueban.channels.kiosk.printing import printed_slip
from yueban.channels.shared import consulting
from yueban.channels.shared.answer_pages import page
from yueban.channels.shared.answer_view import Addresses, shown_turns, with_answers
from yueban.channels.shared.consulting import Place
from yueban.channels.shared.english import is_english
from yueban.channels.shared.pace import TooManyQuestions
from yueban.flows.answer_slip import answer_slip
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotFound
from yueban.outlets import selectors as outlets

CHANNEL = "kiosk"
SUGGESTED = ("灵活就业社保补贴要什么材料？", "高龄津贴每月多少钱？", "社保卡丢了怎么补？")
SUGGESTED_IN_ENGLISH = ("How do I withdraw my housing fund?", "How do I replace a lost social security card?")


ADDRESSES = Addresses(
    sources={"item": page("kiosk:details"), "bundle": page("kiosk:bundle")},
    actions={
        "open_item": page("kiosk:guide"),
        "start_item": lambda target: with_answers(page("kiosk:situation"), target),
        "open_bundle": page("kiosk:bundle"),
        "near": lambda _target: reverse("kiosk:windows"),
        "sign_in": lambda _target: f"{reverse('kiosk:sign-in')}?{urlencode({'next': reverse('kiosk:ask')})}",
        "matters": lambda _target: reverse("kiosk:my"),
    },
)


@at_kiosk
@require_http_methods(["GET", "POST"])
def conversation(request: KioskRequest) -> HttpResponse:
    """The last answer and the question box; POST asks."""
    if request.method != "POST":
        return _screen(request)
    try:
        consulting.ask_posted(request, _actor(request), _place(request), who=f"kiosk:{request.kiosk.code}")
    except (QuestionRefused, TooManyQuestions) as error:
        return _screen(request, dict(consulting.refused_context(request, error)), error.status)
    return redirect("kiosk:ask")


@at_kiosk
@require_POST
def to_person(request: KioskRequest) -> HttpResponse:
    """To a person; the screen says who is near and whom to call."""
    consulting.hand_over(request, _actor(request), _place(request))
    return redirect("kiosk:ask")


@at_kiosk
@require_POST
def slip(request: KioskRequest) -> HttpResponse:
    """The last answer on paper."""
    turns = consulting.turns_of(request, _actor(request))
    if not turns:
        raise NotFound("还没有可以打印的回答。", hint="请先提问，看到回答后再打印。")
    last = turns[-1]
    told = answer_slip(last.question, last.answer, last.ticket, request.kiosk)
    return printed_slip(request, told, back=reverse("kiosk:ask"))


def _actor(request: KioskRequest) -> Actor:
    return replace(request.actor, channel=CHANNEL)


def _place(request: KioskRequest) -> Place:
    return Place(division=request.kiosk.outlet.division.code)


def _screen(request: KioskRequest, extra: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    turns = shown_turns(consulting.turns_of(request, _actor(request))[-1:], ADDRESSES)
    here = request.kiosk.outlet
    context = {
        "turns": turns,
        "suggested": () if turns else SUGGESTED_IN_ENGLISH if is_english() else SUGGESTED,
        "click": consulting.new_click(),
        "talk": {"ask": reverse("kiosk:ask"), "person": reverse("kiosk:ask-person")},
        "here": here,
        "opening": outlets.open_now(here),
    }
    return kiosk_page(request, "kiosk/ask.html", context | (extra or {}), back="kiosk:home", status=status)
