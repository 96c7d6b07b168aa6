"""批量办理: many tasks at once, each by itself under all its guards; what failed says why, the rest is done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.flows import review, route_work
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, ServiceError

MOST = 50


@dataclass(frozen=True)
class Result:
    """What became of one of them."""

    task: Task
    why_not: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it went through."""
        return not self.why_not


def take(actor: Actor, numbers: Iterable[int]) -> list[Result]:
    """接办 each."""
    return _each(chosen(actor, numbers), lambda task: review.take(actor, task.pk))


def hand(actor: Actor, numbers: Iterable[int], *, user_id: int, reason: str, key: str = "") -> list[Result]:
    """转办 each to one colleague."""
    _need(reason, "reason", "请写明转办的理由。")
    _need("1" if user_id else "", "to", "请选择同事。")
    return _each(
        route_work.tasks_to_hand(actor, numbers)[:MOST],
        lambda task: route_work.hand_on(
            actor, task.pk, user_id=user_id, reason=reason, key=f"{key}-{task.pk}" if key else ""
        ),
    )


def conform(
    actor: Actor, numbers: Iterable[int], *, opinion: str, has_checked: bool, key: str = ""
) -> list[Result]:
    """一并同意: reviews of one item and one step, only 符合, every point of each answered so.

    Raises Invalid where the chosen ones are of different items or steps, or nobody says that he has checked them.
    """
    tasks = chosen(actor, numbers)
    if len({(task.title, task.key, task.kind) for task in tasks}) > 1:
        raise Invalid.of_fields({"tasks": "只能一并办理同一事项、同一环节的。"})
    if any(task.kind != TaskKind.REVIEW for task in tasks):
        raise Invalid.of_fields({"tasks": "只有审查环节可以一并同意。"})
    if not has_checked:
        raise Invalid.of_fields({"has_checked": "请确认每一件的要点都已逐项核对、均符合。"})
    return _each(tasks, lambda task: _conform(actor, task, opinion, key))


def _conform(actor: Actor, task: Task, opinion: str, key: str) -> Task:
    if task.returned_from_id is not None:
        raise Invalid("这件是退回重办的，要单独办。", hint="请打开办件，按退回的意见逐项核对。")
    answers: list[dict[str, object]] = [
        {"check": str(check), "answer": str(TaskOutcome.CONFORMS), "note": ""} for check in task.checks
    ]
    return review.finish_task(
        actor,
        task.pk,
        outcome=TaskOutcome.CONFORMS,
        opinion=opinion,
        answers=answers,
        key=f"{key}-{task.pk}" if key else "",
    )


def chosen(actor: Actor, numbers: Iterable[int]) -> list[Task]:
    """Those of the inbox that were ticked, at most fifty; raises Invalid where there is none."""
    wanted = list(numbers)
    found = list(approvals.inbox(actor).filter(pk__in=wanted, state=TaskState.OPEN)[:MOST]) if wanted else []
    if not found:
        raise Invalid.of_fields({"tasks": "请至少勾选一件。刚才选的可能已由同事办了。"})
    return found


def _each(tasks: Sequence[Task], do: Callable[[Task], Task]) -> list[Result]:
    return [_one(task, do) for task in tasks]


def _one(task: Task, do: Callable[[Task], Task]) -> Result:
    """Each in a transaction of its own: one that fails undoes no other."""
    try:
        return Result(do(task))
    except ServiceError as error:
        return Result(task, "".join(error.data.get("fields", {}).values()) or f"{error.message}{error.hint}")


def _need(value: str, field: str, words: str) -> None:
    if not value.strip():
        raise Invalid.of_fields({field: words})
