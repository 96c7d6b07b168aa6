"""The demo clock's button; absent outside a demonstration."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.shared.posted import whole_number
from yueban.flows import pass_time


@staff_only
@require_POST
def advance(request: DeskRequest) -> HttpResponse:
    """One working day passes, or as many as the button says; deadlines that fall due are acted on."""
    if not settings.YUEBAN_DEMO_CLOCK:
        raise Http404
    day = pass_time.pass_workdays(request.actor, whole_number(request, "days") or 1)
    messages.success(
        request, _("演示时钟已到%(day)s，到期的事项已自动处理。") % {"day": date_format(day, "Y年n月j日 l")}
    )
    return HttpResponseRedirect(_came_from(request))


def _came_from(request: DeskRequest) -> str:
    """The desk page the button was on."""
    referer = request.headers.get("Referer", "")
    path = urlsplit(referer).path
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}) and path.startswith("/desk/"):
        return path
    return reverse("desk:inbox")
