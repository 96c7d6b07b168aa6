"""问一问: a conversation whose every fact is cited; a question in, an answer out, a person at any time."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yueban.assistant.errors import QuestionRefused
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.errors import ItemNotFound
from yueban.channels.portal.places import chosen_division
from yueban.channels.portal.session import applicant_of
from yueban.channels.shared import consulting
from yueban.channels.shared.answer_pages import OPENED, SOURCES, page
from yueban.channels.shared.answer_view import Addresses, shown_turn, shown_turns, with_answers
from yueban.channels.shared.consulting import Place
from yueban.channels.shared.english import is_english
from yueban.channels.shared.pace import TooManyQuestions
from yueban.flows.ask import Asked
from yueban.kernel import clock
from yueban.policies import selectors as policies
from yueban.policies.errors import OfferNotFound, PolicyNotFound

SUGGESTED = (
    "灵活就业社保补贴要什么材料？",
    "公积金提取多久到账？",
    "开小饭店要办什么证？",
    "身份证丢了在哪里补？",
)
SUGGESTED_IN_ENGLISH = ("How do I withdraw my housing fund?", "What do I need to register a company?")
LONGEST_CONTEXT = 100
POSTS_TO = {"ask": "portal:ask", "person": "portal:ask-person", "rate": "portal:ask-rate"}


ADDRESSES = Addresses(
    sources=SOURCES,
    actions=OPENED
    | {
        "start_item": lambda target: with_answers(page("portal:situation"), target),
        "sign_in": lambda _target: (
            f"{reverse('portal:sign-in')}?{urlencode({'next': reverse('portal:ask')})}"
        ),
        "matters": lambda _target: reverse("portal:my"),
    },
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest) -> HttpResponseBase:
    """The conversation so far and the question box; POST asks."""
    if request.method != "POST":
        return _conversation(request)
    try:
        if consulting.may_be_heard(request):
            return _heard(request)
        asked = consulting.ask_posted(request, applicant_of(request), _place(request))
    except (QuestionRefused, TooManyQuestions) as error:
        return _refused(request, error)
    return _answered(request, asked)


def _heard(request: HttpRequest) -> HttpResponseBase:
    """The answer while a model says it, sentence by sentence."""
    said = consulting.hear_posted(
        request, applicant_of(request), _place(request), lambda asked: _turn_added(request, asked)
    )
    return _answered(request, said) if isinstance(said, Asked) else said


@require_POST
def to_person(request: HttpRequest) -> HttpResponse:
    """One tap to a person, with everything said so far."""
    return _answered(request, consulting.hand_over(request, applicant_of(request), _place(request)))


@require_POST
def rate(request: HttpRequest) -> HttpResponse:
    """What the person thought of one answer."""
    number = consulting.rate(request, applicant_of(request))
    if request.headers.get("HX-Request"):
        return render(request, "shared/_rated.html", {"number": number})
    return redirect(f"{reverse('portal:ask')}?rated={number}#turn-{number}")


@require_POST
def begin_anew(request: HttpRequest) -> HttpResponse:
    """Nothing of what was said stays in this browser."""
    consulting.forget(request)
    return redirect("portal:ask")


@require_POST
def short(request: HttpRequest) -> HttpResponse:
    """The short cited answer beside the results of a search; the conversation goes on from it."""
    try:
        asked = consulting.ask_posted(request, applicant_of(request), _place(request))
    except (QuestionRefused, TooManyQuestions) as error:
        return render(request, "shared/_consult_problem.html", {"problem": error})
    return render(request, "portal/_short_answer.html", {"turn": shown_turn(asked, ADDRESSES)})


def _talk() -> dict[str, str]:
    """Where the forms of a turn post to."""
    return {name: reverse(address) for name, address in POSTS_TO.items()}


def _conversation(
    request: HttpRequest, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    turns = shown_turns(consulting.turns_of(request, applicant_of(request)), ADDRESSES)
    context = {
        "turns": turns,
        "talk": _talk(),
        "suggested": () if turns else SUGGESTED_IN_ENGLISH if is_english() else SUGGESTED,
        "click": consulting.new_click(),
        "about": about_name(_context(request), chosen_division(request)),
        "context": _context(request),
        "rated": request.GET.get("rated", ""),
        "trail": [(_("问一问"), "")],
    }
    return render(request, "portal/ask.html", context | (extra or {}), status=status)


def _answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(_turn_added(request, asked))
    return redirect(f"{reverse('portal:ask')}#turn-{asked.turn}")


def _turn_added(request: HttpRequest, asked: Asked) -> str:
    context = {"turn": shown_turn(asked, ADDRESSES), "click": consulting.new_click(), "talk": _talk()}
    return render_to_string("shared/_turn_added.html", context, request=request)


def _refused(request: HttpRequest, error: QuestionRefused | TooManyQuestions) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return consulting.refused_part(request, error)
    return _conversation(request, dict(consulting.refused_context(request, error)), error.status)


def _context(request: HttpRequest) -> str:
    return (request.POST.get("context") or request.GET.get("context") or "")[:LONGEST_CONTEXT]


def _place(request: HttpRequest) -> Place:
    division = chosen_division(request)
    return Place(division=division or None, about=about_name(_context(request), division))


def about_name(context: str, division: str) -> str:
    """The name of the item or policy that is spoken of; nothing for one that is no more."""
    kind, _mark, key = context.partition(":")
    try:
        if kind == "item":
            return catalogue.get_published(key, division or None).name
        if kind == "offer":
            return policies.offer_by_key(key, clock.today()).name
        if kind == "policy":
            return policies.policy_by_key(key).title
    except (ItemNotFound, OfferNotFound, PolicyNotFound):
        return ""
    return ""
