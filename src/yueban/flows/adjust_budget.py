"""调整预算: proposed by one payer of the line's agency, entered or refused by another; each step is recorded."""

from django.db import transaction

from yueban.approvals.errors import TaskNotYours
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.flows.pay_batches import may_act
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments import adjusting
from yueban.payments.models import BudgetChange, BudgetLine


@transaction.atomic
def propose(
    actor: Actor,
    line_key: str,
    year: int,
    *,
    kind: str,
    amount: str,
    reason: str,
    document_number: str,
    key: str = "",
) -> BudgetChange:
    """提出追加或者调减, with the reason and the number of the document."""
    line, done = _begin(actor, line_key, year, key, "propose_budget_change")
    if done:
        return line.changes.filter(made_by=actor.user_id).latest("pk")
    change = adjusting.propose(
        line=line, kind=kind, amount=amount, reason=reason, document_number=document_number, actor=actor
    )
    _end(line, change, actor, key, "propose_budget_change")
    return change


@transaction.atomic
def enter(actor: Actor, line_key: str, year: int, number: str, *, key: str = "") -> BudgetLine:
    """批准: by another person; the ledger has it in the same moment."""
    line, done = _begin(actor, line_key, year, key, "enter_budget_change")
    if not done:
        change = adjusting.get_open(line=line, number=number)
        adjusting.enter(change=change, actor=actor)
        _end(line, change, actor, key, "enter_budget_change")
    return line


@transaction.atomic
def refuse(actor: Actor, line_key: str, year: int, number: str, *, answer: str, key: str = "") -> BudgetLine:
    """不批准, with the reason."""
    line, done = _begin(actor, line_key, year, key, "refuse_budget_change")
    if not done:
        change = adjusting.get_open(line=line, number=number)
        adjusting.refuse(change=change, answer=answer, actor=actor)
        _end(line, change, actor, key, "refuse_budget_change")
    return line


@transaction.atomic
def open_next_year(actor: Actor, line_key: str, year: int) -> BudgetLine:
    """新开下一年, empty; asked again it is the one there is."""
    line, _ = _begin(actor, line_key, year, "", "open_next_year")
    following = adjusting.open_next_year(line=line)
    audit.record(_reference(following), "budget_line_opened", actor=actor, division=line.division_code)
    return following


def _begin(actor: Actor, line_key: str, year: int, key: str, name: str) -> tuple[BudgetLine, bool]:
    line = adjusting.lock_line(key=line_key, year=year, actor=actor)
    if not may_act(actor, line.agency.code):
        raise TaskNotYours("这个预算项目不归您办。", hint="请由付款单位的支付人员办理。")
    return line, cases.is_done(key=key, name=name, actor=actor, number=_reference(line).number)


def _end(line: BudgetLine, change: BudgetChange, actor: Actor, key: str, name: str) -> None:
    data = {
        "change": change.number,
        "kind": change.kind,
        "amount": str(change.amount),
        "document_number": change.document_number,
        "state": change.state,
    }
    audit.record(_reference(line), name, actor=actor, data=data, division=line.division_code)
    cases.remember_done(key=key, name=name, actor=actor, number=_reference(line).number)


def _reference(line: BudgetLine) -> Reference:
    """How the chain names a line."""
    return Reference("budget-line", f"{line.key}-{line.year}")
