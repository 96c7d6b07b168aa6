"""补正: the applicant answers the one notice of all that is missing."""

from typing import BinaryIO

from django.db import transaction

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState, MaterialState
from yueban.cases.errors import ApplicationInvalid, CaseMoveNotPossible
from yueban.cases.models import Case, CaseMaterial, MaterialFile
from yueban.files import services as files
from yueban.flows import mandates, message_texts, precheck
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.parties.choices import Power

LOOK_AGAIN_WITHIN_DAYS = 1


@transaction.atomic
def attach(actor: Actor, number: str, material_key: str, upload: BinaryIO, name: str) -> MaterialFile:
    """Hand in a file for a material that the notice asks for; a refused file changes nothing."""
    case = cases.lock_case(number=number, actor=actor)
    material = _asked_material(case, material_key, actor)
    stored = files.store_file(content=upload, name=name, actor=actor)
    precheck.ask_for_case(stored, material)
    return cases.replace_material_file(material=material, file=stored)


@transaction.atomic
def supply(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Case:
    """Send the supplement back to the window; a repeated request changes nothing."""
    case = cases.lock_case(number=number, actor=actor)
    if cases.is_done(key=key, name="supply", actor=actor, number=number):
        return case
    cases.check_revision(case=case, revision=revision)
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.SUPPLEMENT)
    missing = missing_answers(case)
    if missing:
        raise ApplicationInvalid(
            "还有材料没有补上：" + "、".join(material.name for material in missing) + "。",
            hint="请上传新的文件后再提交。",
            data={"fields": {material.key: "请上传补正后的文件。" for material in missing}},
        )
    cases.move(case=case, event=CaseEvent.SUPPLY, actor=actor)
    cases.answer_supplement(case=case)
    approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[
            approvals.TaskPlan(
                key="accept-again",
                kind=TaskKind.ACCEPT,
                name="核对补正并受理",
                agency_id=case.intake_agency_id,
                division_code=case.intake_division,
                role=roles.CLERK,
                days=LOOK_AGAIN_WITHIN_DAYS,
            )
        ],
        open_stage=0,
    )
    cases.remember_done(key=key, name="supply", actor=actor, number=case.number)
    return case


def missing_answers(case: Case) -> list[CaseMaterial]:
    """Materials the open notice asks for that have no file newer than the notice."""
    supplement = case.supplements.filter(answered_at=None).first()
    if supplement is None:
        return []
    asked = case.materials.filter(state=MaterialState.ASKED)
    return [
        m for m in asked if not m.files.filter(is_current=True, added_at__gte=supplement.asked_at).exists()
    ]


def _asked_material(case: Case, material_key: str, actor: Actor) -> CaseMaterial:
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.SUPPLEMENT)
    if actor.held(case.party_id, case.item_version.item.key) is None or case.state != CaseState.SUPPLEMENTING:
        raise CaseMoveNotPossible("这件办件现在不需要您补材料。", hint="请刷新页面查看最新进度。")
    material = case.materials.filter(key=material_key, state=MaterialState.ASKED).first()
    if material is None:
        raise CaseMoveNotPossible("补正通知没有要求这份材料。", hint="请只补通知里列出的材料。")
    return material
