"""The situation questions at the kiosk, of an item or of a 一件事: one a screen, then what the answers come to."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.channels.kiosk.access import KioskRequest, kiosk_page
from yueban.channels.shared.guide_view import question_context
from yueban.channels.shared.outcomes import AnyVersion, outcome_context, party_choices


@dataclass(frozen=True, kw_only=True)
class About:
    """What is asked about, with the addresses of its screens."""

    compiled: Applicable
    version: AnyVersion
    name: str
    guide: str
    questions: str
    start: str


def question_page(request: KioskRequest, about: About) -> HttpResponse:
    """The next question; after the last one whether it can be applied for, and the way into the form."""
    compiled = about.compiled
    given = {name: request.GET[name] for name in compiled.situations.questions if request.GET.get(name)}
    path = catalogue.walk(compiled, given)
    answers = list(path.answers.items())
    before = urlencode(answers[:-1])
    back = about.questions + (f"?{before}" if before else "")
    context: dict[str, Any] = {
        "version": about.version,
        "name": about.name,
        "start": about.start,
        "kept": answers,
        "back_href": back if answers else about.guide,
    }
    if path.question is not None:
        is_unanswered = request.GET.get("asked") == path.question.key
        context |= question_context(
            compiled, path.question.key, len(answers) + 1, is_unanswered=is_unanswered
        )
        return kiosk_page(request, "kiosk/question.html", context)
    context |= outcome_context(request.actor, compiled, path, about.version, guide="kiosk:guide")
    context["parties"] = party_choices(context["parties"], None)
    return kiosk_page(request, "kiosk/outcome.html", context)
