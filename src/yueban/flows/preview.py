"""What a document would say before anybody signs it: a PDF without number, kept nowhere."""

from collections.abc import Sequence

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.errors import CaseMoveNotAllowed
from yueban.cases.models import Case
from yueban.kernel.actor import Actor


def decision(actor: Actor, number: str, *, is_granted: bool, reason: str) -> bytes:
    """The decision as the decider would sign it now; a refusal needs its reason."""
    case = _case(actor, number, CaseEvent.GRANT if is_granted else CaseEvent.REFUSE)
    text = cases.checked_words(reason) if is_granted else cases.checked_reason(reason)
    return cases.preview_decision(case, reason=text, is_granted=is_granted)


def supplement_notice(actor: Actor, number: str, items: Sequence[dict[str, str]]) -> bytes:
    """The one notice of all that is missing, as the clerk would send it now."""
    case = _case(actor, number, CaseEvent.REQUEST_SUPPLEMENT)
    return cases.preview_supplement(
        case, cases.checked_supplement_items(case, items), cases.supplement_due_on(case)
    )


def non_acceptance(actor: Actor, number: str, *, reason: str) -> bytes:
    """The notice of non-acceptance as the clerk would send it now; it needs its reason."""
    case = _case(actor, number, CaseEvent.REFUSE_ACCEPTANCE)
    return cases.preview_non_acceptance(case, reason=cases.checked_reason(reason))


def return_notice(actor: Actor, number: str, *, reason: str) -> bytes:
    """The notice that goes back with the application."""
    case = _case(actor, number, CaseEvent.RETURN)
    return cases.preview_return(case, reason=cases.checked_reason(reason))


def tolerance_promise(actor: Actor, number: str, owed: Sequence[str]) -> bytes:
    """The sheet that the applicant signs before he is accepted on it."""
    case = _case(actor, number, CaseEvent.ACCEPT_TOLERANT)
    materials, days = cases.checked_owed(case, owed)
    return cases.preview_tolerance(case, materials, cases.planned_end(days, case.division_code))


def special_notice(actor: Actor, number: str, *, name: str, reason: str, basis: str, days: str) -> bytes:
    """The notice of a special procedure."""
    case = _case(actor, number, CaseEvent.SUSPEND)
    plan = cases.checked_plan(case, name=name, reason=reason, basis=basis, days=days)
    return cases.preview_special(
        case,
        name=plan.name,
        reason=plan.reason,
        basis=plan.basis,
        days=plan.days,
        until=cases.planned_end(plan.days, case.division_code),
    )


def extension_notice(actor: Actor, number: str, *, reason: str) -> bytes:
    """The notice of the one extension."""
    case = _case(actor, number, CaseEvent.EXTEND)
    cases.check_extension(case)
    return cases.preview_extension(case, reason=cases.checked_reason(reason))


def revocation(actor: Actor, number: str, *, kind: str, reason: str, basis: str) -> bytes:
    """The decision that ends what was granted."""
    case = _case(actor, number, CaseEvent.REVOKE)
    chosen = cases.checked_revocation(kind)
    text, rule = cases.checked_reason(reason), cases.checked_basis(basis)
    return cases.preview_revocation(case, kind=chosen, reason=text, basis=rule)


def _case(actor: Actor, number: str, event: CaseEvent) -> Case:
    case = cases.get_case(actor, number)
    if event not in cases.moves_open_to(case, actor):
        raise CaseMoveNotAllowed(
            "您现在不能预览这份文书。", hint="文书只给正要签发它的人预览，请刷新页面看最新进度。"
        )
    return case
