"""Whatever is done to a case in whatever order, by whoever may: the law's invariants hold after every step."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import people
from tests.law.turning import RULES
from yueban.approvals.models import Task
from yueban.audit.selectors import verify_chain
from yueban.cases.choices import ENDED, CaseState, MaterialState
from yueban.cases.models import Case
from yueban.clocks.choices import ClockState
from yueban.clocks.models import Clock
from yueban.divisions import selectors as divisions
from yueban.flows import apply, deliver, hearing, review, revoke, special, tolerance
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.errors import ServiceError
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
LIVE = (ClockState.RUNNING, ClockState.PAUSED)
START = datetime(2026, 11, 2, 10, tzinfo=clock.BEIJING)


def by(username: str):
    return people.actor(username)


def finish_a_task(number: str) -> None:
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = by(person)
        codes = [post.agency for post in worker.posts]
        rows = Task.objects.filter(reference_number=number, state="open", kind__in=["check", "review"])
        task = rows.filter(role=worker.posts[0].role, agency__code__in=codes).first()
        if task is not None:
            review.finish_task(worker, task.pk, outcome="conforms")
            return


ASKED = [{"material": RULES, "what": "缺章"}]
STEPS: dict[str, Callable[[str], object]] = {
    "receive": lambda number: review.receive(by(people.CLERK), number),
    "ask": lambda number: review.request_supplement(by(people.CLERK), number, ASKED),
    "accept": lambda number: review.accept(by(people.CLERK), number),
    "tolerate": lambda number: tolerance.accept(by(people.CLERK), number, [RULES], is_promised=True),
    "take in": lambda number: tolerance.take_in(by(people.CLERK), number, note="原件一份"),
    "review": finish_a_task,
    "suspend": lambda number: special.suspend(
        by(people.REVIEWER), number, name="专家评审", reason="需要评审", days="3"
    ),
    "resume": lambda number: special.resume(by(people.REVIEWER), number, result="通过", opinion="同意"),
    "extend": lambda number: special.extend(by(people.DECIDER), number, "需要外省核实"),
    "tell": lambda number: hearing.tell(by(people.DECIDER), number, "重大利益"),
    "hear": lambda number: hearing.ask(by(people.OWNER), number),
    "grant": lambda number: review.decide(by(people.DECIDER), number, is_granted=True),
    "deliver": lambda number: deliver.deliver(by(people.CLERK), number, method="窗口领取", proof="本人签收"),
    "withdraw": lambda number: apply.withdraw(by(people.OWNER), number),
    "revoke": lambda number: revoke.revoke(
        by(people.DECIDER), number, kind="cancelled", reason="终止经营", basis="行政许可法第七十条"
    ),
    "sweep": lambda _number: sweep(),
}
# Days that pass before the step, and the step; the straight way is drawn often enough to get far.
WALKS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(sorted(STEPS))), min_size=4, max_size=14)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(accepted=st.sampled_from(["accept", "tolerate", "ask"]), walk=WALKS)
def test_no_order_of_steps_breaks_the_law_of_a_case(accepted, walk, set_standard):
    set_standard(deferral={RULES: 5})
    now = [START]
    clock.set_source(lambda: now[0])
    number = people.submitted().number
    try:
        for days, name in [(0, "receive"), (0, accepted), *walk]:
            now[0] += timedelta(days=days)
            try_step(name, number)
            check(number, now[0])
    finally:
        clock.set_source(lambda: START)


def try_step(name: str, number: str) -> None:
    """Do it, or be told in words why not; nothing else may happen."""
    refused = None
    try:
        STEPS[name](number)
    except ServiceError as error:
        refused = error
    if refused is not None:
        assert refused.message
        assert refused.status in (403, 409, 422), f"{name}: {refused}"


def check(number: str, now: datetime) -> None:
    case = Case.objects.get(number=number)
    rows = list(Clock.objects.filter(reference_number=number))
    live = [row for row in rows if row.state in LIVE]
    assert len({row.kind for row in live}) == len(live), "one live clock per kind"
    if case.state in ENDED:
        assert not live, "an ended case has no live clock"
        assert not Task.objects.filter(reference_number=number, state__in=["open", "waiting"]).exists()
    assert (case.state == CaseState.SUSPENDED) == bool(case.resumes_to)
    if case.state in (CaseState.DECIDING, CaseState.GRANTED, CaseState.READY, CaseState.DELIVERED):
        assert not case.materials.filter(state=MaterialState.OWED).exists(), (
            "nothing is decided on what is owed"
        )
    for row in live:
        if row.state == ClockState.RUNNING and row.unit == "工作日":
            elapsed = divisions.workdays_between(row.started_on, now.date(), row.division_code)
            remaining = divisions.workdays_between(now.date(), row.due_on, row.division_code)
            limit = row.amount + row.extended + row.paused_workdays
            assert elapsed + remaining == limit, f"{row.kind}: {elapsed} + {remaining} is not {limit}"
    assert verify_chain(Reference("case", number)).ok
