"""公示: publishing, objecting and ending; a notice is the task of a route that waits for its last day."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from yueban.approvals.choices import NoticeState, TaskKind, TaskOutcome, TaskState
from yueban.approvals.errors import NoticeOver, ObjectionInvalid
from yueban.approvals.models import Objection, PublicNotice, Task
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line, clean_paragraphs
from yueban.vault import services as vault

KEPT_DAYS = 10  # after its last day a notice stays readable so long, then names are taken off the net
LONGEST_OBJECTION = 2000
LONGEST_CONTACT = 100
OBJECTION_DAYS = 5


def publish_notice(*, task: Task, title: str, lines: Sequence[Sequence[str]]) -> PublicNotice:
    """Show to everybody what an opened notice task announces; its due day is the last day of the notice."""
    assert task.kind == TaskKind.NOTICE and task.due_on is not None  # noqa: PT018 - one thought
    notice, _ = PublicNotice.objects.get_or_create(
        task=task,
        defaults={
            "number": f"GS{clock.today():%Y%m%d}{secrets.token_hex(4)}",
            "reference_kind": task.reference_kind,
            "reference_number": task.reference_number,
            "title": title,
            "lines": [list(line) for line in lines],
            "agency_id": task.agency_id,
            "division_code": task.division_code,
            "published_on": clock.today(),
            "ends_on": task.due_on,
            "remove_on": task.due_on + timedelta(days=KEPT_DAYS),
        },
    )
    return notice


def lock_notice(*, number: str) -> PublicNotice:
    """The notice, locked for this transaction; the caller has locked what it is about."""
    return (
        PublicNotice.objects.select_for_update(of=("self",))
        .select_related("task", "agency")
        .get(number=number)
    )


def check_open(notice: PublicNotice) -> None:
    """Refuse an objection after 24:00 of the last day, or to a notice that was taken back."""
    if notice.state == NoticeState.RUNNING and clock.today() <= notice.ends_on:
        return
    day = f"{notice.ends_on.month}月{notice.ends_on.day}日"
    why = (
        "这项公示已经中止。" if notice.state == NoticeState.SUSPENDED else f"公示到{day}24时为止，已经结束。"
    )
    raise NoticeOver(why, hint=f"有问题仍可以向{notice.agency.name}或12345反映。")


def object_to(
    *, notice: PublicNotice, actor: Actor, name: str, contact: str, text: str, key: str = ""
) -> Objection:
    """Record an objection and open the task to answer it, beside the notice in the same stage.

    Raises ObjectionInvalid (by field), NoticeOver. A repeated request gives the objection there is.
    """
    known = f"{actor.user_id or ''}:{key}"[:80] if key else ""
    earlier = Objection.objects.filter(notice=notice, key=known).first() if known else None
    if earlier is not None:
        return earlier
    check_open(notice)
    words = _checked(name, contact, text, is_signed_in=actor.user_id is not None)
    count = notice.objections.count() + 1
    return Objection.objects.create(
        notice=notice,
        number=f"{notice.number}-{count:02d}",
        task=_answering_task(notice, count),
        user_id=actor.user_id,
        objector_name=words["name"],
        contact_cipher=vault.encrypt(words["contact"]),
        text=words["text"],
        made_at=clock.now(),
        key=known,
    )


def _answering_task(notice: PublicNotice, count: int) -> Task:
    return Task.objects.create(
        reference_kind=notice.reference_kind,
        reference_number=notice.reference_number,
        key=f"objection-{notice.pk}-{count}",
        kind=TaskKind.OBJECTION,
        stage=notice.task.stage,
        name="核实异议",
        title=notice.task.title,
        applicant_name=notice.task.applicant_name,
        agency_id=notice.agency_id,
        role=notice.task.role,
        division_code=notice.division_code,
        days=OBJECTION_DAYS,
        opened_at=clock.now(),
        due_on=divisions.add_workdays(clock.today(), OBJECTION_DAYS, notice.division_code),
    )


def _checked(name: str, contact: str, text: str, *, is_signed_in: bool) -> dict[str, str]:
    fields: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field, value, longest in (("name", name, 100), ("contact", contact, LONGEST_CONTACT)):
        try:
            fields[field] = clean_line(value, longest)
        except TextInvalid as error:
            wrong[field] = f"{error.message}{error.hint}"
    try:
        fields["text"] = clean_paragraphs(text, LONGEST_OBJECTION)
    except TextInvalid as error:
        wrong["text"] = f"{error.message}{error.hint}"
    needed = {"name": "请填写您的姓名或单位名称，异议要实名提出。", "text": "请写明您的异议和理由。"}
    if not is_signed_in:
        needed["contact"] = "请留下电话或邮箱，核实结果会告诉您。"
    wrong |= {field: words for field, words in needed.items() if field not in wrong and not fields[field]}
    if wrong:
        raise ObjectionInvalid.of_fields(wrong)
    return fields


def may_end(notice: PublicNotice) -> bool:
    """Whether the last day is over and every objection is answered."""
    return (
        notice.state == NoticeState.RUNNING
        and clock.today() > notice.ends_on
        and not notice.objections.exclude(task__state=TaskState.DONE).exists()
    )


def end_notice(*, notice: PublicNotice) -> PublicNotice:
    """The notice is over: its task is done, the next stage may open."""
    count = notice.objections.count()
    notice.state, notice.ended_at = NoticeState.ENDED, clock.now()
    notice.save(update_fields=["state", "ended_at"])
    task = notice.task
    task.state, task.outcome, task.done_at = TaskState.DONE, TaskOutcome.DONE, clock.now()
    task.opinion = f"公示期满，收到异议{count}件，均已答复。" if count else "公示期满，没有收到异议。"
    task.revision += 1
    task.save(update_fields=["state", "outcome", "done_at", "opinion", "revision"])
    return notice


def suspend_notices_of(kind: str, numbers: Sequence[str]) -> int:
    """What was announced of these things is no longer asked for: running notices go off the net today."""
    rows = PublicNotice.objects.filter(
        reference_kind=kind, reference_number__in=numbers, state=NoticeState.RUNNING
    )
    return rows.update(state=NoticeState.SUSPENDED, ended_at=clock.now())
