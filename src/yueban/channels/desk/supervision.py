"""验证: the audit chains proved on demand, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.audit import selectors as audit_log
from yueban.cases import selectors as cases
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.kernel import clock, roles
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference


@dataclass(frozen=True)
class EventLine:
    """One event of a chain in a line."""

    seq: int
    at: datetime
    title: str
    by: str
    digest: str


@staff_only
@require_safe
def verify_case(request: DeskRequest, number: str) -> HttpResponse:
    """Whether the chain of this case holds, how many events it has, and where it breaks."""
    check_supervisor(request)
    case = cases.get_case(request.actor, number)
    reference = Reference("case", case.number)
    told = cases.timeline(case, for_staff=True)
    events = [
        EventLine(event.seq, entry.at, entry.title, entry.by, event.hash[:16])
        for event, entry in zip(audit_log.events_of(reference), told, strict=False)
    ]
    context = {
        "case": case,
        "verification": audit_log.verify_chain(reference),
        "events": events,
        "verified_at": clock.now(),
        "trail": [(_("督办"), reverse("desk:cases")), (case.number, reverse("desk:case", args=[number]))],
    }
    return desk_page(request, "desk/verify.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: DeskRequest) -> HttpResponse:
    """All chains and daily anchors; proved when asked, since that reads every event."""
    check_supervisor(request)
    result = audit_log.verify_all() if request.method == "POST" else None
    return desk_page(request, "desk/audit.html", {"verification": result, "verified_at": clock.now()})


def check_supervisor(request: DeskRequest) -> None:
    """Refuse whoever does not supervise."""
    if not request.actor.roles & {roles.SUPERVISOR, roles.AUDITOR}:
        raise NotAllowed("验证审计链由监督人员或审计管理员进行。", hint="请用对应岗位的账号登录。")
