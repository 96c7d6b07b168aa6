"""追回 as the enterprise reads it: how much, why, by when, what came back, and the paper."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.serving import stored_file_response
from yueban.documents.errors import DocumentNotFound
from yueban.flows import held_payments, recovery_paper
from yueban.kernel import clock
from yueban.payments import selectors as payments
from yueban.payments.choices import RecoveryState


@signed_in
@require_safe
def recovery(request: HttpRequest, number: str) -> HttpResponse:
    """One recovery of the enterprise's own."""
    found = payments.get_recovery(applicant_of(request), number)
    claim = held_payments.claim_number(found.order)
    is_open = found.state == RecoveryState.NOTICED
    context = {
        "recovery": found,
        "entries": list(found.entries.order_by("pk")),
        "paper": recovery_paper.paper_of(found),
        "is_open": is_open,
        "is_late": is_open and found.due_on < clock.today(),
        "claim_number": claim if found.order.reference_kind == held_payments.KIND else "",
        "trail": [(_("惠企政策"), reverse("portal:policies")), (_("追回"), "")],
    }
    return render(request, "portal/recovery.html", context)


@signed_in
@require_safe
def paper(request: HttpRequest, number: str) -> FileResponse:
    """追回通知书 as PDF."""
    issued = recovery_paper.paper_of(payments.get_recovery(applicant_of(request), number))
    if issued is None or issued.file is None:
        raise DocumentNotFound(_("通知书还没有生成好。"), hint=_("请稍等片刻再打开。"))
    return stored_file_response(issued.file, is_download="download" in request.GET)
