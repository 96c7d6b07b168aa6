"""Files, verification of documents and certificates, and the stable addresses /v/ and /r/."""

import re
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.cases import selectors as cases
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.serving import stored_file_response
from yueban.channels.shared.verifying import answer_for, mistyped, read_code
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.files import selectors as files
from yueban.files.errors import FileNotFound
from yueban.flows.identify import actor_for
from yueban.kernel.errors import NotFound

# What an address may carry as a number: a case number or the key of an item.
NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}")


@signed_in
@require_GET
def file(request: HttpRequest, number: str) -> FileResponse:
    """A file of an application or case that this person may see."""
    actor = applicant_of(request)
    if not cases.may_see_file(actor, number):
        raise FileNotFound(_("找不到这个文件。"), hint=_("请从办件页面重新打开。"))
    return stored_file_response(files.get_file(number), is_download="download" in request.GET)


@signed_in
@require_GET
def document(request: HttpRequest, number: str, code: str) -> FileResponse:
    """A document of a case that this person may see, as PDF."""
    case = cases.get_case(applicant_of(request), number)
    found = documents.find_by_verify_code(code)
    if found is None or found.subject_number != case.number or found.file is None:
        raise DocumentNotFound(_("这份文书还没有生成好，或不在这件办件里。"), hint=_("请稍等片刻再打开。"))
    return stored_file_response(found.file, is_download="download" in request.GET)


@require_GET
def verify_form(request: HttpRequest) -> HttpResponse:
    """Type the code that is printed beside the QR."""
    code = read_code(request.GET.get("code", ""))
    if code:
        return redirect("portal:verify", code)
    typed = request.GET.get("code")
    error = "" if typed is None else mistyped()
    context = {"code": typed or "", "error": error, "errors": [("f-code", error)] if error else []}
    return render(request, "portal/verify_form.html", context, status=422 if error else 200)


@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a document or certificate comes from here, for anybody who holds it."""
    answer = answer_for(code)
    return render(request, "portal/verify.html", {"answer": answer}, status=200 if answer.is_known else 404)


# Where a thing is found: by staff at the desk, by its owner on his own page.
OWN = {
    "bundle": ("desk:bundle-case", "portal:bundle-case"),
    "claim": ("desk:claim", "portal:claim"),
    "ticket": ("desk:ticket", "portal:ticket"),
    "auto-entry": ("portal:consent", "portal:consent"),
}
PUBLIC = {"item": "portal:guide", "notice": "portal:notice", "offer": "portal:offer"}


@require_GET
def reference(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The stable address of a thing: leads each person to his own page of it."""
    actor = actor_for(request)
    if not NUMBER.fullmatch(number):
        raise NotFound(_("没有这个地址。"), hint=_("请从首页进入。"))
    if kind == "case":
        if not actor.is_signed_in:
            return redirect(f"{reverse('portal:progress')}?{urlencode({'number': number})}")
        if actor.is_staff:
            return redirect("desk:case", number)
        return redirect("portal:case", number)
    if kind == "payment" and actor.is_staff:
        return redirect("desk:payment", number)
    if kind == "dataobjection" and actor.is_signed_in:
        return redirect("desk:data-objection", number) if actor.is_staff else redirect("portal:facts")
    if kind in OWN and (actor.is_signed_in or kind == "bundle"):
        staffs, owners = OWN[kind]
        return redirect(staffs if actor.is_staff else owners, number)
    if kind == "application" and actor.is_signed_in:
        return redirect("portal:form", number)
    if kind in PUBLIC:
        return redirect(PUBLIC[kind], number)
    raise NotFound(_("没有这个地址。"), hint=_("请从首页进入。"))
