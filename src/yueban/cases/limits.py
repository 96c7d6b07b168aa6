"""Which limits a case has: read from the clock set of its item version, never from habit (domain.md §12)."""

from dataclasses import dataclass
from datetime import date

from yueban.cases.models import Case
from yueban.catalogue.compiled import ClockSet
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.kernel import clock
from yueban.kernel.periods import Limit

SUPPLEMENT_LIMIT = Limit(15, "工作日")  # the notice's own term; no law fixes it


@dataclass(frozen=True)
class LegalLimit:
    """A limit with the words of its basis."""

    limit: Limit
    basis: str


def find_limit(case: Case, kind: ClockKind) -> LegalLimit | None:
    """The limit of this kind, or None where the item's legal basis knows none."""
    clock_set: ClockSet = case.item_version.compiled.clocks
    match kind:
        case ClockKind.NOTICE:
            return LegalLimit(clock_set.notice.limit, "一次性告知期限（行政许可法第三十二条）")
        case ClockKind.SUPPLEMENT:
            return LegalLimit(SUPPLEMENT_LIMIT, "补正告知书确定的期限")
        case ClockKind.PROMISE:
            return LegalLimit(clock_set.promised.limit, "公布的承诺办结时限")
        case ClockKind.STATUTORY:
            return LegalLimit(clock_set.statutory.limit, "法定办结时限")
        case ClockKind.DELIVERY:
            delivery = clock_set.delivery
            return LegalLimit(delivery.limit, "送达期限（行政许可法第四十四条）") if delivery else None


def supplement_due_on(case: Case) -> date:
    """The last day to answer a notice sent today."""
    return clocks.due_on(clock.today(), SUPPLEMENT_LIMIT, case.division_code)


def is_deemed_accepted(case: Case) -> bool:
    """Whether the law accepts when nobody told the applicant in time."""
    return case.item_version.compiled.clocks.is_deemed_accepted
