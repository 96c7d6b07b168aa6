"""现场核查: two officers at the place; one writes on his phone, both confirm, the record becomes a document."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from django.db import transaction

from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import InspectionState, TaskKind, TaskOutcome
from yueban.approvals.errors import InspectionNotFound
from yueban.approvals.models import Inspection, InspectionPhoto, Task
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.files import services as files
from yueban.flows import message_texts, recusal, stages
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.kernel.names import TextInvalid, clean_line

PICTURES = frozenset({"jpg", "png"})
MOST_BYTES = 30 * 2**20
LEAST_SIDE = 480
LONGEST = {"place": 200, "attended_by": 100, "caption": 200}
DAYS = 3


@transaction.atomic
def arrange(actor: Actor, review_id: int) -> Task:
    """安排现场核查: beside an own open review, for items whose route has no step for it."""
    case = cases.lock_case(number=approvals_read.reference_number_of(review_id), actor=actor)
    recusal.check(actor, case.party_id)
    route = approvals.lock_route(reference=cases.reference_of(case))
    task = next(one for one in route if one.pk == review_id)
    standing = [one for one in route if one.kind == TaskKind.INSPECT and one.group == f"visit-{task.pk}"]
    if standing:
        return standing[0]
    if task.kind != TaskKind.REVIEW or not approvals_read.is_open_to(actor, task):
        raise NotAllowed("只有正在审查的人可以安排现场核查。", hint="请刷新页面查看这件办件到了哪一步。")
    plan = approvals.TaskPlan(
        key=f"inspect-{task.pk}",
        kind=TaskKind.INSPECT,
        name="现场核查",
        agency_id=task.agency_id,
        role=task.role,
        stage=task.stage,
        days=DAYS,
        division_code=task.division_code,
        checks=list(task.checks),
        group=f"visit-{task.pk}",
    )
    (made,) = approvals.plan_tasks(
        subject=message_texts.subject_of(case), plans=[plan], open_stage=task.stage
    )
    return made


def find(actor: Actor, task_id: int) -> tuple[Case, Task, Inspection | None]:
    """The case, the task and its record, for whoever may see the case; raises InspectionNotFound."""
    task = approvals_read.find_task(task_id)
    if task is None or task.kind != TaskKind.INSPECT or task.reference_kind != "case":
        raise InspectionNotFound("没有找到这份现场核查记录。", hint="请从办件页面重新打开。")
    return cases_read.get_case(actor, task.reference_number), task, approvals_read.find_inspection(task_id)


def officers(task: Task, actor: Actor) -> list[User]:
    """Who may be the second: the post of the task, the first left out."""
    held = agencies.staff_at(task.agency.code, [task.role])
    return [user for user in held if user.pk != actor.user_id]


@transaction.atomic
def save(
    actor: Actor,
    task_id: int,
    written: Mapping[str, str],
    answers: Sequence[dict[str, Any]],
    *,
    revision: int | None,
) -> Inspection:
    """Keep what the first officer has written so far; raises Invalid by field."""
    _, task, inspection = _lock(actor, task_id)
    return approvals.save_inspection(
        inspection=inspection, written=_checked(actor, task, written, answers), revision=revision
    )


def _checked(
    actor: Actor, task: Task, written: Mapping[str, str], answers: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    wrong: dict[str, str] = {}
    checked: dict[str, Any] = {"answers": list(answers)}
    for name in ("place", "attended_by"):
        try:
            checked[name] = clean_line(written.get(name, ""), LONGEST[name])
        except TextInvalid as error:
            wrong[name] = f"{error.message}{error.hint}"
    checked["finding"] = cases_read.checked_words(written.get("finding", ""))
    outcome = written.get("outcome", "")
    checked["outcome"] = outcome if outcome in approvals_read.OUTCOMES else ""
    checked["inspected_at"] = _moment(written.get("inspected_at", ""))
    second = written.get("second", "")
    offered = {str(user.pk) for user in officers(task, actor)}
    if second and second not in offered:
        wrong["second"] = "请选择同一岗位的另一名人员。"
    checked["second_id"] = int(second) if second in offered else None
    if wrong:
        raise Invalid.of_fields(wrong)
    return checked


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.BEIJING)
    except ValueError:
        return None


@transaction.atomic
def add_photo(
    actor: Actor, task_id: int, upload: IO[bytes], *, name: str, caption: str = ""
) -> InspectionPhoto:
    """A picture of the place: what the camera knew of place and owner is stripped before it is kept."""
    _, _, inspection = _lock(actor, task_id)
    try:
        words = clean_line(caption, LONGEST["caption"])
    except TextInvalid as error:
        raise Invalid.of_fields({"caption": f"{error.message}{error.hint}"}) from error
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid.of_fields({"photo": "照片太大，请用普通清晰度重新拍。"})
    picture = files.picture_in(data)
    if picture is None:
        raise Invalid.of_fields({"photo": "这张照片打不开，请重新拍照，用 JPG 或 PNG。"})
    if min(picture.width, picture.height) < LEAST_SIDE or picture.is_blank:
        raise Invalid.of_fields({"photo": "照片太小或是空白的，看不清现场，请重新拍照。"})
    content = BytesIO(files.without_metadata(data))
    stored = files.store_file(content=content, name=name, actor=actor, allowed=PICTURES)
    return approvals.add_photo(inspection=inspection, file=stored, caption=words, actor=actor)


@transaction.atomic
def remove_photo(actor: Actor, task_id: int, number: str) -> None:
    """Take a picture off the record before it is signed."""
    _, _, inspection = _lock(actor, task_id)
    approvals.remove_photo(inspection=inspection, number=number)


@transaction.atomic
def sign(actor: Actor, task_id: int, *, strokes: Sequence[Sequence[Sequence[float]]] = ()) -> Inspection:
    """第一人确认: complete or refused by field; the second officer finds it in his inbox."""
    case, task, inspection = _lock(actor, task_id)
    if inspection.state != InspectionState.DRAFT:
        return inspection
    wanting = approvals_read.missing_in_inspection(
        inspection, task.checks, len(approvals_read.photos_of(inspection))
    )
    if wanting:
        raise Invalid.of_fields(wanting)
    inspection.signature = [[list(point) for point in stroke] for stroke in strokes]
    approvals.sign_inspection(inspection=inspection)
    cases.touch(case=case)
    return inspection


@transaction.atomic
def confirm(actor: Actor, task_id: int) -> Inspection:
    """第二人确认: the record is numbered as a document with both names, the route goes on."""
    case, inspection = _lock_as_second(actor, task_id)
    if inspection.state == InspectionState.CONFIRMED:
        return inspection
    approvals.confirm_inspection(inspection=inspection)
    _issue(case, inspection, actor)
    data = {
        "agency": inspection.task.agency.name,
        "place": inspection.place,
        "officers": [inspection.lead.name, inspection.second.name if inspection.second else ""],
        "outcome": inspection.outcome,
    }
    audit.record(cases.reference_of(case), "inspected", actor=actor, data=data)
    cases.record_task_done(case=case, task=inspection.task, actor=actor)
    stages.begin_review(case, inspection.task, actor)
    stages.open_next(case, actor)
    return inspection


@transaction.atomic
def dispute(actor: Actor, task_id: int, words: str) -> Inspection:
    """第二人不同意: back to the first officer, with words."""
    case, inspection = _lock_as_second(actor, task_id)
    approvals.dispute_inspection(inspection=inspection, words=cases_read.checked_reason(words))
    cases.touch(case=case)
    return inspection


def _lock(actor: Actor, task_id: int) -> tuple[Case, Task, Inspection]:
    """For the first officer: whoever has the task in hand."""
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    recusal.check(actor, case.party_id)
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if task.kind != TaskKind.INSPECT or task.group.startswith("inspect-"):
        raise CaseMoveNotPossible("这项待办不是现场核查记录。", hint="请在办件页面使用对应的按钮。")
    approvals.take_task(task=task, actor=actor)
    inspection = approvals.open_inspection(task=task, actor=actor)
    return case, task, approvals.lock_inspection(number=inspection.pk)


def _lock_as_second(actor: Actor, task_id: int) -> tuple[Case, Inspection]:
    case = cases.lock_case(number=approvals_read.reference_number_of(task_id), actor=actor)
    recusal.check(actor, case.party_id)
    found = approvals_read.find_inspection(task_id)
    if found is None:
        raise InspectionNotFound("没有找到这份现场核查记录。", hint="请从办件页面重新打开。")
    approvals.lock_route(reference=cases.reference_of(case))
    inspection = approvals.lock_inspection(number=found.pk)
    if inspection.second_id != actor.user_id:
        raise NotAllowed(
            "现场核查由两个人分别确认，这一步由第二名人员办。", hint="请他用自己的账号登录后确认。"
        )
    return case, inspection


def _issue(case: Case, inspection: Inspection, actor: Actor) -> None:
    """现场核查记录: facts, points with answers, what was found, both names."""
    agency = inspection.task.agency
    assert inspection.inspected_at is not None  # complete before it was signed
    at = inspection.inspected_at.astimezone(clock.BEIJING)
    photos = approvals_read.photos_of(inspection)
    signed = "已在记录上电子签名" if inspection.signature else "未签名"
    rows = [
        [
            str(at_row),
            str(answer["check"]),
            _WORDS.get(str(answer["answer"]), ""),
            str(answer.get("note") or "—"),
        ]
        for at_row, answer in enumerate(inspection.answers, 1)
    ]
    second = inspection.second.name if inspection.second else ""
    documents.create_document(
        kind=DocumentKind.INSPECTION,
        subject=cases.reference_of(case),
        agency_code=agency.code,
        agency_short=agency.short_name,
        title="现场核查记录",
        content={
            "facts": [
                ["申请人", case.applicant_name],
                ["申请事项", case.item_name],
                ["核查地点", inspection.place],
                ["核查时间", f"{clock.written(at)}{at.hour}时{at.minute:02d}分"],
                ["核查人员", f"{inspection.lead.name}、{second}"],
                ["在场当事人", f"{inspection.attended_by}（{signed}）"],
                ["现场照片", f"{len(photos)}张" + _captions(photos)],
            ],
            "table": {"columns": ["序号", "核查要点", "结果", "说明"], "rows": rows} if rows else None,
            "closing": [
                f"核查结论：{_WORDS[inspection.outcome]}。{inspection.finding}",
                f"以上记录经{inspection.lead.name}、{second}两名核查人员分别确认。",
            ],
            "footer": [f"办件编号：{case.number}"],
        },
        actor=actor,
        division=case.division_code,
    )


_WORDS = {str(TaskOutcome.CONFORMS): "符合", str(TaskOutcome.DEVIATES): "不符合"}


def _captions(photos: Sequence[InspectionPhoto]) -> str:
    told = [photo.caption for photo in photos if photo.caption]
    return f"（{'；'.join(told)}）" if told else ""
