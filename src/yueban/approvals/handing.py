"""转办、会签: an open task goes to a colleague or another office; several are asked to sign beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from yueban.agencies.models import Agency
from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.errors import TaskTaken
from yueban.approvals.models import Task
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who is asked to sign: an agency in a role, or one person there."""

    agency_id: int
    role: str
    user_id: int | None = None


def hand_to(*, task: Task, actor: Actor, words: str, user_id: int) -> Task:
    """A colleague of the same post holds it from now on."""
    _check_open(task)
    task.taken_by_id, task.taken_at = user_id, clock.now()
    return _sent(task, actor, words, ["taken_by", "taken_at"])


def hand_to_office(*, task: Task, actor: Actor, words: str, agency: Agency) -> Task:
    """Another office of the agency has it in its inbox; its limit goes on."""
    _check_open(task)
    task.agency, task.taken_by_id, task.taken_at = agency, None, None
    return _sent(task, actor, words, ["agency", "taken_by", "taken_at"])


def _sent(task: Task, actor: Actor, words: str, fields: Sequence[str]) -> Task:
    task.sent_by_id, task.sent_words = actor.user_id, words
    task.revision += 1
    task.save(update_fields=[*fields, "sent_by", "sent_words", "revision"])
    return task


def _check_open(task: Task) -> None:
    if task.state != TaskState.OPEN:
        raise TaskTaken("这项待办已经办过了。", hint="请刷新页面查看最新进度。")


def ask_signatures(
    *, beside: Task, signers: Sequence[Signer], words: str, days: int, group: str, actor: Actor
) -> list[Task]:
    """会签: one task each in the stage of the task beside it, so that the next step waits for all of them."""
    now = clock.now()
    return Task.objects.bulk_create(
        [
            Task(
                reference_kind=beside.reference_kind,
                reference_number=beside.reference_number,
                key=f"{group}-{position}",
                kind=TaskKind.COUNTERSIGN,
                stage=beside.stage,
                name="会签",
                title=beside.title,
                applicant_name=beside.applicant_name,
                agency_id=signer.agency_id,
                role=signer.role,
                division_code=beside.division_code,
                days=days,
                opened_at=now,
                due_on=divisions.add_workdays(clock.today(), days, beside.division_code),
                taken_by_id=signer.user_id,
                taken_at=now if signer.user_id else None,
                sent_by_id=actor.user_id,
                sent_words=words,
                group=group,
            )
            for position, signer in enumerate(signers, 1)
        ]
    )


def drop_signature(*, task: Task) -> Task:
    """The signature is no longer asked for."""
    _check_open(task)
    task.state = TaskState.CANCELLED
    task.revision += 1
    task.save(update_fields=["state", "revision"])
    return task
