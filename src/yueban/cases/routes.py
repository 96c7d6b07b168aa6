"""The route of a case after acceptance, and the checks on what people write along it."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.approvals.services import TaskPlan
from yueban.cases.choices import CaseState, MaterialState
from yueban.cases.errors import CaseInputInvalid, CaseMoveNotPossible
from yueban.cases.guards import check_hearing_over
from yueban.cases.models import Case, CaseMaterial
from yueban.cases.outcome_words import outcome_words
from yueban.cases.transitions import reference_of
from yueban.cases.unproved import checked_by, no_longer_hangs_on
from yueban.catalogue.selectors import Step
from yueban.certificates import selectors as certificates_read
from yueban.certificates import services as certificates
from yueban.certificates.choices import SatisfactionWay
from yueban.divisions import selectors as divisions
from yueban.expressions import FactKind
from yueban.kernel import clock, masking, roles
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_paragraphs
from yueban.parties import selectors as parties
from yueban.parties.choices import PartyKind

LONGEST_TEXT = 2000
LONGEST_ITEM = 500
LONGEST_PROOF = 200
Nearest = dict[tuple[str, str], Agency | None]  # by kind and place
CHECK_DAYS = 1  # how long a department has that is asked because its interface gave no answer
BY_POST, AT_WINDOW = "邮寄", "窗口领取"  # as the guides word them
PROOFS = {BY_POST: "邮寄送达的，请填写物流单号。", AT_WINDOW: "窗口领取的，请写明谁签收。"}


def task_plans(case: Case) -> list[TaskPlan]:
    """The steps of the pinned version bound to agencies; a check by an agency that is not asked is left out."""
    return _plans(case, list(case.materials.filter(way="check")), {})


def task_plans_many(cases: Sequence[Case]) -> dict[str, list[TaskPlan]]:
    """The routes of many cases, by number; each agency is looked for once however many cases lead to it."""
    checked: dict[int, list[CaseMaterial]] = {}
    for row in CaseMaterial.objects.filter(case__in=[case.pk for case in cases], way="check"):
        checked.setdefault(row.case_id, []).append(row)
    nearest: Nearest = {}
    return {case.number: _plans(case, checked.get(case.pk, []), nearest) for case in cases}


def _plans(case: Case, checked: Sequence[CaseMaterial], nearest: Nearest) -> list[TaskPlan]:
    asked = {row.detail.get("agency_kind", "") for row in checked}
    steps = case.item_version.compiled.route.steps
    plans = [
        _plan(case, step, nearest) for step in steps if step.kind != "check" or step.agency_kind in asked
    ]
    return [*plans, *_unforeseen(case, checked, nearest)]


def _unforeseen(case: Case, checked: Sequence[CaseMaterial], nearest: Nearest) -> list[TaskPlan]:
    """部门核验 where an interface gave no answer: the owner's people are asked, though the route names no such step."""
    steps = case.item_version.compiled.route.steps
    foreseen = {step.agency_kind for step in steps if step.kind == "check"}
    names: dict[str, list[str]] = {}
    for row in checked:
        kind = str(row.detail.get("agency_kind", ""))
        if kind and kind not in foreseen:
            names.setdefault(kind, []).append(row.name)
    return [
        TaskPlan(
            key=f"check-{kind}",
            kind=TaskKind.CHECK,
            name="部门核验",
            agency_id=_nearest_of_kind(case, kind, nearest).pk,
            role=roles.CHECKER,
            stage=min((step.stage for step in steps), default=1),
            division_code=_place_of(case),
            days=CHECK_DAYS,
            checks=[f"核对“{name}”" for name in rows],
        )
        for kind, rows in names.items()
    ]


def _plan(case: Case, step: Step, nearest: Nearest) -> TaskPlan:
    agency = _agency_of(case, step, nearest)
    return TaskPlan(
        key=step.key,
        kind=_KINDS[step.kind],
        name=step.name,
        agency_id=agency.pk,
        role=step.role,
        stage=step.stage,
        division_code=_place_of_step(case, step),
        days=step.days,
        checks=list(step.checks),
    )


def _agency_of(case: Case, step: Step, nearest: Nearest) -> Agency:
    """The nearest agency of the step's kind; the deciding one where the applicant's town is not known."""
    if step.agency_kind is None:
        return case.agency
    return _nearest_of_kind(case, step.agency_kind, nearest, _place_of_step(case, step))


def _place_of_step(case: Case, step: Step) -> str:
    """Records are asked of the departments beside the deciding agency: they speak for the whole of its division."""
    return case.agency.division.code if step.kind == "records" else _place_of(case)


