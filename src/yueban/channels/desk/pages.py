"""What every desk page carries: who acts, how much waits for him, the demo clock."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from yueban.approvals import selectors as approvals
from yueban.assistant import selectors as assistant
from yueban.cases import selectors as cases_read
from yueban.catalogue import editing
from yueban.channels.desk.access import DeskRequest
from yueban.flows import papers_of_office, sign_policy, stand_in
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.tickets import selectors as tickets

SEES_CLAIMS = (roles.REVIEWER, roles.DECIDER, roles.SUPERVISOR)
SEES_RATINGS = (roles.REVIEWER, roles.DECIDER, roles.SUPERVISOR)


def desk_page(
    request: DeskRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A whole desk page with its header."""
    return render(request, template, {**frame(request), **context}, status=status)


def frame(request: DeskRequest) -> dict[str, Any]:
    """What the header shows."""
    actor = request.actor
    return {
        "actor": actor,
        "post_line": post_line(actor),
        "inbox_count": approvals.inbox(actor).count(),
        "is_supervisor": actor.has_role(roles.SUPERVISOR),
        "pays": any(actor.has_role(role) for role in (roles.PAYER, roles.SUPERVISOR)),
        "sees_claims": any(actor.has_role(role) for role in SEES_CLAIMS),
        "sees_ratings": any(actor.has_role(role) for role in SEES_RATINGS),
        "sees_tickets": bool(actor.roles & tickets.SEES),
        "sees_figures": any(actor.has_role(role) for role in (roles.DECIDER, roles.SUPERVISOR)),
        "keeps_keys": any(actor.has_role(role) for role in (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN)),
        **_items(actor),
        "edits_policies": sign_policy.keeps_policies(actor),
        "keeps_answers": assistant.is_reader(actor),
        "takes_in": bool(cases_read.intake_posts(actor)),
        "heads_office": bool(stand_in.headed_agencies(actor)),
        "writes_wordings": bool(papers_of_office.agencies_worded(actor)),
        "manages_staff": any(actor.has_role(role) for role in (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN)),
        "sees_security": actor.has_role(roles.SECURITY_ADMIN),
        "is_auditor": actor.has_role(roles.AUDITOR),
        "has_demo_clock": settings.YUEBAN_DEMO_CLOCK,
        "today": clock.today(),
    }


def _items(actor: Actor) -> dict[str, Any]:
    """Whether the person edits items, and what of them waits for him."""
    if not actor.has_role(roles.EDITOR):
        return {"edits_items": False}
    waiting, returned = editing.waiting_for_check(actor), editing.returned_to(actor)
    counts = {"items_waiting": waiting, "items_returned": returned, "items_to_do": waiting + returned}
    return {"edits_items": True, **counts}


def post_line(actor: Actor) -> str:
    """审查人员 · 绍兴市越城区交通运输局: the first post, and how many more."""
    first, *more = actor.posts
    line = f"{roles.NAMES[first.role]} · {first.agency_name}"
    return f"{line} 等{len(more) + 1}个岗位" if more else line
