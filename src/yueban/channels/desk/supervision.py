"""验证: the audit chains proved on demand, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.audit import selectors as audit_log
from yueban.cases import selectors as cases
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of
from yueban.channels.shared.posted import read_day
from yueban.flows.audit_view import check_may_prove
from yueban.kernel import clock, roles
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.reference import Reference, ReferenceInvalid


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
    """Daily anchors with their digests, and the proof of one day, one thing, or an anchor kept outside."""
    check_supervisor(request)
    typed = {
        name: request.POST.get(name, "").strip()[:100] for name in ("day", "number", "anchor_day", "digest")
    }
    yesterday = clock.today() - timedelta(days=1)
    context = {
        "verification": _verified(request, typed, yesterday) if request.method == "POST" else None,
        "verified_at": clock.now(),
        "typed": typed | {"day": typed["day"] or yesterday.isoformat()},
        "page": page_of(request, audit_log.anchors()),
        "query": "",
        "missing": audit_log.days_without_anchor(yesterday),
    }
    return desk_page(request, "desk/audit.html", context)


def _verified(request: DeskRequest, typed: Mapping[str, str], yesterday: date) -> audit_log.AuditVerification:
    """What was asked for is proved; the whole audit is for the command, which may take its time."""
    if typed["digest"]:
        return audit_log.compare_anchor(_day(typed["anchor_day"]), typed["digest"])
    if not typed["number"]:
        return audit_log.verify_day(_day(typed["day"]) if typed["day"] else yesterday)
    try:
        text = typed["number"]
        reference = Reference.parse(text if ":" in text else f"case:{text}")
    except ReferenceInvalid as error:
        raise Invalid(error.message, hint=error.hint) from error
    check_may_prove(request.actor, reference)
    chain = audit_log.verify_chain(reference)
    broken = () if chain.ok else (chain,)
    return audit_log.AuditVerification(chain.ok, 1, chain.events, 0, broken, chain.message)


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise Invalid("请选择日期。", hint="写作2026-11-22这样。")
    return day


def check_supervisor(request: DeskRequest) -> None:
    """Refuse whoever does not supervise."""
    if not request.actor.roles & {roles.SUPERVISOR, roles.AUDITOR}:
        raise NotAllowed("验证审计链由监督人员或审计管理员进行。", hint="请用对应岗位的账号登录。")
