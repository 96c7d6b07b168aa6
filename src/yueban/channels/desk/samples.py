"""抽查 at the desk: draw closed cases by lot, check them point by point, see what was found."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day, whole_number
from yueban.flows import sampling
from yueban.kernel import clock
from yueban.kernel.errors import Invalid
from yueban.oversight import selectors as oversight
from yueban.oversight.choices import Point

DAYS = 90


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("统计"), reverse("desk:figures")), (_("抽查"), reverse("desk:samples")), *more]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def sample_list(request: DeskRequest) -> HttpResponse:
    """The samples so far, and the form to draw another."""
    sampling.post_of(request.actor)
    if request.method != "POST":
        return _list(request)
    posted = request.POST
    first, last = read_day(posted.get("first", "")), read_day(posted.get("last", ""))
    try:
        if first is None or last is None or first > last:
            raise Invalid.of_fields({"first": _("请填写起止日期，起不晚于止。")})
        sample = sampling.draw(
            request.actor,
            first=first,
            last=last,
            item_name=posted.get("item", "").strip()[:200],
            size=whole_number(request, "size") or 0,
        )
    except Invalid as error:
        return _list(request, error=error)
    return HttpResponseRedirect(reverse("desk:sample", args=[sample.number]))


def _list(request: DeskRequest, *, error: Invalid | None = None) -> HttpResponse:
    today = clock.today()
    defaults = {
        "first": (today - timedelta(days=DAYS - 1)).isoformat(),
        "last": today.isoformat(),
        "size": "10",
    }
    context = {
        "page": page_of(request, oversight.samples_visible_to(request.actor)),
        "query": query_without_page(request),
        "typed": request.POST or defaults,
        "trail": _trail()[:1],
        **_told(error),
    }
    return desk_page(request, "desk/samples.html", context, status=error.status if error else 200)


@staff_only
@require_safe
def sample_page(request: DeskRequest, number: str) -> HttpResponse:
    """One sample: how it was drawn, and its cases with what was found."""
    sampling.post_of(request.actor)
    sample = oversight.get_sample(request.actor, number)
    context = {"sample": sample, "rows": oversight.sampled_cases(sample), "trail": _trail((number, ""))}
    return desk_page(request, "desk/sample.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: DeskRequest, number: str, case_number: str) -> HttpResponse:
    """One drawn case: its points to answer, or the finding there is."""
    sampling.post_of(request.actor)
    sample = oversight.get_sample(request.actor, number)
    error: Invalid | None = None
    if request.method == "POST":
        answers = {str(point): request.POST.get(point, "") for point in Point}
        try:
            sampling.check(
                request.actor, number, case_number, answers=answers, note=request.POST.get("note", "")
            )
        except Invalid as refused:
            error = refused
        else:
            messages.success(request, _("已记下抽查结论。"))
            return HttpResponseRedirect(reverse("desk:sample", args=[number]))
    row = oversight.get_sampled(sample, case_number)
    answered = row.answers or {str(point): request.POST.get(point, "") for point in Point}
    told = _told(error)
    context = {
        "sample": sample,
        "row": row,
        "points": [
            (str(point), str(point.label), answered[point], told["field_errors"].get(point, ""))
            for point in Point
        ],
        "typed": request.POST,
        "trail": _trail((number, reverse("desk:sample", args=[number])), (case_number, "")),
        **told,
    }
    return desk_page(request, "desk/sample_check.html", context, status=error.status if error else 200)


def _told(error: Invalid | None) -> dict[str, Any]:
    fields = error.fields if error else {}
    return {
        "field_errors": fields,
        "errors": [(f"f-{name}", sentence) for name, sentence in fields.items()],
    }
