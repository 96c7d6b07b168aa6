"""村民待办 and 交班: what the people of a village should do, and what passes to a colleague at the end of a shift."""

from collections.abc import Mapping
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import assist, due_things, hand_over
from yueban.kernel.errors import Invalid

DIGITS_OF_AN_ID = 18


@staff_only
@require_safe
def villagers(request: DeskRequest) -> HttpResponse:
    """我的村民的待办: by person, each with the reason and the day."""
    post = assist.post_of(request.actor)
    due = due_things.due_in(request.actor, post.division)
    by_person = [
        (person, list(things))
        for person, things in groupby(
            sorted(due, key=lambda thing: (thing.party.name, thing.party.pk)), key=lambda thing: thing.party
        )
    ]
    by_person.sort(key=lambda row: min((str(thing.by) for thing in row[1] if thing.by), default="9999"))
    page = page_of(request, by_person)
    context = {"post": post, "page": page, "query": query_without_page(request), "count": len(due)}
    return desk_page(request, "desk/villagers.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def shift(request: DeskRequest) -> HttpResponse:
    """交班: choose what and to whom; what was given or received lately stands below."""
    if request.method != "POST":
        return _shift_page(request, {}, {})
    posted = request.POST
    to, tasks = posted.get("to", ""), posted.getlist("tasks")
    try:
        told = hand_over.give(
            request.actor,
            to_id=int(to) if _is_id(to) else 0,
            drafts=posted.getlist("drafts"),
            tasks=[int(one) for one in tasks if _is_id(one)],
            note=posted.get("note", ""),
        )
    except Invalid as error:
        return _shift_page(request, error.fields, posted.dict(), status=error.status)
    said = _("已把%(count)d件移交给%(name)s；他打开之前可以收回。") % {
        "count": told.count,
        "name": told.to_name,
    }
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:shift"))


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= DIGITS_OF_AN_ID


def _shift_page(
    request: DeskRequest, errors: Mapping[str, str], typed: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    drafts, tasks = hand_over.open_things(request.actor)
    context = {
        "drafts": drafts,
        "tasks": tasks,
        "colleagues": hand_over.colleagues(request.actor),
        "given": hand_over.given_by(request.actor),
        "received": [one for one in hand_over.received_by(request.actor) if not one.is_undone],
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
        "typed": typed,
    }
    return desk_page(request, "desk/shift.html", context, status=status)


@staff_only
@require_POST
def undo(request: DeskRequest, number: str) -> HttpResponse:
    """收回: while the colleague has opened nothing."""
    hand_over.undo(request.actor, number)
    messages.success(request, _("已收回。"))
    return HttpResponseRedirect(reverse("desk:shift"))
