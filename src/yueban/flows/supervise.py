"""电子监察: rules raise entries, a supervisor asks, the agency answers, the supervisor strikes off with words.

He sees and asks; no step here touches the case itself.
"""

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.oversight import selectors as oversight_read
from yueban.oversight import services as oversight
from yueban.oversight.choices import EntryState
from yueban.oversight.models import Entry

ANSWER_WITHIN_DAYS = 3
# Who answers for an agency: its reviewers, or whoever else works there.
ANSWERING = (roles.REVIEWER, roles.DECIDER, roles.CLERK, roles.CHECKER, roles.PAYER)
APPLICANT = "电子监察"


@transaction.atomic
def ask(actor: Actor, number: str, question: str) -> Entry:
    """督办, or once more where the answer was not enough: the agency has three working days."""
    entry = _supervised(actor, number)
    text = _words(question, "question", "请写明要核实什么、希望怎么办。")
    task = _task_for(entry)
    step = oversight.ask_again if entry.state == EntryState.ANSWERED else oversight.ask
    step(entry=entry, actor=actor, question=text, due_on=task.due_on)
    data, place = {"question": text, "due_on": task.due_on}, entry.division_code
    audit.record(entry.own_reference, "asked", actor=actor, data=data, division=place)
    return entry


@transaction.atomic
def answer(actor: Actor, number: str, text: str) -> Entry:
    """反馈: what the agency has found and done; by whoever holds the post that the task asks."""
    entry = oversight.lock_entry(number=number, actor=actor)
    said = _words(text, "answer", "请写明核实的情况和处理的结果。")
    task = approvals_read.find_open_task(entry.own_reference, actor)
    if task is None:
        raise NotAllowed("这条督办不由您反馈。", hint="请由被督办单位承办的岗位反馈。")
    approvals.finish_task(
        task=approvals.lock_task(task_id=task.pk, actor=actor),
        actor=actor,
        outcome=TaskOutcome.DONE,
        opinion=said,
    )
    oversight.answer(entry=entry, actor=actor, text=said)
    audit.record(
        entry.own_reference, "answered", actor=actor, data={"answer": said}, division=entry.division_code
    )
    return entry


@transaction.atomic
def close(actor: Actor, number: str, words: str) -> Entry:
    """销号: with the reason; what needs no question may be struck off at once."""
    entry = _supervised(actor, number)
    said = _words(words, "closing", "请写明销号的理由。")
    oversight.close(entry=entry, actor=actor, words=said)
    audit.record(
        entry.own_reference, "closed", actor=actor, data={"words": said}, division=entry.division_code
    )
    return entry


def run_rules() -> dict[str, int]:
    """Every rule once: new entries by rule. Each in its own transaction; running again raises nothing twice."""
    return {str(rule): count for rule, count in oversight.run_rules()}


def open_task(actor: Actor, number: str) -> Task | None:
    """The open question of this entry, when it is this person's to answer."""
    entry = oversight_read.get_entry(actor, number)
    return approvals_read.find_open_task(entry.own_reference, actor)


def _task_for(entry: Entry) -> Task:
    held = agencies.roles_held_at(entry.agency_id)
    subject = approvals.Subject(
        reference=entry.own_reference,
        title=f"{entry.rule} {entry.get_rule_display()}：{entry.title}"[:200],
        applicant_name=APPLICANT,
        division_code=entry.division_code,
    )
    plan = approvals.TaskPlan(
        key=f"supervise-{entry.revision}",
        kind=TaskKind.SUPERVISE,
        name="督办反馈",
        agency_id=entry.agency_id,
        role=next((role for role in ANSWERING if role in held), roles.REVIEWER),
        days=ANSWER_WITHIN_DAYS,
    )
    (task,) = approvals.plan_tasks(subject=subject, plans=[plan], open_stage=0)
    return task


def _supervised(actor: Actor, number: str) -> Entry:
    if not actor.has_role(roles.SUPERVISOR):
        raise NotAllowed("督办和销号由监督人员进行。", hint="请用监督岗位的账号登录。")
    return oversight.lock_entry(number=number, actor=actor)


def _words(text: str, name: str, missing: str) -> str:
    said = cases_read.checked_words(text)
    if not said:
        raise Invalid.of_fields({name: missing})
    return said[:1000]
