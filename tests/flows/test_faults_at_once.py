"""Several people act in the same moment, with real transactions: one wins, the others are told, nothing doubles."""

from collections import Counter

import pytest
from django.db import transaction

from tests import people, village
from tests.flows.moments import at_once
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.audit.selectors import events_of, verify_chain
from yueban.cases.choices import CaseState
from yueban.cases.errors import CaseMoveNotPossible, CaseStale
from yueban.cases.models import Case
from yueban.clocks.models import Clock
from yueban.documents.models import Document
from yueban.flows import apply, assist, review
from yueban.jobs.selectors import counts
from yueban.kernel.errors import Conflict
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def reference(case: Case) -> Reference:
    return Reference("case", case.number)


def event_kinds(case: Case) -> Counter[str]:
    return Counter(events_of(reference(case)).values_list("kind", flat=True))


def open_task(case: Case, username: str) -> int:
    return approvals.inbox(people.actor(username)).get(reference_number=case.number).pk


def test_eight_submissions_at_once_give_one_case_and_one_number():
    application, owner = people.draft(), people.actor(people.OWNER)
    results = at_once([lambda: apply.submit(owner, application.number)] * 8)
    (case,) = Case.objects.all()
    assert [result.number for result in results] == [case.number] * 8
    assert event_kinds(case) == {"submit": 1}
    assert Task.objects.filter(reference_number=case.number).count() == 1
    assert Message.objects.filter(reference_number=case.number).count() == 1


def test_a_helper_who_hands_in_from_four_browsers_at_once_hands_in_once():
    village.settle()
    draft, helper = village.draft(), village.actor(village.HELPER)
    village.mandate(draft)
    results = at_once([lambda: assist.submit(helper, draft.number)] * 4)
    case = Case.objects.get(application=draft)
    assert [result.number for result in results] == [case.number] * 4
    assert event_kinds(case) == {"submit": 1, "receive": 1}


def test_eight_drafts_submitted_at_once_get_eight_numbers_in_a_row():
    """The counter of the day is asked by eight transactions together; one of them rolls back."""
    from yueban.cases.numbering import new_case_number

    def take() -> str:
        with transaction.atomic():
            return new_case_number("330602000000")

    def take_and_fail() -> str:
        with transaction.atomic():
            new_case_number("330602000000")
            raise Conflict("this one is given back")

    results = at_once([take] * 7 + [take_and_fail])
    numbers = sorted(result for result in results if isinstance(result, str))
    assert [int(number[14:22]) for number in numbers] == [1, 2, 3, 4, 5, 6, 7]


def test_eight_starts_at_once_give_one_draft():
    owner, version = people.actor(people.OWNER), people.freight().pk
    party = people.company_of(owner)
    results = at_once([lambda: apply.start(owner, version, people.ANSWERS, party)] * 8)
    assert len({result.number for result in results}) == 1


def test_of_two_clerks_who_accept_at_once_one_wins_and_the_other_is_told():
    case = people.received()
    jobs_before = counts().get("todo", 0)
    clerks = [people.actor(people.CLERK), people.actor(people.OTHER_CLERK)]
    results = at_once(
        [lambda clerk=clerk: review.accept(clerk, case.number, revision=case.revision) for clerk in clerks]
    )
    losers = [result for result in results if isinstance(result, Exception)]
    assert [type(loser) for loser in losers] == [CaseStale]
    assert "已变为“已受理”" in losers[0].message
    _accepted_once(case)
    assert counts()["todo"] == jobs_before + 1, "one acceptance document waits for its PDF"


def test_two_clerks_with_pages_that_tell_no_revision_do_not_accept_twice_either():
    case = people.received()
    clerks = [people.actor(people.CLERK), people.actor(people.OTHER_CLERK)]
    results = at_once([lambda clerk=clerk: review.accept(clerk, case.number) for clerk in clerks])
    assert [type(result) for result in results if isinstance(result, Exception)] == [CaseMoveNotPossible]
    _accepted_once(case)


