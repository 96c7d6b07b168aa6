"""Conditions of moves that are more than a state and a post: each says what is wrong and what to do instead.

Guards of moves that time makes for many cases at once ask the database nothing.
"""

from yueban.approvals import selectors as approvals
from yueban.cases.choices import MaterialState, SpecialState
from yueban.cases.errors import (
    CaseMoveNotPossible,
    ExtensionNotPossible,
    MaterialsIncomplete,
    SupplementAlreadyAsked,
)
from yueban.cases.kept_reads import read_once
from yueban.cases.limits import extension_of, is_deemed_accepted
from yueban.cases.models import Case
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.clocks.models import Clock
from yueban.documents import selectors as documents
from yueban.documents.choices import DocumentKind
from yueban.kernel.reference import Reference
from yueban.prepared import run_prepared

MISSING = """
SELECT name FROM cases_casematerial AS material
WHERE case_id = %s AND is_required AND (
    state IN ('asked', 'owed')
    OR way = 'upload' AND NOT EXISTS (
        SELECT FROM cases_materialfile WHERE material_id = material.id AND is_current
    )
)
ORDER BY position, id
"""


def may_ask_supplement(case: Case) -> None:
    """一次性告知: once; a second time only with a supervisor's word that has not been used."""
    if case.supplements_asked and not _has_allowance(case):
        raise SupplementAlreadyAsked(
            "已经告知过一次补正，不能再次要求补正。",
            hint="请按已有材料受理；确有新情况的，请联系监督人员处理。",
        )


def may_be_asked_again(case: Case) -> None:
    """A supervisor allows a second notice only after the first, and one at a time."""
    if not case.supplements_asked:
        raise CaseMoveNotPossible("还没有告知过补正，不需要特别允许。", hint="窗口可以直接一次告知补正。")
    if _has_allowance(case):
        raise CaseMoveNotPossible("已经允许过再次补正，窗口还没有使用。", hint="请等窗口告知后再看。")


def has_its_materials(case: Case) -> None:
    """All that is required is there or is asked of other agencies; what may come later is accepted another way."""
    if names := "、".join(name for (name,) in run_prepared(MISSING, [case.pk])):
        raise MaterialsIncomplete(
            f"还缺：{names}，不能按材料齐全受理。", hint="可以后补的，请用“容缺受理”；否则请告知补正。"
        )


def owes_something(case: Case) -> None:
    """容缺 needs at least one material that is owed."""
    if not case.materials.filter(state=MaterialState.OWED).exists():
        raise CaseMoveNotPossible("没有要后补的材料。", hint="请刷新页面看最新进度。")


def is_deemed_by_law(case: Case) -> None:
    """Silence accepts only where the clock set of the item says so."""
    if not is_deemed_accepted(case):
        raise CaseMoveNotPossible(
            "这个事项没有“视为受理”的法律规定。", hint="请尽快告知；逾期未告知由监督处理。"
        )


def may_suspend(case: Case) -> None:
    """A public notice or the right to a hearing is waited for first: two pauses are never mixed."""
    if any(notice.state == "running" for notice in approvals.notices_of(_reference(case))):
        raise CaseMoveNotPossible("正在公示，不能开始特别程序。", hint="请等公示结束后再开始。")
    _no_open_hearing_right(case)


def may_extend(case: Case) -> None:
    """延长: once, where the law or the item knows it, before the limit is over."""
    if extension_of(case) is None:
        raise ExtensionNotPossible(
            "这个事项没有延长办理期限的规定。", hint="请在承诺时限内办结；需要评审、检验的，用特别程序。"
        )
    if case.extended_on is not None:
        raise ExtensionNotPossible("办理期限只能延长一次，这件已经延长过。", hint="请在延长后的期限内办结。")
    if any(row.kind == ClockKind.STATUTORY and row.is_over for row in live_clocks(case)):
        raise ExtensionNotPossible("法定期限已经过了，不能再延长。", hint="请尽快办结，并向监督人员说明。")


def may_tell_hearing(case: Case) -> None:
    """The right is told once at a time, and not after a hearing was held."""
    if case.hearings.exists():
        raise CaseMoveNotPossible("这件办件已经告知过听证权利。", hint="请在“特别程序”中查看听证的情况。")


def may_ask_hearing(case: Case) -> None:
    """Within the five days after the notice."""
    if not _has_hearing_clock(case):
        raise CaseMoveNotPossible(
            "现在不能申请听证：没有告知听证权利，或者五个工作日已过。", hint="有意见的，可以向承办单位陈述。"
        )


def hears(case: Case) -> None:
    """The running special procedure is a hearing."""
    if not case.special_procedures.filter(state=SpecialState.RUNNING, hearing__isnull=False).exists():
        raise CaseMoveNotPossible("现在进行的特别程序不是听证。", hint="请刷新页面看最新进度。")


def was_granted(case: Case) -> None:
    """Only what was granted can be revoked."""
    granted = documents.documents_of(_reference(case)).filter(kind=DocumentKind.DECISION_GRANT)
    if not granted.exists():
        raise CaseMoveNotPossible("没有准予的结果可以撤销。", hint="不予的决定不能在这里撤销。")


def check_hearing_over(case: Case) -> None:
    """Nothing is decided while the applicant may still ask to be heard."""
    _no_open_hearing_right(case)


def _no_open_hearing_right(case: Case) -> None:
    if _has_hearing_clock(case):
        raise CaseMoveNotPossible(
            "已经告知听证权利，五个工作日内申请人可以要求听证。", hint="请等申请人答复或者期限届满后再办。"
        )


def _has_hearing_clock(case: Case) -> bool:
    return any(row.kind == ClockKind.HEARING for row in live_clocks(case))


def live_clocks(case: Case) -> list[Clock]:
    """The clocks that run or stand still, the nearest first."""
    return read_once(
        case,
        "live_clocks",
        lambda: clocks.live_clocks_of("case", [case.number]).get(case.number, []),
    )


def _has_allowance(case: Case) -> bool:
    return read_once(case, "allowance", lambda: case.supplement_allowances.filter(used_at=None).exists())


def _reference(case: Case) -> Reference:
    return Reference("case", case.number)
