"""统计: the figures of a department with their numerators and denominators, and the cases behind every number."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.approvals import selectors as approvals
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day
from yueban.channels.shared.serving import disposition
from yueban.flows import exports
from yueban.kernel import clock, roles
from yueban.kernel.errors import NotAllowed
from yueban.oversight import selectors as oversight
from yueban.oversight.selectors import Span
from yueban.ratings.selectors import Share

DAYS = 90
SEES = frozenset({roles.DECIDER, roles.SUPERVISOR})
COLUMNS = ("范围", "指标", "定义", "分子", "分母", "百分比", "95%区间下限", "95%区间上限")


def _cases(request: DeskRequest) -> QuerySet[Case]:
    """The cases of the departments this person leads or watches over; raises NotAllowed for others."""
    posts = tuple(post for post in request.actor.posts if post.role in SEES)
    if not posts:
        raise NotAllowed(_("统计由部门的决定人和监督人员查看。"), hint=_("请用对应岗位的账号登录。"))
    return cases_read.cases_visible_to(replace(request.actor, posts=posts))


def _span(request: DeskRequest) -> Span:
    """From and to as they stand in the address; the last ninety days where they do not."""
    last = read_day(request.GET.get("to", "")) or clock.today()
    first = read_day(request.GET.get("from", "")) or last - timedelta(days=DAYS - 1)
    return Span(min(first, last), last)


@staff_only
@require_safe
def figures(request: DeskRequest) -> HttpResponse:
    """All figures of a span: as a whole, by item, by person."""
    rows, span = _cases(request), _span(request)
    context = {
        "shares": oversight.figures_of(rows, span),
        "items": oversight.by_item(rows, span),
        "proofs": oversight.proofs_of(rows, span),
        "heads": [oversight.BY_KEY[key].name for key in oversight.IN_A_LINE],
        "people": approvals.work_by_person(request.actor, span.since, span.until),
        "span": span,
        "least": oversight.LEAST_FOR_PERCENT,
        "as_of": clock.now(),
    }
    return desk_page(request, "desk/figures.html", context)


@staff_only
@require_safe
def behind(request: DeskRequest) -> HttpResponse:
    """The cases that one number counts."""
    rows, span = _cases(request), _span(request)
    figure = oversight.BY_KEY.get(request.GET.get("figure", ""))
    if figure is None:
        raise Http404
    only_part, item = request.GET.get("part") == "1", request.GET.get("item", "")
    found = oversight.cases_behind(rows, figure, span, only_part=only_part)
    found = (found.filter(item_name=item) if item else found).select_related("agency")
    context = {
        "figure": figure,
        "only_part": only_part,
        "item": item,
        "span": span,
        "page": page_of(request, found.order_by("-applied_at", "-pk")),
        "query": query_without_page(request),
        "trail": [
            (_("统计"), f"{reverse('desk:figures')}?from={span.first}&to={span.last}"),
            (figure.name, ""),
        ],
    }
    return desk_page(request, "desk/figure_cases.html", context)


@staff_only
@require_safe
def export(request: DeskRequest, form: str) -> HttpResponseBase:
    """The same figures as Excel or CSV; that somebody took them is kept."""
    rows, span = _cases(request), _span(request)
    if form not in ("xlsx", "csv"):
        raise Http404
    lines = list(_lines(rows, span))
    exports.record(request.actor, what="部门统计", rows=len(lines), filters=f"{span.first}/{span.last}")
    if form == "xlsx":
        return excel_response(_("部门统计"), COLUMNS, lines)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_plain(value) for value in line] for line in lines)
    # The mark lets Excel read the file as UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(f"部门统计{clock.today():%Y%m%d}.csv", is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response


def _plain(value: Value) -> str:
    """A cell of a CSV file, which a spreadsheet must not take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _lines(rows: QuerySet[Case], span: Span) -> Iterator[tuple[Value, ...]]:
    for share in oversight.figures_of(rows, span):
        yield _line(_("全部"), share)
    proofs = oversight.proofs_of(rows, span)
    yield _line(_("全部"), proofs.spared)
    yield _line(_("全部"), proofs.answered)
    for source in proofs.sources:
        yield _line(_("接口"), source.answered)
    for item in oversight.by_item(rows, span):
        for share in item.shares:
            yield _line(item.name, share)


def _line(scope: str, share: Share) -> tuple[Value, ...]:
    is_enough = share.whole >= oversight.LEAST_FOR_PERCENT
    low, high = (share.interval or (None, None)) if is_enough else (None, None)
    percent = share.percent if is_enough else None
    return (scope, share.name, share.meaning, share.part, share.whole, percent, low, high)
