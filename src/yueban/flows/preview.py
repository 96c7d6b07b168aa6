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


def _case(actor: Actor, number: str, event: CaseEvent) -> Case:
    case = cases.get_case(actor, number)
    if event not in cases.moves_open_to(case, actor):
        raise CaseMoveNotAllowed(
            "您现在不能预览这份文书。", hint="文书只给正要签发它的人预览，请刷新页面看最新进度。"
        )
    return case