def test_a_double_click_that_arrives_twice_at_once_is_carried_out_once_and_answered_twice():
    case, clerk = people.received(), people.actor(people.CLERK)
    results = at_once([lambda: review.accept(clerk, case.number, revision=case.revision, key="k")] * 4)
    assert [result.state for result in results] == [CaseState.ACCEPTED] * 4
    _accepted_once(case)


def _accepted_once(case: Case) -> None:
    assert Document.objects.filter(subject_number=case.number, kind="acceptance").count() == 1
    assert event_kinds(case)["accept"] == 1
    route = Task.objects.filter(reference_number=case.number).exclude(kind__in=["receive", "accept"])
    assert Counter(route.values_list("key", flat=True)) == {
        "vehicle-check": 1,
        "qualification-check": 1,
        "review": 1,
        "decide": 1,
    }
    running = Clock.objects.filter(reference_number=case.number, state="running")
    assert Counter(running.values_list("kind", flat=True)) == {"promise": 1, "statutory": 1}
    assert Message.objects.filter(reference_number=case.number, event="accepted").count() == 1
    assert verify_chain(reference(case)).ok


def test_checkers_and_reviewer_finishing_at_the_same_moment_open_the_decision_exactly_once():
    case = people.accepted()
    crew = [people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER]
    tasks = [(people.actor(name), open_task(case, name)) for name in crew]
    results = at_once(
        [
            lambda actor=actor, task=task: review.finish_task(actor, task, outcome=TaskOutcome.CONFORMS)
            for actor, task in tasks
        ]
    )
    assert not [result for result in results if isinstance(result, Exception)]
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING
    kinds = event_kinds(case)
    assert (kinds["begin_review"], kinds["task_done"], kinds["send_to_decision"]) == (1, 3, 1)
    (decision,) = Task.objects.filter(reference_number=case.number, kind=TaskKind.DECIDE)
    assert decision.state == TaskState.OPEN
    assert verify_chain(reference(case)).ok


def test_two_reviewers_who_take_the_same_task_at_once_are_told_who_has_it():
    case = people.accepted()
    task = open_task(case, people.REVIEWER)
    pair = [people.actor(people.REVIEWER), people.actor("reviewer-feng")]
    results = at_once([lambda actor=actor: review.take(actor, task) for actor in pair])
    losers = [result for result in results if isinstance(result, Exception)]
    assert [loser.code for loser in losers] == ["task.taken"]
    winner = next(
        actor for actor, result in zip(pair, results, strict=True) if not isinstance(result, Exception)
    )
    assert losers[0].data == {"by": winner.name}
    assert Task.objects.get(pk=task).taken_by_id == winner.user_id


def test_a_withdrawal_and_an_acceptance_at_once_leave_one_truth():
    case = people.received()
    owner, clerk = people.actor(people.OWNER), people.actor(people.CLERK)
    results = at_once(
        [
            lambda: apply.withdraw(owner, case.number, revision=case.revision),
            lambda: review.accept(clerk, case.number, revision=case.revision),
        ]
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [CaseStale]
    case.refresh_from_db()
    live = Task.objects.filter(reference_number=case.number, state__in=["open", "waiting"]).exists()
    running = Clock.objects.filter(reference_number=case.number, state="running").exists()
    is_withdrawn = case.state == CaseState.WITHDRAWN
    assert (live, running) == ((False, False) if is_withdrawn else (True, True))


def test_a_grant_and_a_refusal_at_once_give_one_decision():
    case = people.accepted()
    for name in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        review.finish_task(people.actor(name), open_task(case, name), outcome=TaskOutcome.CONFORMS)
    decider = people.actor(people.DECIDER)
    results = at_once(
        [
            lambda: review.decide(decider, case.number, is_granted=True),
            lambda: review.decide(decider, case.number, is_granted=False, reason="车辆不符。"),
        ]
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [CaseMoveNotPossible]
    decisions = Document.objects.filter(subject_number=case.number, kind__startswith="decision")
    assert decisions.count() == 1
