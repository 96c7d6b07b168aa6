"""核验落空: what a department does not confirm, or not in time, falls to the next rung; nobody waits for it."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from django.db import transaction

from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ENDED, CaseState, MaterialState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case, CaseMaterial
from yueban.certificates import services as certificates
from yueban.certificates.choices import SatisfactionWay
from yueban.certificates.errors import PromiseRefused
from yueban.certificates.models import Promise
from yueban.files import services as files
from yueban.flows import mandates, message_texts, precheck, stages
from yueban.kernel.actor import SYSTEM, Actor
from yueban.parties.choices import Power, Relation

NOT_CONFIRMED, PROVED = "check_not_confirmed", "proved_otherwise"


def after_check(case: Case, task: Task, actor: Actor) -> None:
    """A department answered 不符 or 查无: its materials fall to the next rung and the applicant is told."""
    if task.kind != TaskKind.CHECK or task.outcome == TaskOutcome.CONFORMS:
        return
    note = f"{task.agency.short_name}：{task.get_outcome_display()}"
    fallen = cases.fall_from_check(
        cases.checked_by(case, task.agency.kind),
        note=note,
        is_contradicted=task.outcome == TaskOutcome.DEVIATES,
    )
    _tell(case, fallen, note, actor)


@transaction.atomic
def fall_overdue(number: str) -> bool:
    """Checks whose day is over: their materials fall too; the department may still answer. False: nothing new."""
    case = next(iter(cases.lock_many([number])), None)
    if case is None or case.state in ENDED:
        return False
    fallen = []
    for task in approvals_read.tasks_of(cases.reference_of(case)):
        if task.kind == TaskKind.CHECK and approvals_read.is_overdue(task):
            waiting = [
                row for row in cases.checked_by(case, task.agency.kind) if row.state == MaterialState.PENDING
            ]
            fallen += cases.fall_from_check(waiting, note=f"{task.agency.short_name}：逾期没有答复")
    _tell(case, fallen, "逾期没有答复", SYSTEM)
    return bool(fallen)


def _tell(case: Case, fallen: list[CaseMaterial], note: str, actor: Actor) -> None:
    if not fallen:
        return
    names = "、".join(row.name for row in fallen)
    data = {"materials": [row.name for row in fallen], "reason": note}
    audit.record(cases.reference_of(case), NOT_CONFIRMED, actor=actor, data=data)
    cases.touch(case=case)
    message_texts.tell(
        case,
        f"unproved-{'-'.join(sorted(row.key for row in fallen))}"[:60],
        "有材料没有核到",
        f"“{case.item_name}”的{names}没有核到（{note}），请在办件页面承诺或上传，办理不用停。",
        needs_action=True,
    )


@transaction.atomic
def attach(actor: Actor, number: str, material_key: str, upload: BinaryIO, name: str) -> Case:
    """The applicant hands in what was not confirmed; a refused file changes nothing."""
    case, material = _unproved(actor, number, material_key)
    stored = files.store_file(content=upload, name=name, actor=actor)
    precheck.ask_for_case(stored, material)
    cases.replace_material_file(material=material, file=stored)
    prove = partial(certificates.record_satisfaction, way=SatisfactionWay.UPLOAD, file=stored)
    return _proved(case, material, actor, "upload", prove)


@transaction.atomic
def promise(actor: Actor, number: str, material_key: str, signed_name: str) -> Promise:
    """The applicant promises what was not confirmed; raises PromiseRefused where he may not."""
    case, material = _unproved(actor, number, material_key)
    held = actor.held(case.party_id, case.item_version.item.key)
    text = cases_read.promise_text(case, material)
    if held is None or held.relation == Relation.PRINCIPAL or not text:
        raise PromiseRefused("这份材料不能以承诺代替。", hint="请上传这份材料，或请本人登录后承诺。")
    signed = certificates.sign_promise(
        party=case.party,
        reference=cases.reference_of(case),
        material_key=material_key,
        material_name=material.name,
        item_name=case.item_name,
        text=text,
        signed_name=signed_name,
        signer=case.party.name if held.relation in (Relation.SELF, Relation.PRESENT) else actor.name,
        actor=actor,
    )
    prove = partial(
        certificates.record_satisfaction,
        way=SatisfactionWay.PROMISE,
        basis="告知承诺",
        request=signed.number,
    )
    _proved(case, material, actor, "promise", prove)
    return signed


def _unproved(actor: Actor, number: str, material_key: str) -> tuple[Case, CaseMaterial]:
    case = cases.lock_case(number=number, actor=actor)
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.SUPPLEMENT)
    found = case.materials.filter(key=material_key, state=MaterialState.UNPROVED).first()
    if found is None or actor.held(case.party_id, case.item_version.item.key) is None or case.state in ENDED:
        raise CaseMoveNotPossible("这份材料现在不用您证明。", hint="请刷新页面查看最新进度。")
    return case, found


def _proved(case: Case, material: CaseMaterial, actor: Actor, way: str, prove: Callable[..., object]) -> Case:
    prove(
        reference=cases.reference_of(case),
        material_key=material.key,
        actor=actor,
        purpose=f"办理{case.item_name}",
    )
    cases.proved_otherwise(material, way=way)
    data = {"material": material.name, "way": way}
    audit.record(cases.reference_of(case), PROVED, actor=actor, data=data)
    cases.touch(case=case)
    open_tasks = approvals_read.tasks_of(cases.reference_of(case)).filter(state=TaskState.OPEN)
    for task in cases.no_longer_hangs_on(case, open_tasks):
        approvals.drop_signature(task=task)
    if case.state in (CaseState.ACCEPTED, CaseState.TOLERATED, CaseState.REVIEWING):
        stages.open_next(case, SYSTEM)
    return case
