"""问一问 for clerks: the question of the person at the window, a cited answer to read aloud, the way into intake."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yueban.assistant.errors import QuestionRefused
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared import consulting
from yueban.channels.shared.answer_pages import OPENED, SOURCES
from yueban.channels.shared.answer_view import Addresses, shown_turn, shown_turns
from yueban.channels.shared.consulting import Place
from yueban.channels.shared.pace import TooManyQuestions
from yueban.divisions import selectors as divisions
from yueban.flows import assist
from yueban.flows.ask import Asked
from yueban.kernel.actor import Actor

CHANNEL = "desk"
POSTS_TO = {"ask": "desk:ask", "person": "desk:ask-person", "rate": "desk:ask-rate"}
ADDRESSES = Addresses(
    sources=SOURCES, actions=OPENED | {"start_item": lambda _target: reverse("desk:intake")}
)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: DeskRequest) -> HttpResponse:
    """What was asked for the person at the window, with the window's place preset; POST asks."""
    place = _place(request)
    if request.method != "POST":
        return _page(request)
    try:
        asked = consulting.ask_posted(
            request, _actor(request), place, who=f"clerk:{request.actor.user_id}", is_counted_by_address=False
        )
    except (QuestionRefused, TooManyQuestions) as error:
        return _refused(request, error)
    return _answered(request, asked)


@staff_only
@require_POST
def to_person(request: DeskRequest) -> HttpResponse:
    """What the clerk cannot answer either."""
    return _answered(request, consulting.hand_over(request, _actor(request), _place(request)))


@staff_only
@require_POST
def rate(request: DeskRequest) -> HttpResponse:
    """A clerk who knows better says so."""
    assist.post_of(request.actor)
    number = consulting.rate(request, _actor(request))
    if request.headers.get("HX-Request"):
        return render(request, "shared/_rated.html", {"number": number})
    return redirect(f"{reverse('desk:ask')}#turn-{number}")


@staff_only
@require_POST
def begin_anew(request: DeskRequest) -> HttpResponse:
    """The next person at the window."""
    assist.post_of(request.actor)
    consulting.forget(request)
    return redirect("desk:ask")


def _actor(request: DeskRequest) -> Actor:
    return replace(request.actor, channel=CHANNEL)


def _place(request: DeskRequest) -> Place:
    """The place of the window; raises NotAllowed for whoever has none."""
    return Place(division=assist.post_of(request.actor).division)


def _talk() -> dict[str, str]:
    return {name: reverse(address) for name, address in POSTS_TO.items()}


def _page(request: DeskRequest, extra: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = {
        "turns": shown_turns(consulting.turns_of(request, _actor(request)), ADDRESSES),
        "talk": _talk(),
        "click": consulting.new_click(),
        "place": divisions.full_name(_place(request).division or ""),
    }
    return desk_page(request, "desk/ask.html", context | (extra or {}), status=status)


def _answered(request: DeskRequest, asked: Asked) -> HttpResponse:
    if request.headers.get("HX-Request"):
        context = {
            "turn": shown_turn(asked, ADDRESSES),
            "click": consulting.new_click(),
            "talk": _talk(),
        }
        return render(request, "shared/_turn_added.html", context)
    return redirect(f"{reverse('desk:ask')}#turn-{asked.turn}")


def _refused(request: DeskRequest, error: QuestionRefused | TooManyQuestions) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return consulting.refused_part(request, error)
    return _page(request, dict(consulting.refused_context(request, error)), error.status)