def _nearest_of_kind(case: Case, kind: str, nearest: Nearest, place: str = "") -> Agency:
    wanted = (kind, place or _place_of(case))
    if wanted not in nearest:
        nearest[wanted] = agencies.find_agency_of_kind(*wanted)
    return nearest[wanted] or case.agency


def _place_of(case: Case) -> str:
    """Where a step's agency is looked for: the applicant's own town, where that lies within the decider's division."""
    whole = case.agency.division.code
    return case.place_division if divisions.is_within(case.place_division, whole) else whole


_KINDS = {
    "check": TaskKind.CHECK,
    "review": TaskKind.REVIEW,
    "decide": TaskKind.DECIDE,
    "visit": TaskKind.REVIEW,
    "publicity": TaskKind.NOTICE,
    "countersign": TaskKind.COUNTERSIGN,
    "inspect": TaskKind.INSPECT,
    "records": TaskKind.RECORDS,
}


def notice_lines(case: Case) -> list[list[str]]:
    """What a public notice says of the case: a name and the tail of its number, never a phone (domain.md §10.2)."""
    party, number = case.party, parties.id_number_of(case.party)
    is_person = party.kind == PartyKind.PERSON
    shown = masking.mask("id_number_tail", number) if is_person else number
    return [
        ["申请人", party.name],
        ["证件号码" if is_person else "统一社会信用代码", shown],
        ["申请事项", case.item_name],
        ["拟办结果", f"拟{outcome_words(case).granted}"],
        ["决定单位", case.agency.name],
    ]


def record_check(case: Case, task: Task, actor: Actor) -> None:
    """A check that confirms satisfies the materials it stands for; what is not confirmed falls (flows.fall_back)."""
    if task.kind != TaskKind.CHECK:
        return
    if task.outcome != TaskOutcome.CONFORMS:
        return
    for material in checked_by(case, task.agency.kind):
        material.state = MaterialState.SATISFIED
        material.note = f"{task.agency.short_name}：{task.get_outcome_display()}"
        material.save(update_fields=["state", "note"])
        certificates.record_satisfaction(
            reference=reference_of(case),
            material_key=material.key,
            way=SatisfactionWay.CHECK,
            actor=actor,
            basis=f"{task.agency.name}核查",
            purpose=case.item_name,
            request=f"task-{task.pk}",
            answer_digest=sha256(f"{task.outcome}\n{task.opinion}".encode()).hexdigest(),
        )


def forget_check(case: Case, task: Task) -> None:
    """A check is worked anew: what it had confirmed waits to be confirmed again."""
    if task.kind != TaskKind.CHECK:
        return
    settled = (MaterialState.SATISFIED, MaterialState.UNPROVED)
    for material in case.materials.filter(way="check", state__in=settled):
        if material.detail.get("agency_kind") == task.agency.kind:
            material.state, material.note = MaterialState.PENDING, ""
            material.save(update_fields=["state", "note"])


_BEFORE_DECISION = (
    TaskKind.REVIEW,
    TaskKind.CHECK,
    TaskKind.COUNTERSIGN,
    TaskKind.INSPECT,
    TaskKind.NOTICE,
    TaskKind.OBJECTION,
    TaskKind.RECORDS,
)
# Asked no longer, or asked again in a task of its own.
_GONE = (TaskState.CANCELLED, TaskState.RETURNED)
# Records are told, not judged: none of these answers keeps the report from being issued.
TOLD = (TaskOutcome.NO_RECORD, TaskOutcome.HAS_RECORD, TaskOutcome.UNANSWERED)
_IN_FAVOUR = (TaskOutcome.CONFORMS, TaskOutcome.DISMISSED, TaskOutcome.DONE, *TOLD)


def check_decidable(case: Case, *, is_granted: bool) -> None:
    """A grant needs every review and check to have ended well; a refusal needs them to have ended."""
    if is_granted and case.party.ended_on is not None:
        raise CaseMoveNotPossible("申请人已经去世或者注销，不能再准予。", hint="请作“终止办理”，写明情况。")
    check_hearing_over(case)
    route = approvals.tasks_of(reference_of(case))
    tasks = [t for t in route if t.kind in _BEFORE_DECISION and t.state not in _GONE]
    if case.state != CaseState.DECIDING or any(t.state != TaskState.DONE for t in tasks):
        raise CaseMoveNotPossible("审查和协查还没有全部完成，不能作决定。", hint="请等全部意见返回后再决定。")
    if is_granted:
        _check_certificates(case)
    free = {t.pk for t in no_longer_hangs_on(case, tasks)}
    against = [t for t in tasks if t.outcome not in _IN_FAVOUR and t.pk not in free]
    if is_granted and against:
        names = "、".join(f"{t.name}（{t.get_outcome_display()}）" for t in against)
        raise CaseMoveNotPossible(
            f"有意见不支持准予：{names}。", hint="请作出不予的决定，或请相关单位更正意见后再办。"
        )


