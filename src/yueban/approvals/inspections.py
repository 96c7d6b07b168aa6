"""现场核查: a record written by one officer and confirmed by two; its pictures; what is missing before it is signed."""

from collections.abc import Mapping, Sequence
from typing import Any

from yueban.approvals.choices import InspectionState, TaskKind, TaskOutcome, TaskState
from yueban.approvals.errors import InspectionChanged, TaskTaken
from yueban.approvals.models import Inspection, InspectionPhoto, Task
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid

MOST_PHOTOS = 30
OUTCOMES = (TaskOutcome.CONFORMS, TaskOutcome.DEVIATES)
WRITTEN = ("place", "inspected_at", "answers", "finding", "outcome", "attended_by", "second_id", "signature")
AGAIN = "请刷新页面查看最新记录。"


def open_inspection(*, task: Task, actor: Actor) -> Inspection:
    """The record of an inspection task, begun by whoever opens it first."""
    assert actor.user_id is not None  # staff
    inspection, _ = Inspection.objects.get_or_create(task=task, defaults={"lead_id": actor.user_id})
    if inspection.state == InspectionState.DRAFT and inspection.lead_id != actor.user_id:
        # The task was handed on: who has it in hand now writes the record.
        inspection.lead_id, inspection.second_id = actor.user_id, None
        inspection.save(update_fields=["lead", "second"])
    return inspection


def find_inspection(task_id: int) -> Inspection | None:
    """The record of the task, or of the task beside it with which the second officer confirms."""
    group = Task.objects.filter(pk=task_id).values_list("group", flat=True).first() or ""
    number = group.removeprefix("inspect-") if group.startswith("inspect-") else ""
    rows = Inspection.objects.select_related("task__agency", "lead", "second")
    found = rows.filter(task_id=task_id).first()
    return found or (rows.filter(pk=int(number)).first() if number.isdecimal() else None)


def photos_of(inspection: Inspection) -> list[InspectionPhoto]:
    """The pictures that still belong to it, oldest first."""
    return list(inspection.photos.filter(removed_at=None).select_related("file", "added_by").order_by("pk"))


def lock_inspection(*, number: int) -> Inspection:
    """The record, locked; the caller has locked the case and the task."""
    return (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("task__agency", "lead", "second")
        .get(pk=number)
    )


def save_inspection(
    *, inspection: Inspection, written: Mapping[str, Any], revision: int | None
) -> Inspection:
    """Keep what was written, complete or not."""
    check_state(inspection, InspectionState.DRAFT)
    if revision is not None and revision != inspection.revision:
        raise InspectionChanged("这份记录已在另一个窗口里改过。", hint="请刷新页面，以免两边互相覆盖。")
    for name in WRITTEN:
        if name in written:
            setattr(inspection, name, written[name])
    inspection.revision += 1
    inspection.save()
    return inspection


def add_photo(*, inspection: Inspection, file: StoredFile, caption: str, actor: Actor) -> InspectionPhoto:
    """Put a picture to the record; the same bytes twice stay one."""
    check_state(inspection, InspectionState.DRAFT)
    assert actor.user_id is not None  # staff
    standing = inspection.photos.filter(removed_at=None)
    same = standing.filter(file__sha256=file.sha256).first()
    if same is not None:
        return same
    if standing.count() >= MOST_PHOTOS:
        raise Invalid.of_fields({"photo": f"照片最多{MOST_PHOTOS}张，请先去掉不要的。"})
    return InspectionPhoto.objects.create(
        inspection=inspection, file=file, caption=caption, added_by_id=actor.user_id, added_at=clock.now()
    )


def remove_photo(*, inspection: Inspection, number: str) -> int:
    """Take a picture off the record before it is signed."""
    check_state(inspection, InspectionState.DRAFT)
    return inspection.photos.filter(file__number=number, removed_at=None).update(removed_at=clock.now())


