"""容缺受理: accepted on a written promise to supply the rest; supplied, the case goes on; not supplied, it ends."""

from collections.abc import Collection
from typing import BinaryIO

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.services import TaskPlan
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState, MaterialState
from yueban.cases.errors import ApplicationInvalid, CaseInputInvalid, CaseMoveNotPossible
from yueban.cases.models import Case, CaseMaterial, MaterialFile
from yueban.clocks.choices import ClockKind
from yueban.files import services as files
from yueban.flows import clicks, mandates, message_texts, precheck, stages, turn_messages
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.parties.choices import Power

BEGUN = frozenset({TaskKind.REVIEW, TaskKind.CHECK, TaskKind.COUNTERSIGN, TaskKind.INSPECT})


@transaction.atomic
def accept(
    actor: Actor,
    number: str,
    owed: Collection[str],
    *,
    is_promised: bool,
    revision: int | None = None,
    key: str = "",
) -> Case:
    """容缺受理: what is owed, until when, and the applicant's promise; the review begins at once."""
    case, done = clicks.begin(actor, number, revision, key, "accept_tolerant")
    if done:
        return case
    materials, days = cases_read.checked_owed(case, owed)
    if not is_promised:
        raise CaseInputInvalid.of_fields({"promised": "申请人书面承诺补交后才能容缺受理，请确认已经签署。"})
    until = cases.owe(case=case, materials=materials, days=days)
    names = [row.name for row in materials]
    cases.move_within(
        case=case,
        event=CaseEvent.ACCEPT_TOLERANT,
        actor=actor,
        limits={ClockKind.OWED: cases_read.owed_limit(days)},
        owed=names,
        until=until.isoformat(),
    )
    cases.issue_tolerance(case, materials, actor)
    cases.issue_acceptance(case, actor)
    cases.issue_payment_notice(case, actor)
    clicks.finish(case, TaskKind.ACCEPT, actor, CaseEvent.ACCEPT_TOLERANT)
    _plan_owed(case, days)
    stages.open_routes([case], actor)
    turn_messages.accepted_tolerantly(case, materials)
    return clicks.end(case, actor, key, "accept_tolerant")


def _plan_owed(case: Case, days: int) -> None:
    plan = TaskPlan(
        key="owed",
        kind=TaskKind.OWED,
        name="核对容缺补交的材料",
        agency_id=case.intake_agency_id,
        division_code=case.intake_division,
        role=roles.CLERK,
        days=days,
    )
    approvals.plan_tasks(subject=message_texts.subject_of(case), plans=[plan], open_stage=0)


@transaction.atomic
def attach(actor: Actor, number: str, material_key: str, upload: BinaryIO, name: str) -> MaterialFile:
    """Hand in a file for a material that is owed; a refused file changes nothing."""
    case = cases.lock_case(number=number, actor=actor)
    material = _owed_material(case, material_key, actor)
    stored = files.store_file(content=upload, name=name, actor=actor)
    precheck.ask_for_case(stored, material)
    return cases.replace_material_file(material=material, file=stored)


@transaction.atomic
def supply(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Case:
    """补交: the applicant has put a file to everything that he owes."""
    case, done = clicks.begin(actor, number, revision, key, "supply_owed")
    if done:
        return case
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.SUPPLEMENT)
    _check_owing(case)
    missing = cases_read.missing_owed(case)
    if missing:
        raise ApplicationInvalid(
            "还有材料没有补上：" + "、".join(material.name for material in missing) + "。",
            hint="请上传文件后再提交。",
            data={"fields": {material.key: "请上传要补交的文件。" for material in missing}},
        )
    _supplied(case, actor, note="")
    return clicks.end(case, actor, key, "supply_owed")


@transaction.atomic
def take_in(actor: Actor, number: str, note: str, *, revision: int | None = None, key: str = "") -> Case:
    """窗口登记补交: the papers themselves were brought to the window, which says what came."""
    case, done = clicks.begin(actor, number, revision, key, "supply_owed")
    if done:
        return case
    cases_read.check_takes_in(case, actor)
    _check_owing(case)
    _supplied(case, actor, note=f"窗口收到：{cases_read.checked_reason(note)}"[:500])
    return clicks.end(case, actor, key, "supply_owed")


def _supplied(case: Case, actor: Actor, *, note: str) -> None:
    if case.state == CaseState.SUSPENDED:
        case.resumes_to = CaseState.ACCEPTED
    said = {"note": note} if note else {}
    cases.move(case=case, event=CaseEvent.SUPPLY_OWED, actor=actor, **said)
    cases.supplied(case=case, note=note)
    clicks.finish(case, TaskKind.OWED, actor, CaseEvent.SUPPLY_OWED)
    turn_messages.owed_supplied(case)
    _catch_up(case)


def _catch_up(case: Case) -> None:
    """The review did not wait for the papers: the case stands where its work stands."""
    if case.state != CaseState.ACCEPTED:
        return
    tasks = list(approvals_read.tasks_of(cases.reference_of(case)))
    if any(task.kind == TaskKind.DECIDE and task.state == TaskState.OPEN for task in tasks):
        cases.move(case=case, event=CaseEvent.SEND_TO_DECISION, actor=SYSTEM)
    elif any(task.kind in BEGUN and (task.taken_by_id or task.state == TaskState.DONE) for task in tasks):
        cases.move(case=case, event=CaseEvent.BEGIN_REVIEW, actor=SYSTEM)


def _check_owing(case: Case) -> None:
    if not cases_read.owed(case):
        raise CaseMoveNotPossible("这件办件没有要补交的材料。", hint="请刷新页面查看最新进度。")


def _owed_material(case: Case, material_key: str, actor: Actor) -> CaseMaterial:
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.SUPPLEMENT)
    found = case.materials.filter(key=material_key, state=MaterialState.OWED).first()
    if found is None or actor.held(case.party_id, case.item_version.item.key) is None:
        raise CaseMoveNotPossible("这件办件没有要您补交的这份材料。", hint="请刷新页面查看最新进度。")
    return found
