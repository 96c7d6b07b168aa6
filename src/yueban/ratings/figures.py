"""The figures of 好差评, each with its numerator and denominator (domain.md §6.2)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Q, QuerySet

from yueban.kernel import clock
from yueban.ratings.choices import LOW, Finding, FollowUpState
from yueban.ratings.models import FollowUp, RateableService, Rating

Z95 = 1.959964
INTERVAL_BELOW = 100


@dataclass(frozen=True)
class Share:
    """A share with what it is a share of; None where there is nothing to divide by."""

    key: str
    name: str
    meaning: str
    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """With two places, half up."""
        if not self.whole:
            return None
        return (Decimal(self.part) * 100 / self.whole).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Wilson's 95 % interval in per cent, given below a hundred cases."""
        if not 0 < self.whole < INTERVAL_BELOW:
            return None
        n, p = self.whole, self.part / self.whole
        middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
        low, high = (
            Decimal(str(100 * edge)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            for edge in (middle - half, middle + half)
        )
        return max(low, Decimal("0.0")), min(high, Decimal("100.0"))


@dataclass(frozen=True)
class Figures:
    """Everything that is told of a set of services."""

    services: int
    by_level: dict[int, int]
    mean_score: Decimal | None
    shares: tuple[Share, ...]

    @property
    def rated(self) -> int:
        """How many were rated."""
        return sum(self.by_level.values())


def figures_of(services: QuerySet[RateableService]) -> Figures:
    """The figures of these services, in a constant number of queries."""
    ratings = Rating.objects.filter(service__in=services)
    by_level = dict.fromkeys(range(1, 6), 0) | {
        row["level"]: row["n"] for row in ratings.order_by().values("level").annotate(n=Count("pk"))
    }
    count = services.count()
    unprompted = ratings.filter(is_prompted=False).count()
    named = FollowUp.objects.filter(rating__in=ratings, rating__rater__isnull=False)
    return Figures(count, by_level, _mean(by_level), tuple(_shares(count, by_level, unprompted, named)))


def _mean(by_level: dict[int, int]) -> Decimal | None:
    n = sum(by_level.values())
    if not n:
        return None
    total = sum((6 - level) * 2 * count for level, count in by_level.items())
    return (Decimal(total) / n).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _shares(
    services: int, by_level: dict[int, int], unprompted: int, named: QuerySet[FollowUp]
) -> Iterable[Share]:
    rated = sum(by_level.values())
    yield Share("rated", "评价率", "已评价件 ÷ 可评价的办结件", rated, services)
    yield Share("unprompted", "主动评价率", "不在窗口设备上评价的 ÷ 已评价件", unprompted, rated)
    good = sum(by_level[level] for level in (1, 2, 3))
    yield Share("good", "好评率", "非常满意、满意、基本满意 ÷ 已评价件", good, rated)
    content = by_level[1] + by_level[2]
    yield Share("content", "满意率", "非常满意、满意 ÷ 已评价件（不含基本满意）", content, rated)
    bad = sum(by_level[level] for level in LOW)
    yield Share("bad", "差评率", "不满意、非常不满意 ÷ 已评价件", bad, rated)
    counts = _counts(named)
    yield Share(
        "contacted", "实名差评回访率", "已联系上的实名差评 ÷ 实名差评", counts["contacted"], counts["named"]
    )
    yield Share(
        "rectified",
        "实名差评回访整改率",
        "已联系上并办结的实名差评 ÷ 属实且到期的实名差评",
        counts["rectified"],
        counts["due"],
    )
    yield Share(
        "in_time", "按期整改率", "按期办结的 ÷ 属实且到期的实名差评", counts["in_time"], counts["due"]
    )


def _counts(named: QuerySet[FollowUp]) -> dict[str, int]:
    reached = Q(contacts__is_reached=True)
    due = Q(finding=Finding.TRUE) & (Q(rectify_by__lt=clock.today()) | Q(state=FollowUpState.CLOSED))
    closed = Q(state=FollowUpState.CLOSED)
    return named.aggregate(
        named=Count("pk", distinct=True),
        contacted=Count("pk", filter=reached, distinct=True),
        due=Count("pk", filter=due, distinct=True),
        rectified=Count("pk", filter=due & closed & reached, distinct=True),
        in_time=Count("pk", filter=due & closed & Q(closed_at__date__lte=F("rectify_by")), distinct=True),
    )
