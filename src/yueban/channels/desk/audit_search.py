"""审计: the auditor looks through all events, takes a part of them out with a purpose, and proves the chains."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.accounts import selectors as accounts
from yueban.audit import selectors as audit
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.sayings import SAID, said_of, thing_of
from yueban.channels.desk.staff import check_role
from yueban.channels.shared.excel import excel_response
from yueban.channels.shared.posted import read_day
from yueban.channels.shared.serving import disposition
from yueban.flows import audit_exports
from yueban.flows.audit_view import events_visible_to
from yueban.kernel import clock, roles
from yueban.kernel.errors import Invalid

FIELDS = ("person", "number", "kind", "from", "to")


def _chosen(values: HttpRequest) -> dict[str, str]:
    source = values.POST if values.method == "POST" else values.GET
    return {name: source.get(name, "").replace("\x00", "").strip()[:80] for name in FIELDS}


def _wanted(chosen: dict[str, str]) -> audit.Wanted:
    """What the filters mean; a person who does not exist finds nothing rather than everybody."""
    person = accounts.find_by_username(chosen["person"]) if chosen["person"] else None
    user_id = (person.pk if person else 0) if chosen["person"] else None
    return audit.Wanted(
        user_id=user_id,
        number=chosen["number"],
        kind=chosen["kind"],
        first=read_day(chosen["from"]),
        last=read_day(chosen["to"]),
    )


@staff_only
@require_safe
def search(request: DeskRequest) -> HttpResponse:
    """Events by person, object, kind and period, the newest first; the next page goes on from a mark."""
    check_role(request, roles.AUDITOR)
    return _render(request, _chosen(request))


@staff_only
@require_POST
def export(request: DeskRequest) -> HttpResponseBase:
    """What was found: as an Excel file, or where it is too much for one as CSV that begins at once."""
    check_role(request, roles.AUDITOR)
    chosen = _chosen(request)
    wanted = _wanted(chosen)
    try:
        fits = audit_exports.begin(
            request.actor, wanted, chosen, purpose=request.POST.get("purpose", "")[:500]
        )
    except Invalid as error:
        return _render(request, chosen, error=error, status=error.status)
    found = audit_exports.rows(request.actor, wanted, SAID)
    if fits:
        return excel_response(_("审计记录"), audit_exports.COLUMNS, found)
    response = StreamingHttpResponse(audit_exports.csv_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(f"审计记录{clock.today():%Y%m%d}.csv", is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


def _render(
    request: DeskRequest, chosen: dict[str, str], *, error: Invalid | None = None, status: int = 200
) -> HttpResponse:
    reach = events_visible_to(request.actor)
    found = audit.search(reach, _wanted(chosen), mark=request.GET.get("mark", "")[:80])
    query = {name: value for name, value in chosen.items() if value}
    context = {
        "events": [(event, said_of(event.kind), thing_of(event.reference_kind)) for event in found.events],
        "next": urlencode({**query, "mark": found.next_mark}) if found.next_mark else "",
        "is_later": bool(request.GET.get("mark")),
        "chosen": chosen,
        "first_page": urlencode(query),
        "kinds": sorted(SAID.items(), key=lambda pair: pair[1]),
        "error": error,
        "field_errors": error.fields if error else {},
        "purpose": request.POST.get("purpose", ""),
    }
    return desk_page(request, "desk/audit_search.html", context, status=status)
