"""The public page of an approved question and answer: what was asked, what holds, on which sources, and who says so."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.agencies import selectors as agencies
from yueban.assistant import selectors as assistant
from yueban.assistant.choices import AnswerState
from yueban.assistant.errors import AnswerNotFound
from yueban.channels.portal.consult import ADDRESSES, about_name
from yueban.channels.shared.cited import shows_cited
from yueban.channels.shared.links import Link


@shows_cited
@require_safe
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """One approved Q&A; a draft, one whose source has changed and a withdrawn one are not found."""
    found = assistant.find_answer(key)
    if found is None or found.state != AnswerState.APPROVED:
        raise AnswerNotFound("没有这条问答。", hint="它可能正在复核或已经撤下；可以在“问一问”里重新提问。")
    context = {
        "answer": found,
        "owner": agencies.names_of_kinds([found.owner]).get(found.owner, found.owner),
        "sources": _sources(found.sources, found.division_code),
        "trail": [(_("问一问"), reverse("portal:ask")), (found.question, "")],
    }
    return render(request, "portal/answer.html", context)


def _sources(units: Sequence[str], division: str) -> list[Link]:
    """The pages on which the answer rests; a unit is named ``item:KEY#fee``."""
    links = []
    for unit in units:
        subject, _mark, element = unit.partition("#")
        kind, _colon, key = subject.partition(":")
        page, name = ADDRESSES.sources.get(kind), about_name(subject, division)
        if page and name:
            links.append(Link(name, f"{page(key)}#{element.partition('@')[0].partition('.')[0]}"))
    return links