def missing_in_inspection(inspection: Inspection, checks: Sequence[str], photos: int) -> dict[str, str]:
    """What the record still needs before it can be signed, by field."""
    answered = {answer.get("check") for answer in inspection.answers if answer.get("answer")}
    needed = {
        "place": "" if inspection.place else "请填写核查地点。",
        "inspected_at": "" if inspection.inspected_at else "请填写核查时间。",
        "answers": "" if answered >= set(checks) else "还有要点没有核对。",
        "outcome": "" if inspection.outcome in OUTCOMES else "请选择核查结论。",
        "second": "" if inspection.second_id else "请选择一同核查的第二名人员。",
        "photo": "" if photos else "请至少拍一张现场照片。",
        "finding": "请写明不符合的情况。"
        if inspection.outcome == TaskOutcome.DEVIATES and not inspection.finding
        else "",
        "attended_by": "" if inspection.attended_by else "请填写在场的当事人；无人在场的，请写“无人在场”。",
    }
    if inspection.inspected_at and inspection.inspected_at > clock.now():
        needed["inspected_at"] = "核查时间还没有到。"
    return {name: words for name, words in needed.items() if words}


def sign_inspection(*, inspection: Inspection) -> Task:
    """The first officer has signed; the second finds it in his inbox."""
    check_state(inspection, InspectionState.DRAFT)
    inspection.state, inspection.lead_confirmed_at = InspectionState.SIGNED, clock.now()
    inspection.revision += 1
    inspection.save()
    task = inspection.task
    return Task.objects.create(
        reference_kind=task.reference_kind,
        reference_number=task.reference_number,
        key=f"{task.key}-confirm-{inspection.revision}"[:60],
        kind=TaskKind.INSPECT,
        stage=task.stage,
        name="确认现场核查记录",
        title=task.title,
        applicant_name=task.applicant_name,
        agency_id=task.agency_id,
        role=task.role,
        division_code=task.division_code,
        opened_at=clock.now(),
        due_on=task.due_on,
        taken_by_id=inspection.second_id,
        taken_at=clock.now(),
        sent_by_id=inspection.lead_id,
        sent_words="请核对现场核查记录并确认。",
        group=f"inspect-{inspection.pk}",
    )


def confirm_inspection(*, inspection: Inspection) -> None:
    """Both have confirmed: both tasks are done, each by its officer."""
    check_state(inspection, InspectionState.SIGNED)
    now = clock.now()
    inspection.state, inspection.second_confirmed_at = InspectionState.CONFIRMED, now
    inspection.revision += 1
    inspection.save()
    for task, user_id in ((inspection.task, inspection.lead_id), (_second(inspection), inspection.second_id)):
        task.state, task.outcome, task.opinion = TaskState.DONE, inspection.outcome, inspection.finding
        task.answers, task.done_by_id, task.done_at = inspection.answers, user_id, now
        task.revision += 1
        task.save()


def dispute_inspection(*, inspection: Inspection, words: str) -> None:
    """The second officer saw it otherwise: the record goes back to the first with his words."""
    check_state(inspection, InspectionState.SIGNED)
    second = _second(inspection)
    second.state, second.opinion = TaskState.CANCELLED, words
    second.save(update_fields=["state", "opinion"])
    inspection.task.sent_by_id, inspection.task.sent_words = inspection.second_id, words
    inspection.task.save(update_fields=["sent_by", "sent_words"])
    inspection.state, inspection.lead_confirmed_at = InspectionState.DRAFT, None
    inspection.revision += 1
    inspection.save()


def _second(inspection: Inspection) -> Task:
    rows = Task.objects.filter(group=f"inspect-{inspection.pk}", state=TaskState.OPEN)
    task = rows.select_for_update().order_by("-pk").first()
    if task is None:
        raise TaskTaken("这份记录已经不等第二人确认。", hint=AGAIN)
    return task


def check_state(inspection: Inspection, wanted: InspectionState) -> None:
    """Refuse an act that the record's state no longer allows."""
    if inspection.state != wanted:
        raise InspectionChanged(f"这份记录现在是“{inspection.get_state_display()}”，不能这样办。", hint=AGAIN)
