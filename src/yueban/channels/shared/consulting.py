"""The conversation of a browser: which one it is, what is asked next, and what a refused question looks like."""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yueban.assistant.choices import FeedbackKind
from yueban.assistant.errors import ConversationNotFound
from yueban.assistant.selectors import Sentence, Watched, find_chat_model
from yueban.channels.shared.addresses import address_of
from yueban.channels.shared.english import is_english
from yueban.channels.shared.pace import check_pace
from yueban.flows import ask, hotline
from yueban.flows.ask import Asked
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, ServiceError

KEPT = "consultation"
LONGEST_CLICK, LONGEST_WORDS, LONGEST_PHONE = 64, 500, 20
TO_PERSON = gettext_lazy("转人工")
READS_AS_QUESTION = re.compile(
    r"[?？吗呢]|怎么|咋|如何|多少|哪|什么|啥|几|能不能|可不可以|要不要|是不是|是否|有没有|为什么|多久|可以"
    r"|\b(how|what|where|when|which|who|can|do|does|is|are|need)\b",
    re.IGNORECASE,
)
LONG_ENOUGH = 4
# In JSON a hyphen by its number: no comment ends early.
MINUS = "\\u002d"


@dataclass(frozen=True)
class Place:
    """From where it is asked: the division, the audience and the language of the answer."""

    division: str | None = None
    audience: str | None = None
    about: str = ""


def reads_as_question(text: str) -> bool:
    """Whether somebody asks rather than names a thing."""
    return len(text) >= LONG_ENOUGH and READS_AS_QUESTION.search(text) is not None


def new_click() -> str:
    """The number of one press of the button: pressed twice, it asks once."""
    return secrets.token_hex(12)


def turns_of(request: HttpRequest, actor: Actor) -> list[Asked]:
    """What was said so far; nothing for a conversation that is no more, or was another person's."""
    number, secret = _kept(request)
    if not number:
        return []
    try:
        return ask.conversation_of(actor, number, secret)
    except ConversationNotFound:
        forget(request)
        return []


def forget(request: HttpRequest) -> None:
    """The next question begins a new conversation."""
    request.session.pop(KEPT, None)


def ask_posted(
    request: HttpRequest, actor: Actor, place: Place, *, who: str = "", is_counted_by_address: bool = True
) -> Asked:
    """Ask what was posted in this browser's conversation; raises QuestionRefused or TooManyQuestions."""
    _check_pace(request, who, is_counted_by_address=is_counted_by_address)
    return _ask(request, actor, place, _about(place.about, request.POST.get("question", "")))


def _check_pace(request: HttpRequest, who: str = "", *, is_counted_by_address: bool = True) -> None:
    if not who and not request.session.session_key:
        request.session.save()
    address = address_of(request) if is_counted_by_address else ""
    check_pace(who=who or f"session:{request.session.session_key}", address=address)


def may_be_heard(request: HttpRequest) -> bool:
    """Whether this page can show an answer while a model says it: with scripts, in Chinese, where there is one."""
    return bool(request.headers.get("HX-Request")) and not is_english() and find_chat_model() is not None


def hear_posted(
    request: HttpRequest, actor: Actor, place: Place, turn: Callable[[Asked], str]
) -> StreamingHttpResponse | Asked:
    """Ask what was posted; where a model speaks, its checked sentences as they come and ``turn`` at the end."""
    _check_pace(request)
    question = _about(place.about, request.POST.get("question", ""))
    number, secret = _kept(request)
    try:
        steps = Watched(
            ask.asking(actor, question, conversation=number or None, secret=secret, **_told(request, place))
        )
        first = steps.first()
    except ConversationNotFound:
        secret, steps = "", Watched(ask.asking(actor, question, **_told(request, place)))
        first = steps.first()
    if first is None:
        assert steps.end is not None  # a question without a single step has been answered
        _keep(request, steps.end, secret)
        return steps.end
    # The browser is told its session before the answer is there: what it holds is written at the end.
    request.session[KEPT] = {"number": number, "secret": secret}
    parts = _parts(request, chain([first], steps), lambda: _end(request, steps, secret, turn))
    response = StreamingHttpResponse(parts, content_type="text/html; charset=utf-8")
    response["X-Accel-Buffering"] = "no"
    return response


