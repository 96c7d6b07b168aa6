"""Lists of claims narrowed by what somebody chose, and the choices there are."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from yueban.claims.choices import ClaimState, Way
from yueban.claims.models import Claim
from yueban.divisions import selectors as divisions
from yueban.kernel import clock

COUNTY = 6  # digits of a division's code down to the county
FILTERS = ("text", "state", "offer", "county", "way", "since", "until")


def checked_filters(sent: Mapping[str, str]) -> dict[str, str]:
    """Those that narrow and can be understood."""
    known = {"state": set(ClaimState.values), "way": set(Way.values)}
    found = {}
    for name in FILTERS:
        value = sent.get(name, "").strip()[:60]
        is_day = name not in ("since", "until") or _day(value) is not None
        if value and is_day and value in known.get(name, (value,)):
            found[name] = value
    return found


def narrowed(rows: QuerySet[Claim], filters: Mapping[str, str]) -> QuerySet[Claim]:
    """The rows that the filters mean; a text is the beginning of a number or part of an enterprise's name."""
    for name, column in (("state", "state"), ("way", "way"), ("offer", "offer_key")):
        if filters.get(name):
            rows = rows.filter(**{column: filters[name]})
    if filters.get("county"):
        rows = rows.filter(division_code__startswith=filters["county"][:COUNTY])
    if filters.get("text"):
        text = filters["text"]
        rows = rows.filter(Q(number__startswith=text.upper()) | Q(party_name__contains=text))
    since, until = _day(filters.get("since", "")), _day(filters.get("until", ""))
    if since is not None:
        rows = rows.filter(submitted_at__gte=_morning(since))
    if until is not None:
        rows = rows.filter(submitted_at__lt=_morning(until + timedelta(days=1)))
    return rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BEIJING)


def told(filters: Mapping[str, str]) -> str:
    """The filters in words: 状态：初审中；2026-11-01起."""
    words = (
        f"编号或企业：{filters['text']}" if filters.get("text") else "",
        f"状态：{ClaimState(filters['state']).label}" if filters.get("state") else "",
        f"事项：{filters['offer']}" if filters.get("offer") else "",
        f"地区：{filters['county']}" if filters.get("county") else "",
        f"兑现方式：{Way(filters['way']).label}" if filters.get("way") else "",
        f"{filters['since']}起" if filters.get("since") else "",
        f"到{filters['until']}" if filters.get("until") else "",
    )
    return "；".join(word for word in words if word) or "全部政策申报"


def counts_by_state(rows: QuerySet[Claim]) -> dict[str, tuple[int, Decimal]]:
    """How many claims stand where, and for how much; one query."""
    found = rows.order_by().values("state").annotate(many=Count("pk"), amount=Sum("amount"))
    return {row["state"]: (row["many"], row["amount"]) for row in found}


def choices_of(rows: QuerySet[Claim]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The offers and the counties that occur in the rows, as codes and names."""
    offers = dict(rows.order_by("offer_name").values_list("offer_key", "offer_name").distinct())
    codes = rows.order_by().values_list(Left("division_code", COUNTY), flat=True).distinct()
    counties = divisions.divisions_named(f"{code}000000" for code in codes)
    named = [(code[:COUNTY], row.name) for code, row in sorted(counties.items())]
    return list(offers.items()), named