def _check_certificates(case: Case) -> None:
    """What was relied on at submission must still be valid: a certificate may have been revoked meanwhile."""
    ended = certificates_read.relied_on_and_ended(reference_of(case))
    if ended:
        names = "、".join(f"{one.type.name}（{one.get_status_display()}）" for one in ended)
        raise CaseMoveNotPossible(
            f"申请时调用的证照已经不能用：{names}，不能准予。",
            hint="请向发证机关核实；确已失效的，请作出不予的决定并写明理由。",
        )


def checked_words(text: str) -> str:
    """Words that may be left out: clean, not longer than a page."""
    return _clean("reason", text)


def _clean(field: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """Text for a document, or the field named with what is wrong in it."""
    try:
        return clean_paragraphs(text, longest)
    except TextInvalid as error:
        raise CaseInputInvalid.of_fields({field: f"{error.message}{error.hint}"}) from error


def checked_reason(text: str) -> str:
    """A reason that the person can read: required, clean, not longer than a page."""
    reason = _clean("reason", text)
    if not reason:
        raise CaseInputInvalid.of_fields({"reason": "请写明理由，申请人要看得懂。"})
    return reason


def checked_opinion(text: str, outcome: str) -> str:
    """An opinion; required when the answer is neither 符合 nor 无记录."""
    opinion = _clean("opinion", text)
    if not opinion and outcome == TaskOutcome.HAS_RECORD:
        raise CaseInputInvalid.of_fields({"opinion": "有记录的，请写明文号、日期和是否修复。"})
    if not opinion and outcome not in (TaskOutcome.CONFORMS, TaskOutcome.NO_RECORD):
        raise CaseInputInvalid.of_fields({"opinion": "选择“不符合”或“查无记录”时，请写明情况。"})
    return opinion


def checked_supplement_items(case: Case, items: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The items of a notice: materials of this case, each with words; at least one."""
    known = set(case.materials.values_list("key", flat=True))
    checked = []
    for item in items:
        what = _clean("items", item.get("what", ""), LONGEST_ITEM)
        if item.get("material") in known and what:
            checked.append({"material": item["material"], "what": what})
    if not checked:
        raise CaseInputInvalid.of_fields({"items": "请至少写明一份材料需要补正什么。"})
    return checked


def checked_delivery(case: Case, method: str) -> str:
    """One of the ways of delivery that the item offers."""
    offered = case.item_version.compiled.guide.delivery
    if method not in offered:
        raise CaseInputInvalid.of_fields({"method": f"请选择送达方式：{'、'.join(offered)}。"})
    return method


def is_collected(case: Case) -> bool:
    """Whether the applicant comes for the result: he chose so, or the item knows no other way."""
    chosen = case.form.get("delivery.method")
    return chosen == "window" or (
        not chosen and list(case.item_version.compiled.guide.delivery) == [AT_WINDOW]
    )


def checked_proof(text: str, method: str) -> str:
    """Who signed, the waybill, the time of reading: one line; a parcel has its number, a paper who took it."""
    proof = _clean("proof", text, LONGEST_PROOF)
    if method in PROOFS and not proof:
        raise CaseInputInvalid.of_fields({"proof": PROOFS[method]})
    return proof


def find_certificate(case: Case) -> tuple[str, dict[str, Any]] | None:
    """Type and data of the certificate that a grant produces here.

    None for an item without one, and where the form does not hold what the certificate must say (a company's
    code, a vehicle): that certificate is made in the item's running system, never invented here.
    """
    type_key = case.item_version.compiled.guide.result.certificate_type
    row = certificates_read.certificate_types().filter(key=type_key).first()
    if row is None:
        return None
    facts = {f["key"]: case.facts.get(f["key"]) for f in row.fields}
    data = {
        key: printed_value(case, key, value) for key, value in facts.items() if value not in (None, "", [])
    }
    required = {f["key"] for f in row.fields if f.get("required", True)}
    return (row.key, data) if required <= data.keys() else None


def printed_value(case: Case, element: str, value: Any) -> str:
    """A value as paper says it: the names of codes, joined; a day in words; a measure with its unit."""
    if isinstance(value, list | tuple):
        return "、".join(printed_value(case, element, one) for one in value)
    fact = case.item_version.compiled.vocabulary.get(element)
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact is None:
        return str(value)
    if fact.type == FactKind.DATE:
        day = date.fromisoformat(str(value))
        return clock.written(day)
    return fact.name_of(str(value)) + (fact.unit or "")
