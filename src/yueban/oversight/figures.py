"""The figures of a department: each a part of a whole, both of them cases that can be looked at one by one.

A figure is two conditions over cases; the count, the list behind it and the export are made from the same two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.oversight.choices import Finding
from yueban.oversight.models import SampledCase
from yueban.oversight.proofs import asks, hands_in
from yueban.oversight.spans import Span as Span
from yueban.ratings.selectors import Share

# Below this a percentage says more about chance than about work: only the two numbers are shown.
LEAST_FOR_PERCENT = 5
MOST_ITEMS = 100


@dataclass(frozen=True)
class Figure:
    """One figure: whose whole is counted by which time, and what makes a case a part of it."""

    key: str
    name: str
    meaning: str
    counted_by: str
    part: Q
    whole: Q = field(default_factory=Q)

    def wholes(self, span: Span) -> Q:
        """The cases it is a share of."""
        return span.within(self.counted_by) & self.whole

    def parts(self, span: Span) -> Q:
        """Those of them that count."""
        return self.wholes(span) & self.part


TIMED, LATE, LATE_BY_LAW = Q(is_timed=True), Q(is_late=True), Q(is_late_by_law=True)
ASKED, AGAIN = Q(supplements_asked__gte=1), Q(supplements_asked__gte=2)
CLOSED = Q(ended_at__isnull=False)
FIGURES: tuple[Figure, ...] = (
    Figure(
        "in_time",
        "按承诺办结率",
        "在承诺期限最后一天或以前作出决定的 ÷ 这段时间作出决定、有承诺期限的",
        "decided_at",
        ~LATE,
        TIMED,
    ),
    Figure(
        "late",
        "超承诺期限率",
        "承诺期限过后才作出决定的 ÷ 这段时间作出决定、有承诺期限的",
        "decided_at",
        LATE,
        TIMED,
    ),
    Figure(
        "late_by_law",
        "超法定期限率",
        "法定期限过后才作出决定的 ÷ 这段时间作出决定的",
        "decided_at",
        LATE_BY_LAW,
    ),
    Figure(
        "returned",
        "退件率",
        "已退件的 ÷ 这段时间提交的申请",
        "applied_at",
        Q(state=CaseState.RETURNED),
    ),
    Figure(
        "not_accepted",
        "不予受理率",
        "不予受理的 ÷ 这段时间提交的申请",
        "applied_at",
        Q(state=CaseState.NOT_ACCEPTED),
    ),
    Figure("supplement", "补正率", "告知过补正的 ÷ 这段时间收件的", "received_at", ASKED),
    Figure(
        "second",
        "再次补正率",
        "告知过两次或更多次补正的 ÷ 这段时间收件、告知过补正的",
        "received_at",
        AGAIN,
        ASKED,
    ),
    Figure(
        "sampled",
        "抽查合格率",
        "抽查合格的 ÷ 这段时间作出决定、已经抽查的",
        "decided_at",
        Q(is_faulty=False),
        Q(is_checked=True),
    ),
    Figure(
        "proof_free",
        "无证明化办件率",
        "证明类材料全部由取消、证照、数据、核验、承诺或复用满足的 ÷ 这段时间作出决定、已办结、要证明类材料的",
        "decided_at",
        Q(hands_in_proof=False),
        CLOSED & Q(asks_proof=True),
    ),
    Figure(
        "hand_free",
        "免提交办件率",
        "政府核发的材料全部不用申请人交的 ÷ 这段时间作出决定、已办结、要政府核发的材料的",
        "decided_at",
        Q(hands_in_issued=False),
        CLOSED & Q(asks_issued=True),
    ),
)
BY_KEY: Mapping[str, Figure] = {figure.key: figure for figure in FIGURES}
IN_A_LINE = ("in_time", "late_by_law", "returned", "supplement", "second")


@dataclass(frozen=True)
class ItemLine:
    """One item's figures, in the order of IN_A_LINE."""

    name: str
    shares: tuple[Share, ...]


def figures_of(cases: QuerySet[Case], span: Span) -> list[Share]:
    """All figures of these cases, in one query."""
    counted = _noted(cases, span).aggregate(**_counts(tuple(BY_KEY), span))
    return [_share(figure, counted) for figure in FIGURES]


def by_item(cases: QuerySet[Case], span: Span) -> list[ItemLine]:
    """The same by item, the busiest first; one query however many items."""
    rows = _noted(cases, span).order_by().values("item_name").annotate(all_of_it=Count("pk"))
    rows = rows.annotate(**_counts(IN_A_LINE, span)).order_by("-all_of_it", "item_name")[:MOST_ITEMS]
    return [ItemLine(row["item_name"], tuple(_share(BY_KEY[key], row) for key in IN_A_LINE)) for row in rows]


def cases_behind(cases: QuerySet[Case], figure: Figure, span: Span, *, only_part: bool) -> QuerySet[Case]:
    """The cases that a number counts: the whole of a figure, or its part."""
    return _noted(cases, span).filter(figure.parts(span) if only_part else figure.wholes(span))


def _noted(cases: QuerySet[Case], span: Span) -> QuerySet[Case]:
    """Cases of the span with what the clocks say of them."""
    of_span = span.within("applied_at") | span.within("received_at") | span.within("decided_at")
    checked = SampledCase.objects.filter(case_number=OuterRef("number")).exclude(result="")
    return cases.filter(of_span).annotate(
        is_timed=Exists(clocks.ended("case", ClockKind.PROMISE, "number")),
        is_late=Exists(clocks.ended_late("case", ClockKind.PROMISE, "number")),
        is_checked=Exists(checked),
        is_faulty=Exists(checked.filter(result=Finding.FAULTY)),
        asks_proof=asks(**{"class": "proof"}),
        hands_in_proof=hands_in(**{"class": "proof"}),
        asks_issued=asks(source="20"),
        hands_in_issued=hands_in(source="20"),
        is_late_by_law=Exists(clocks.ended_late("case", ClockKind.STATUTORY, "number")),
    )


def _counts(keys: tuple[str, ...], span: Span) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in keys:
        found[f"{key}_part"] = Count("pk", filter=BY_KEY[key].parts(span))
        found[f"{key}_whole"] = Count("pk", filter=BY_KEY[key].wholes(span))
    return found


def _share(figure: Figure, counted: Mapping[str, Any]) -> Share:
    part, whole = counted[f"{figure.key}_part"], counted[f"{figure.key}_whole"]
    return Share(figure.key, figure.name, figure.meaning, part, whole)
