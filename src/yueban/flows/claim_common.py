"""What the steps of a claim share: locking it, the task of a step, clean words, and its end."""

from dataclasses import replace

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import Task
from yueban.cases import services as cases
from yueban.claims import services as claims
from yueban.claims.errors import ClaimInvalid, ClaimMoveNotPossible
from yueban.claims.models import Claim
from yueban.clocks import services as clocks
from yueban.flows import claim_money, recusal
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line, clean_paragraphs

LONGEST_OPINION = 1000


def opened(actor: Actor, number: str, revision: int | None, key: str, name: str) -> tuple[Claim, bool]:
    """The locked claim, and whether this very click was carried out before."""
    claim = claims.lock_claim(number=number, actor=replace(actor, parties=()))
    if cases.is_done(key=key, name=name, actor=actor, number=number):
        return claim, True
    recusal.check(actor, claim.party_id)
    claims.check_revision(claim=claim, revision=revision)
    return claim, False


def remember(claim: Claim, actor: Actor, key: str, name: str) -> None:
    """Keep that the very click was carried out."""
    cases.remember_done(key=key, name=name, actor=actor, number=claim.number)


def task_of(claim: Claim, actor: Actor, task_id: int, kinds: tuple[TaskKind, ...]) -> Task:
    """The task of a step, locked, when it is this claim's and the actor may."""
    task = approvals.lock_task(task_id=task_id, actor=actor)
    is_of_claim = (task.reference_kind, task.reference_number) == ("claim", claim.number)
    if not is_of_claim or task.kind not in kinds:
        raise ClaimMoveNotPossible("这项待办不属于这一步。", hint="请从申报页面重新打开。")
    return task


def clean_opinion(text: str, *, is_needed: bool) -> str:
    """What an official says, without what does not belong into text; raises ClaimInvalid."""
    try:
        words = clean_paragraphs(text, LONGEST_OPINION)
    except TextInvalid as error:
        raise ClaimInvalid.of_fields({"opinion": f"{error.message}{error.hint}"}) from error
    if is_needed and not words:
        raise ClaimInvalid.of_fields({"opinion": "请写明理由，企业能看到。"})
    return words


def clean_name(text: str, field_name: str) -> str:
    """One line of an enterprise's; raises ClaimInvalid by field."""
    try:
        return clean_line(text, 100)
    except TextInvalid as error:
        raise ClaimInvalid.of_fields({field_name: f"{error.message}{error.hint}"}) from error


def let_end(claim: Claim) -> None:
    """Nothing more is done about it: tasks, notice, clock and money are let go."""
    approvals.cancel_open(reference=claim.reference)
    clocks.void_many("claim", [claim.number])
    claim_money.let_go(claim)
