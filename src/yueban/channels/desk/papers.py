"""文书模板 and 打印队列 at the desk."""

from collections.abc import Mapping
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.clicks import whole
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.serving import guarded_response
from yueban.documents import selectors as documents
from yueban.documents.choices import DocumentKind
from yueban.documents.errors import DocumentNotFound
from yueban.flows import papers_of_office as flow
from yueban.kernel.errors import Invalid, NotAllowed


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def wordings(request: DeskRequest) -> HttpResponse:
    """文书模板: the kinds of documents; one of them open to be written."""
    if request.method != "POST":
        return _wordings_page(request, {}, {})
    typed = request.POST
    try:
        flow.write(
            request.actor,
            agency=typed.get("agency", ""),
            kind=typed.get("kind", ""),
            opening=typed.get("opening", ""),
            closing=typed.get("closing", ""),
        )
    except Invalid as error:
        return _wordings_page(request, error.fields, typed.dict(), status=error.status)
    messages.success(request, _("草稿已保存，请另一位同事核对后启用。"))
    return HttpResponseRedirect(f"{reverse('desk:wordings')}?kind={typed.get('kind', '')}")


def _wordings_page(
    request: DeskRequest, errors: Mapping[str, str], typed: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    agency = _agency(request)
    kinds = [(str(kind), str(kind.label)) for kind in documents.WORDED]
    asked = typed.get("kind") or request.GET.get("kind", "")
    kind = asked if asked in dict(kinds) else kinds[0][0]
    kept = documents.wordings_of(agency)
    draft, used = kept.get((kind, "draft")), kept.get((kind, "published"))
    shown = draft or used
    context = {
        "agency": agency,
        "kinds": [
            (value, label, (value, "published") in kept, (value, "draft") in kept) for value, label in kinds
        ],
        "kind": kind,
        "kind_name": dict(kinds)[kind],
        "draft": draft,
        "used": used,
        "typed": typed
        or {"opening": shown.opening if shown else "", "closing": shown.closing if shown else ""},
        "placeholders": [f"{{{name}}}" for name in documents.PLACEHOLDERS],
        "errors": [(f"f-{name}", words) for name, words in errors.items()],
        "fields": errors,
        "law": flow.LAW_STAYS,
    }
    return desk_page(request, "desk/wordings.html", context, status=status)


def _agency(request: DeskRequest) -> Agency:
    found = sorted(flow.agencies_worded(request.actor))
    if not found:
        raise NotAllowed(_("文书模板由本单位的审查、决定人员维护。"), hint=_("请用对应岗位的账号登录。"))
    asked = request.GET.get("agency", "")
    return agencies.get_agency(asked if asked in found else found[0])


@staff_only
@require_POST
def wording_step(request: DeskRequest, kind: str, act: str) -> HttpResponse:
    """启用 by a second person, or 停用."""
    agency = request.POST.get("agency", "")
    if act == "publish":
        revision = whole(request.POST.get("revision", ""))
        flow.publish(request.actor, agency=agency, kind=kind, revision=revision)
        messages.success(request, _("已启用，以后出的文书按新的文字。"))
    else:
        flow.retire(request.actor, agency=agency, kind=kind)
        messages.success(request, _("已停用，文书只用平台的法定文字。"))
    return HttpResponseRedirect(f"{reverse('desk:wordings')}?kind={kind}")


@staff_only
@xframe_options_sameorigin
@require_POST
def preview_wording(request: DeskRequest) -> FileResponse:
    """The sheet with the words as they are being written; stores nothing."""
    posted = request.POST
    kind = posted.get("kind", "")
    if kind not in documents.WORDED:
        raise DocumentNotFound(_("没有这种文书。"), hint=_("请从列表里选择文书。"))
    pdf = flow.preview(
        request.actor,
        agency=posted.get("agency", ""),
        kind=kind,
        opening=posted.get("opening", "")[:500],
        closing=posted.get("closing", "")[:1000],
    )
    name = f"{DocumentKind(kind).label}{_('预览')}.pdf"
    return guarded_response(BytesIO(pdf), media_type="application/pdf", name=name, is_inline=True)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def prints(request: DeskRequest) -> HttpResponse | FileResponse:
    """打印队列: what waits; the ticked ones become one PDF, or leave the queue."""
    if request.method != "POST":
        return _prints_page(request, "")
    numbers = [whole(one) for one in request.POST.getlist("prints")]
    if request.POST.get("go") == "drop":
        flow.drop_prints(request.actor, numbers)
        messages.success(request, _("已从打印队列去掉。"))
        return HttpResponseRedirect(reverse("desk:prints"))
    try:
        pdf = flow.print_together(request.actor, numbers)
    except DocumentNotFound as error:
        return _prints_page(request, f"{error.message}{error.hint}", status=422)
    return guarded_response(BytesIO(pdf), media_type="application/pdf", name="合并打印.pdf", is_inline=True)


def _prints_page(request: DeskRequest, problem: str, *, status: int = 200) -> HttpResponse:
    page = page_of(request, documents.print_requests_of(request.actor.user_id))
    context = {
        "page": page,
        "waiting": documents.waiting_prints(request.actor.user_id),
        "printed": [row for row in page.object_list if row.printed_at],
        "query": query_without_page(request),
        "problem": problem,
    }
    return desk_page(request, "desk/prints.html", context, status=status)


@staff_only
@require_POST
def put_aside(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """A document of a case waits for the printer."""
    flow.put_aside(request.actor, number, code)
    messages.success(request, _("已加入打印队列。"))
    return HttpResponseRedirect(f"{reverse('desk:case', args=[number])}?paper=documents")
