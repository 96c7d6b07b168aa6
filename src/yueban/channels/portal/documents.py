"""Files, verification of documents and certificates, and the stable addresses /v/ and /r/."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yueban.cases import selectors as cases
from yueban.certificates import selectors as certificates
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.serving import stored_file_response
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.documents.models import Document
from yueban.files import selectors as files
from yueban.files.errors import FileNotFound
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.errors import NotFound

CODE = re.compile(r"[0-9a-f]{32}")
# What an address may carry as a number: a case number or the key of an item.
NUMBER = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True)
class Answer:
    """What a verification says."""

    is_genuine: bool
    heading: str
    text: str
    checked: tuple[str, ...]
    at: datetime
    facts: list[tuple[str, str]] = field(default_factory=list)
    agency: str = ""


@signed_in
@require_GET
def file(request: HttpRequest, number: str) -> FileResponse:
    """A file of an application or case that this person may see."""
    actor = applicant_of(request)
    if not cases.find_case_with_file(actor, number) and not cases.find_application_with_file(actor, number):
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
    code = re.sub(r"[\s-]", "", request.GET.get("code", "")).lower()
    if CODE.fullmatch(code):
        return redirect("portal:verify", code)
    typed = request.GET.get("code")
    error = "" if typed is None else _("核验码应是 32 位数字和字母（a 到 f），请对照纸面再输一次。")
    context = {"code": typed or "", "error": error, "errors": [("f-code", error)] if error else []}
    return render(request, "portal/verify_form.html", context, status=422 if error else 200)


@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a document or certificate comes from here, for anybody who holds it."""
    found = documents.find_by_verify_code(code)
    answer = _answer(found) if found else _unknown()
    return render(request, "portal/verify.html", {"answer": answer}, status=200 if found else 404)


def _unknown() -> Answer:
    return Answer(
        is_genuine=False,
        heading=_("没有查到"),
        text=_(
            "本平台没有出具过带这个核验码的文书或证照。请对照纸面再输一次；仍查不到，请不要采信，可拨打 12345 询问。"
        ),
        checked=(_("核验码在本平台出具的全部文书中查找，没有相符的。"),),
        at=clock.now(),
    )


def _answer(found: Document) -> Answer:
    verdict = certificates.verify(found.verify_code)
    facts = [
        (_("名称"), found.title),
        (_("编号"), found.number),
        (_("出具机关"), found.agency_name),
        (_("出具日期"), _day(found.issued_on)),
    ]
    checked = [
        _("核验码与本平台出具的文书一致。"),
        _("编号、名称、机关和日期取自出具时的登记。"),
    ]
    if found.sha256:
        checked.append(_("电子文件的 SHA-256 摘要：%(hash)s。") % {"hash": found.sha256})
    if not verdict.is_found:
        return Answer(
            is_genuine=True,
            heading=_("是本平台出具的文书"),
            text=_("%(agency)s于%(day)s出具。") % {"agency": found.agency_name, "day": _day(found.issued_on)},
            checked=tuple(checked),
            at=clock.now(),
            facts=facts,
            agency=found.agency_short,
        )
    facts += [
        (_("持证人"), verdict.holder),
        (_("证照标识"), verdict.identifier),
        (_("有效期"), _period(verdict.valid_from, verdict.valid_until)),
        (_("状态"), verdict.status_name),
    ]
    checked.append(_("证照今天的状态和有效期。"))
    return Answer(
        is_genuine=verdict.is_valid,
        heading=_("证照真实有效") if verdict.is_valid else _("证照现在不能用"),
        text=verdict.message,
        checked=tuple(checked),
        at=clock.now(),
        facts=facts,
        agency=found.agency_short,
    )


def _day(day: date | None) -> str:
    return clock.written(day) if day else ""


def _period(start: date | None, end: date | None) -> str:
    return f"{_day(start)} — {_day(end) or _('长期')}"


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
    if kind == "application" and actor.is_signed_in:
        return redirect("portal:form", number)
    if kind in ("item", "notice"):
        return redirect(f"portal:{'guide' if kind == 'item' else 'notice'}", number)
    raise NotFound(_("没有这个地址。"), hint=_("请从首页进入。"))
