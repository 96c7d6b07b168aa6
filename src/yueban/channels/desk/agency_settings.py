"""机构信息: what the system administrator sets of the agencies of his division."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.agencies import selectors as agencies
from yueban.agencies.errors import AgencyNotFound
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.staff import check_role
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import administer
from yueban.kernel import roles
from yueban.kernel.errors import Invalid

FIELDS = ("phone", "address", "hours")


@staff_only
@require_safe
def agency_list(request: DeskRequest) -> HttpResponse:
    """The agencies of the division with their telephones."""
    within = check_role(request, roles.SYSTEM_ADMIN)
    text = request.GET.get("text", "").strip()[:60]
    context = {
        "page": page_of(request, agencies.agencies_within(within, text=text)),
        "query": query_without_page(request),
        "text": text,
        "trail": [(_("人员与岗位"), reverse("desk:people")), (_("机构信息"), "")],
    }
    return desk_page(request, "desk/agencies.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: DeskRequest, code: str) -> HttpResponse:
    """One agency: telephone, address, hours."""
    within = check_role(request, roles.SYSTEM_ADMIN)
    found = agencies.find_agency(code)
    if found is None or not found.division.code.startswith(within):
        raise AgencyNotFound(_("没有这个部门。"), hint=_("请从列表中重新选择。"))
    typed = {name: getattr(found, name) for name in FIELDS}
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:300] for name in FIELDS}
        try:
            administer.set_agency_contact(request.actor, code, typed)
        except Invalid as error:
            faults = error.fields
        else:
            messages.success(request, _("已保存，办事指南和文书从现在起用新的内容。"))
            return HttpResponseRedirect(reverse("desk:agency", args=[code]))
    context = {
        "agency": found,
        "typed": typed,
        "field_errors": faults,
        "errors": [(f"f-{name}", message) for name, message in faults.items()],
        "trail": [
            (_("人员与岗位"), reverse("desk:people")),
            (_("机构信息"), reverse("desk:agencies")),
            (found.short_name, ""),
        ],
    }
    return desk_page(request, "desk/agency.html", context, status=422 if faults else 200)
