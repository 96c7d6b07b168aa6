"""What every click on a case has in common: locked, not done before, nobody's own matter, read as it is now."""

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.models import Case
from yueban.flows import recusal
from yueban.kernel.actor import Actor


def begin(actor: Actor, number: str, revision: int | None, key: str, name: str) -> tuple[Case, bool]:
    """The locked case, and whether this very click was carried out before."""
    case = cases.lock_case(number=number, actor=actor)
    if cases.is_done(key=key, name=name, actor=actor, number=number):
        return case, True
    recusal.check(actor, case.party_id)
    cases.check_revision(case=case, revision=revision)
    return case, False


def end(case: Case, actor: Actor, key: str, name: str) -> Case:
    """Remember that it was carried out."""
    cases.remember_done(key=key, name=name, actor=actor, number=case.number)
    return case


def finish(case: Case, kind: TaskKind, actor: Actor, event: CaseEvent) -> None:
    """The task ends with what was really done: its holder's list says 告知补正, not just 已办."""
    approvals.finish_open_of_kind(
        reference=cases.reference_of(case),
        kind=kind,
        actor=actor,
        outcome=TaskOutcome.DONE,
        opinion=str(event.label),
    )
