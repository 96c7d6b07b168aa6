"""系统填报: a case that runs in another system is typed in there once, and closed with what that system says.

Nobody here decides such a case: its route is one task for the window, its end is the other system's.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, RelayOutcome
from yueban.cases.models import Case, Relay
from yueban.flows import bundle_steps, clicks, message_texts, recusal
from yueban.flows.systems import RunningSystem, find_system, system_of
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, Invalid

LONGEST = 60


@transaction.atomic
def enter(
    actor: Actor, number: str, receipt_number: str, *, revision: int | None = None, key: str = ""
) -> Case:
    """记回编号: the case has been typed into the system, which gave this number."""
    case, done = clicks.begin(actor, number, revision, key, "relay")
    if done:
        return case
    system = _system(case)
    text = checked_number(system, receipt_number)
    if cases_read.find_relay(system.key, text) is not None:
        raise Conflict(f"{system.receipt.label} {text} 已经记在另一件办件上。", hint="请核对编号是否抄错。")
    cases.move(case=case, event=CaseEvent.RELAY, actor=actor, system=system.name, receipt_number=text)
    cases.record_relay(
        case=case, system=system.key, system_name=system.name, receipt_number=text, actor=actor
    )
    clicks.finish(case, TaskKind.RELAY, actor, CaseEvent.RELAY)
    approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[cases_read.relay_plan(case, f"记回{system.name}的结果", stage=2)],
        open_stage=2,
    )
    message_texts.relayed(case, system.name, system.receipt.label, text)
    return clicks.end(case, actor, key, "relay")


def checked_number(system: RunningSystem, text: str) -> str:
    """The number as the system writes it; raises Invalid beside the field."""
    cleaned = "".join(text.split())[:LONGEST]
    if not system.is_number(cleaned):
        said = f"{system.receipt.label}的格式不对，应像 {system.receipt.example}。"
        raise Invalid.of_fields({"receipt_number": said})
    return cleaned


@transaction.atomic
def tell(
    actor: Actor, number: str, word: str, *, note: str = "", revision: int | None = None, key: str = ""
) -> Case:
    """记回状态: what the system says now; a final word closes the case with it (转报办结)."""
    case, done = clicks.begin(actor, number, revision, key, "relay_status")
    if done:
        return case
    _tell(case, word, note, actor)
    return clicks.end(case, actor, key, "relay_status")


def _tell(case: Case, word: str, note: str, actor: Actor) -> None:
    relay, system = _relay(case), _system(case)
    outcome = system.outcome_of(word)
    if outcome is None:
        words = "、".join(status.word for status in system.statuses)
        raise Invalid.of_fields({"status": f"{system.name}没有这个状态，可选：{words}。"})
    if relay.closed_at is not None:
        raise Conflict("这件办件已经按运行系统的结果办结。", hint="请刷新页面看最新进度。")
    said = cases_read.checked_words(note)
    if outcome in (RelayOutcome.REFUSED, RelayOutcome.RETURNED) and not said:
        raise Invalid.of_fields({"note": "请写明运行系统给出的理由。"})
    cases.record_relay_status(relay=relay, word=word, outcome=outcome)
    if outcome == RelayOutcome.PENDING:
        cases.touch(case=case)
        return
    case.decision_reason = f"{system.name}的结果：{word}。{said}".strip()
    cases.move(
        case=case,
        event=CaseEvent.CLOSE_RELAYED,
        actor=actor,
        system=system.name,
        status=word,
        outcome=str(outcome),
        note=said,
    )
    clicks.finish(case, TaskKind.RELAY, actor, CaseEvent.CLOSE_RELAYED)
    approvals.cancel_open(reference=cases.reference_of(case))
    message_texts.closed_elsewhere(case)
    bundle_steps.after(case, actor)


@transaction.atomic
def tell_many(actor: Actor, told: Sequence[tuple[str, str, str]]) -> int:
    """What a list of the system says (number, word, note), all of it or nothing; how many cases it moved."""
    for number, word, note in sorted(told):
        case = cases.lock_case(number=number, actor=actor)
        recusal.check(actor, case.party_id)
        _tell(case, word, note, actor)
    return len(told)


def _system(case: Case) -> RunningSystem:
    relay = cases_read.relay_of(case)
    found = find_system(relay.system) if relay else system_of(case.item_version.item.key)
    if found is None:
        raise Conflict("这个事项不在别的系统里办理。", hint="请按本平台的步骤审查和决定。")
    return found


def _relay(case: Case) -> Relay:
    found = cases_read.relay_of(case)
    if found is None:
        raise Conflict("还没有记回运行系统的编号。", hint="请先在运行系统里填报，再把编号记回来。")
    return found