def _parts(request: HttpRequest, said: Iterable[Sentence], end: Callable[[], str]) -> Iterator[str]:
    """Each sentence as a comment, which ask.js reads while it comes; then what stays on the page."""
    with translation.override(request.LANGUAGE_CODE):
        for one in said:
            said_so = json.dumps({"text": one.text, "label": _("AI生成，仅供参考")})
            yield f"<!--said:{said_so.replace('-', MINUS)}-->"
        yield end()


def _end(
    request: HttpRequest, steps: Watched[Sentence, Asked], secret: str, turn: Callable[[Asked], str]
) -> str:
    assert steps.end is not None  # all its steps have been taken
    _keep(request, steps.end, secret)
    request.session.save()
    return turn(steps.end)


def _told(request: HttpRequest, place: Place) -> dict[str, Any]:
    return {
        "click": request.POST.get("click", "")[:LONGEST_CLICK] or new_click(),
        "division": place.division,
        "audience": place.audience,
        "language": "en" if is_english() else "zh",
    }


def _ask(request: HttpRequest, actor: Actor, place: Place, question: str) -> Asked:
    """The conversation kept here goes on; one that is no more begins anew."""
    told = _told(request, place)
    number, secret = _kept(request)
    try:
        asked = ask.ask(actor, question, conversation=number or None, secret=secret, **told)
    except ConversationNotFound:
        asked, secret = ask.ask(actor, question, **told), ""
    _keep(request, asked, secret)
    return asked


def hand_over(request: HttpRequest, actor: Actor, place: Place) -> Asked:
    """To a person, never held up by the pace of questions; a conversation begins with it where there was none."""
    number, secret = _kept(request)
    if not number:
        asked = _ask(request, actor, place, str(TO_PERSON))
        if asked.ticket:
            return asked
        number, secret = _kept(request)
    click = request.POST.get("click", "")[:LONGEST_CLICK] or new_click()
    phone = request.POST.get("phone", "").strip()[:LONGEST_PHONE]
    asked = ask.to_person(actor, number, secret, phone=phone, click=click)
    _keep(request, asked, secret)
    return asked


def rate(request: HttpRequest, actor: Actor) -> int:
    """有用, 没用 or 有错 on one answer; its number."""
    number, secret = _kept(request)
    turn, kind = request.POST.get("turn", ""), request.POST.get("kind", "")
    if not number or not turn.isdecimal() or len(turn) > 5 or kind not in FeedbackKind.values:
        raise Invalid(_("没有看懂要评价哪一条回答。"), hint=_("请回到对话页，再点一次。"))
    words = request.POST.get("words", "").strip()[:LONGEST_WORDS]
    ask.rate_answer(actor, number, secret, int(turn), kind=kind, words=words)
    return int(turn)


def refused_part(request: HttpRequest, error: ServiceError) -> HttpResponse:
    """The same for htmx: the line above the box, in which everything typed still stands."""
    answer = render(request, "shared/_consult_problem.html", {"problem": error}, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#ask-problem", "innerHTML"
    return answer


def refused_context(request: HttpRequest, error: ServiceError) -> Mapping[str, Any]:
    """What is wrong with the question, and the question itself: nothing typed is lost."""
    return {"problem": error, "typed": request.POST.get("question", "")}


def _about(about: str, question: str) -> str:
    """The item or policy whose page one came from stands before the question, unless it is named there."""
    text = question.strip()
    return f"{about}：{text}" if about and text and about not in text else question


def _kept(request: HttpRequest) -> tuple[str, str]:
    kept = request.session.get(KEPT) or {}
    return str(kept.get("number", "")), str(kept.get("secret", ""))


def _keep(request: HttpRequest, asked: Asked, secret: str) -> None:
    if asked.ticket:
        hotline.tell_handed_over(asked.conversation, asked.ticket, asked.answer.place)
    request.session[KEPT] = {"number": asked.conversation, "secret": asked.secret or secret}
