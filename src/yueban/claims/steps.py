"""The ways of redemption as data: what moves a claim where, whose work it is, and in how many working days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from yueban.approvals.choices import TaskKind
from yueban.claims.choices import ClaimEvent, ClaimState, Way
from yueban.kernel import roles

S, E = ClaimState, ClaimEvent


@dataclass(frozen=True, slots=True)
class Step:
    """One task of a route: in which state it is worked, what kind of work for which role, in how many days."""

    key: str
    stage: int
    kind: TaskKind
    name: str
    role: str
    days: int


@dataclass(frozen=True, slots=True)
class Course:
    """One way whole: where a claim begins, its tasks in stages, and the working days promised.

    The days of a notice are not counted. ``promised`` is 0 where the procedure of the law sets the days.
    """

    begins: ClaimState
    steps: tuple[Step, ...]
    promised: int


def _notice(stage: int, days: int) -> Step:
    return Step("notice", stage, TaskKind.NOTICE, "公示", roles.REVIEWER, days)


FAST_STEPS: Final = (
    Step("check", 0, TaskKind.ACCEPT, "初审", roles.REVIEWER, 1),
    Step("decide", 1, TaskKind.DECIDE, "审定", roles.DECIDER, 2),
    _notice(2, 5),
)
# 评审 and 现场核查 go on side by side, by different people, neither of whom made the first check.
REVIEW_STEPS: Final = (
    Step("check", 0, TaskKind.ACCEPT, "初审", roles.REVIEWER, 10),
    Step("experts", 1, TaskKind.REVIEW, "专家评审", roles.REVIEWER, 30),
    Step("site", 1, TaskKind.REVIEW, "现场核查", roles.REVIEWER, 30),
    Step("decide", 2, TaskKind.DECIDE, "审定", roles.DECIDER, 20),
    _notice(3, 7),
)
COURSES: Final[dict[Way, Course]] = {
    Way.AUTO: Course(S.AGREED, (), 0),
    Way.INSTANT: Course(S.AGREED, (), 1),
    Way.FAST: Course(S.CHECKING, FAST_STEPS, 3),
    Way.REVIEW: Course(S.CHECKING, REVIEW_STEPS, 60),
    Way.STATUTORY: Course(S.CHECKING, REVIEW_STEPS, 0),
}
_PAYMENT: Final = {
    (S.AGREED, E.PAY_PART): S.PAYING,
    (S.PAYING, E.PAY_PART): S.PAYING,
    (S.AGREED, E.PAY): S.PAID,
    (S.PAYING, E.PAY): S.PAID,
    (S.AGREED, E.RETURN): S.AGREED,
    (S.PAYING, E.RETURN): S.PAYING,
}
# What was announced and is changed is announced again; an upheld objection goes back to who decides.
_NOTICE: Final = {
    (S.NOTICED, E.END_NOTICE): S.AGREED,
    (S.NOTICED, E.UPHOLD): S.DECIDING,
    (S.NOTICED, E.AMEND): S.NOTICED,
    (S.AGREED, E.AMEND): S.NOTICED,
    (S.DECIDING, E.PROPOSE): S.NOTICED,
    (S.DECIDING, E.REFUSE): S.REFUSED,
    (S.DECIDING, E.WITHDRAW): S.WITHDRAWN,
    (S.NOTICED, E.WITHDRAW): S.WITHDRAWN,
    (S.CHECKING, E.WITHDRAW): S.WITHDRAWN,
}
# 补正 once, told in one go; who lets its day pass is checked on what there is.
_CORRECTION: Final = {
    (S.CHECKING, E.ASK_CORRECTION): S.CORRECTING,
    (S.CORRECTING, E.HAND_IN): S.CHECKING,
    (S.CORRECTING, E.LAPSE): S.CHECKING,
    (S.CORRECTING, E.WITHDRAW): S.WITHDRAWN,
}
# 联审, where the offer names more departments than one: between the check and the decision.
_FAST: Final = {
    **_NOTICE,
    **_PAYMENT,
    **_CORRECTION,
    (S.CHECKING, E.CHECK): S.DECIDING,
    (S.CHECKING, E.JOIN): S.REVIEWING,
    (S.REVIEWING, E.REVIEW): S.DECIDING,
    (S.REVIEWING, E.WITHDRAW): S.WITHDRAWN,
}
_REVIEW: Final = {
    **_NOTICE,
    **_PAYMENT,
    **_CORRECTION,
    (S.CHECKING, E.CHECK): S.REVIEWING,
    (S.REVIEWING, E.REVIEW): S.DECIDING,
    (S.REVIEWING, E.WITHDRAW): S.WITHDRAWN,
}
MOVES: Final[dict[Way, dict[tuple[ClaimState, ClaimEvent], ClaimState]]] = {
    Way.AUTO: _PAYMENT,
    Way.INSTANT: _PAYMENT,
    Way.FAST: _FAST,
    Way.REVIEW: _REVIEW,
    Way.STATUTORY: _REVIEW,
}


JOINT, JOINT_DAYS = "joint-", 2


def with_joint(course: Course, kinds: Sequence[str]) -> tuple[Step, ...]:
    """The tasks of the course with an opinion of each other department, beside the experts or before the decision."""
    if not kinds:
        return course.steps
    has_review = any(step.key == "experts" for step in course.steps)
    later = tuple(
        step if step.stage == 0 or has_review else replace(step, stage=step.stage + 1)
        for step in course.steps
    )
    return later + tuple(
        Step(f"{JOINT}{kind}", 1, TaskKind.REVIEW, "联审", roles.REVIEWER, JOINT_DAYS) for kind in kinds
    )


def moved(way: str, state: str, event: ClaimEvent) -> ClaimState | None:
    """Where the event takes a claim of this way; None where it cannot happen."""
    return MOVES[Way(way)].get((ClaimState(state), event))


def events_from(way: str, state: str) -> frozenset[ClaimEvent]:
    """What may happen to a claim that stands here."""
    return frozenset(event for at, event in MOVES[Way(way)] if at == state)
