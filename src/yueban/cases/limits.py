"""Which limits a case has: read from the clock set of its item version, never from habit (domain.md §12)."""

from dataclasses import dataclass
from datetime import date

from yueban.cases.models import BundleChildCase, Case
from yueban.catalogue.compiled import ClockSet
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.kernel import clock
from yueban.kernel.periods import Limit, Unit

SUPPLEMENT_LIMIT = Limit(15, "工作日")  # the notice's own term; no law fixes it
RECEIVE_LIMIT = Limit(1, "工作日")  # the hall's own promise; the law's five days run beside it
HEARING_ASK_LIMIT = Limit(5, "工作日")
HEARING_HOLD_LIMIT = Limit(20, "工作日")
HEARING_LAW = "行政许可法第四十七条"


@dataclass(frozen=True)
class LegalLimit:
    """A limit with the words of its basis."""

    limit: Limit
    basis: str


def find_limit(case: Case, kind: ClockKind) -> LegalLimit | None:
    """The limit of this kind, or None where the item's legal basis knows none."""
    clock_set: ClockSet = case.item_version.compiled.clocks
    match kind:
        case ClockKind.RECEIVE:
            return LegalLimit(RECEIVE_LIMIT, "政务服务大厅收件响应时限")
        case ClockKind.NOTICE:
            return LegalLimit(clock_set.notice.limit, f"一次性告知期限（{clock_set.notice_basis}）")
        case ClockKind.SUPPLEMENT:
            return LegalLimit(SUPPLEMENT_LIMIT, "补正告知书确定的期限")
        case ClockKind.PROMISE:
            return _promised_in_bundle(case) or LegalLimit(clock_set.promised.limit, "公布的承诺办结时限")
        case ClockKind.STATUTORY:
            return LegalLimit(clock_set.statutory.limit, _statutory_basis(clock_set))
        case ClockKind.HEARING:
            return LegalLimit(HEARING_ASK_LIMIT, f"申请听证的期限（{HEARING_LAW}）")
        case ClockKind.DELIVERY:
            delivery = clock_set.delivery
            return LegalLimit(delivery.limit, "送达期限（行政许可法第四十四条）") if delivery else None
    return None


def _promised_in_bundle(case: Case) -> LegalLimit | None:
    """What is promised for the item within its bundle; what is promised in minutes is due the same day."""
    if not case.in_bundle:
        return None
    child = BundleChildCase.objects.select_related("bundle_case__bundle_version").filter(case=case).first()
    if child is None:
        return None
    compiled = child.bundle_case.bundle_version.compiled_bundle
    promised = compiled.child_by_key[child.child_key].promised.limit
    is_of_days = promised.unit not in (Unit.HOUR, Unit.MINUTE)
    limit = promised if is_of_days else Limit(0, Unit.WORKDAY)
    return LegalLimit(limit, f"一件事“{compiled.name}”承诺的时限（{promised}）"[:200])


def _statutory_basis(clock_set: ClockSet) -> str:
    if not clock_set.statutory.by_law:
        return "政策规定的办结时限"
    return "法定办结时限（行政许可法第四十二条等）" if clock_set.kind == "permit" else "法定办结时限"


def extension_of(case: Case) -> LegalLimit | None:
    """The one extension of the handling limits, where the law or the item's standard knows one."""
    extension = case.item_version.compiled.clocks.extension
    return LegalLimit(extension.limit, extension.note or "办事指南列明的延长期限") if extension else None


def planned_limit(days: int, name: str, basis: str) -> LegalLimit:
    """The planned days of a special procedure as a limit of its own."""
    return LegalLimit(Limit(days, "工作日"), f"{name}计划期限（{basis}）"[:200])


def owed_limit(days: int) -> LegalLimit:
    """The days within which the applicant has promised to supply what he owes."""
    return LegalLimit(Limit(days, "工作日"), "容缺受理告知承诺书确定的期限")


def supplement_due_on(case: Case) -> date:
    """The last day to answer a notice sent today."""
    return clocks.due_on(clock.today(), SUPPLEMENT_LIMIT, case.division_code)


def is_deemed_accepted(case: Case) -> bool:
    """Whether the law accepts when nobody told the applicant in time."""
    return case.item_version.compiled.clocks.is_deemed_accepted
