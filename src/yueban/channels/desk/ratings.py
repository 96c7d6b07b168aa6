"""好差评 at the desk: the figures with their denominators, the ratings, and the follow-up of a bad one; never who."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import read_day
from yueban.flows import exports
from yueban.flows import rate as flow
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotFound, ServiceError
from yueban.ratings import selectors as ratings
from yueban.ratings.choices import Finding, Flag, Level, Weight
from yueban.ratings.models import RateableService, Rating

DAYS = 90
COLUMNS = ("指标", "定义", "分子", "分母", "百分比", "95%区间下限", "95%区间上限")


@dataclass(frozen=True)
class Line:
    """One item's ratings; the number of bad ones is hidden where there are too few ratings."""

    name: str
    services: int
    rated: int
    bad: int | None


def _period(request: DeskRequest) -> tuple[date, date]:
    """From and to as they stand in the address; the last ninety days where they do not."""
    last = read_day(request.GET.get("to", "")) or clock.today()
    return read_day(request.GET.get("from", "")) or last - timedelta(days=DAYS - 1), last


def _services(request: DeskRequest) -> QuerySet[RateableService]:
    first, last = _period(request)
    rows = ratings.services_visible_to(request.actor)
    return rows.filter(ended_at__date__gte=first, ended_at__date__lte=last)


@staff_only
@require_safe
def figures(request: DeskRequest) -> HttpResponse:
    """What the ratings of a period say, each figure with what it is a share of."""
    services = _services(request)
    first, last = _period(request)
    found = ratings.figures_of(services)
    least = ratings.scheme().hidden_below
    context = {
        "figures": found,
        "levels": [(Level(level).label, count) for level, count in found.by_level.items()],
        "lines": [_line(row, least) for row in _by_item(services)],
        "first": first,
        "last": last,
        "least": least,
        "as_of": clock.now(),
        "query": query_without_page(request),
        "page": page_of(request, _ratings(request, services)),
        "flags": dict(Flag.choices),
    }
    return desk_page(request, "desk/ratings.html", context)


def _ratings(request: DeskRequest, services: QuerySet[RateableService]) -> QuerySet[Rating]:
    rows = ratings.ratings_visible_to(request.actor).filter(service__in=services)
    return rows.order_by("-rated_at", "-pk")


def _by_item(services: QuerySet[RateableService]) -> list[dict[str, object]]:
    rows = (
        services.order_by()
        .values("item_name")
        .annotate(
            services=Count("pk"),
            rated=Count("rating"),
            bad=Count("rating", filter=Q(rating__level__in=ratings.LOW)),
        )
        .order_by("-rated", "item_name")[:50]
    )
    return [dict(row) for row in rows]


def _line(row: Mapping[str, object], least: int) -> Line:
    rated = int(str(row["rated"]))
    return Line(
        str(row["item_name"]),
        int(str(row["services"])),
        rated,
        int(str(row["bad"])) if rated >= least else None,
    )


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The same figures as an Excel file."""
    found, (first, last) = ratings.figures_of(_services(request)), _period(request)
    exports.record(request.actor, what="好差评指标", rows=len(found.shares) + 1, filters=f"{first}/{last}")
    return excel_response(_("好差评指标"), COLUMNS, _rows(found))


def _rows(found: ratings.Figures) -> Iterator[tuple[Value, ...]]:
    for share in found.shares:
        low, high = share.interval or (None, None)
        yield (share.name, share.meaning, share.part, share.whole, share.percent, low, high)
    meaning = "各评价（6－代码）×2的平均，满分10分"
    yield ("平均得分", meaning, None, found.rated, found.mean_score, None, None)


@staff_only
@require_safe
def rating_page(request: DeskRequest, number: str) -> HttpResponse:
    """One rating and its follow-up."""
    return _render(request, number, {})


@staff_only
@require_POST
def step(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Verify, record a contact, or close; a refusal shows the page with what was typed."""
    do = STEPS.get(act)
    if do is None:
        raise Http404
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        said = do(request.actor, number, typed)
    except NotFound:
        raise
    except ServiceError as error:
        return _render(request, number, typed, error=error, status=error.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:rating", args=[number]))


def _verify(actor: Actor, number: str, typed: Mapping[str, str]) -> str:
    flow.verify(
        actor,
        number,
        finding=typed.get("finding", ""),
        weight=typed.get("weight", ""),
        explanation=typed.get("explanation", ""),
    )
    return _("核实结论已记下。")


def _contact(actor: Actor, number: str, typed: Mapping[str, str]) -> str:
    is_reached = typed.get("is_reached") == "yes"
    flow.contact(
        actor, number, way=typed.get("way", ""), is_reached=is_reached, text=typed.get("contact_text", "")
    )
    return _("回访已记下。")


def _close(actor: Actor, number: str, typed: Mapping[str, str]) -> str:
    flow.close(actor, number, outcome=typed.get("outcome", ""))
    return _("已办结，结果已告诉评价人。")


STEPS: dict[str, Callable[[Actor, str, Mapping[str, str]], str]] = {
    "verify": _verify,
    "contact": _contact,
    "close": _close,
}


def _render(
    request: DeskRequest,
    number: str,
    typed: Mapping[str, str],
    *,
    error: ServiceError | None = None,
    status: int = 200,
) -> HttpResponse:
    rating = ratings.get_rating(request.actor, number)
    scheme = ratings.scheme()
    named = {aspect.key: aspect.name for aspect in scheme.aspects}
    context = {
        "rating": rating,
        "aspects": [named.get(key, key) for key in rating.aspects],
        "flags": [Flag(flag).label for flag in rating.flags],
        "follow_up": ratings.follow_up_of(rating),
        "may_act": _may_act(request.actor, rating),
        "findings": Finding.choices,
        "weights": [(value, label, getattr(scheme.rectify_days, value)) for value, label in Weight.choices],
        "ways": (_("电话"), flow.PLATFORM, _("上门或到窗口")),
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "typed": typed,
        "trail": [(_("好差评"), reverse("desk:ratings")), (number, "")],
    }
    return desk_page(request, "desk/rating.html", context, status=status)


def _may_act(actor: Actor, rating: Rating) -> bool:
    """Whether this person may follow it up: of the handling agency, without a part in the case."""
    return flow.may_check(actor, rating.service) and actor.user_id not in flow.handlers_of(rating.service)
