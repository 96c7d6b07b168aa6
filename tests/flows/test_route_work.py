"""A step goes back without losing the others' work; an opinion comes back until it is built upon; tasks are handed on."""

import pytest

from tests import people
from yueban.agencies import selectors as agencies
from yueban.agencies import services as agency_services
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.errors import NextStepBegan, NothingToReturn
from yueban.approvals.models import Task
from yueban.audit import selectors as audit
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState, MaterialState
from yueban.cases.errors import CaseMoveNotPossible, CaseStale
from yueban.cases.models import Case, CaseMaterial
from yueban.flows import review, route_work
from yueban.kernel.actor import SYSTEM
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accepted_once")]

SECOND = "reviewer-feng"


def task_of(case: Case, key: str) -> Task:
    """The attempt that counts now."""
    return Task.objects.exclude(state=TaskState.RETURNED).get(reference_number=case.number, key=key)


def states(case: Case) -> dict[str, str]:
    rows = Task.objects.filter(reference_number=case.number).exclude(state=TaskState.RETURNED)
    return {row.key: row.state for row in rows if row.key not in ("receive", "accept")}


def sent_back(case: Case, key: str = "review", **how: object) -> Task:
    return route_work.send_back(
        people.actor(people.DECIDER), case.number, task_of(case, key).pk, reason="车辆年限请再核", **how
    )


def test_only_the_step_and_what_follows_it_opens_again():
    case = people.deciding()
    opened = sent_back(case)
    assert states(case) == {
        "vehicle-check": "done",
        "qualification-check": "done",
        "review": "open",
        "decide": "waiting",
    }
    assert (opened.sent_words, opened.sent_by_id) == ("车辆年限请再核", people.actor(people.DECIDER).user_id)
    case.refresh_from_db()
    assert case.state == CaseState.REVIEWING


def test_it_goes_to_whoever_did_it_and_the_first_opinion_stays_on_record():
    case = people.deciding()
    first = task_of(case, "review")
    opened = sent_back(case)
    assert opened.taken_by_id == first.done_by_id
    first.refresh_from_db()
    assert (first.state, first.outcome, opened.returned_from_id) == ("returned", "conforms", first.pk)
    assert not approvals.inbox(people.actor(SECOND)).filter(pk=opened.pk).exists()


def test_once_worked_anew_the_route_goes_on_and_the_case_can_be_granted():
    case = people.deciding()
    opened = sent_back(case)
    review.finish_task(people.actor(people.REVIEWER), opened.pk, outcome=TaskOutcome.CONFORMS)
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING
    review.decide(people.actor(people.DECIDER), case.number, is_granted=True)
    kinds = [event.kind for event in audit.events_of(Reference("case", case.number))]
    assert kinds.index("send_back") < kinds.index("step_returned") < kinds.index("grant")


def test_an_attempt_that_was_sent_back_no_longer_speaks_against_a_grant():
    case = people.accepted()
    for person, outcome in (
        (people.VEHICLE_CHECKER, TaskOutcome.CONFORMS),
        (people.QUALIFICATION_CHECKER, TaskOutcome.CONFORMS),
        (people.REVIEWER, TaskOutcome.DEVIATES),
    ):
        worker = people.actor(person)
        task = approvals.inbox(worker).get(reference_number=case.number)
        review.finish_task(worker, task.pk, outcome=outcome, opinion="看过")
    with pytest.raises(CaseMoveNotPossible, match="不支持准予"):
        review.decide(people.actor(people.DECIDER), case.number, is_granted=True)
    opened = sent_back(case)
    review.finish_task(people.actor(people.REVIEWER), opened.pk, outcome=TaskOutcome.CONFORMS, opinion="已核")
    assert review.decide(people.actor(people.DECIDER), case.number, is_granted=True).state == CaseState.READY


def test_a_check_sent_back_no_longer_satisfies_its_materials():
    case = people.deciding()
    checked = CaseMaterial.objects.filter(case=case, way="check", state=MaterialState.SATISFIED)
    before = set(checked.values_list("key", flat=True))
    sent_back(case, "vehicle-check")
    after = set(checked.values_list("key", flat=True))
    assert after < before
    opened = task_of(case, "vehicle-check")
    review.finish_task(people.actor(people.VEHICLE_CHECKER), opened.pk, outcome=TaskOutcome.CONFORMS)
    assert set(checked.values_list("key", flat=True)) == before


def test_a_repeated_press_changes_nothing_and_a_stale_page_is_told_so():
    case = people.deciding()
    task = task_of(case, "review")
    decider, stale = people.actor(people.DECIDER), case.revision
    again = [
        route_work.send_back(decider, case.number, task.pk, reason="再核", revision=stale, key="k1")
        for _ in range(2)
    ]
    assert again[0].pk == again[1].pk
    with pytest.raises(CaseStale):
        route_work.send_back(decider, case.number, task.pk, reason="再核", revision=stale, key="k2")


def test_words_are_needed_and_only_a_finished_earlier_step_goes_back():
    case = people.deciding()
    decider = people.actor(people.DECIDER)
    with pytest.raises(Invalid) as wordless:
        route_work.send_back(decider, case.number, task_of(case, "review").pk, reason="  ")
    assert set(wordless.value.fields) == {"reason"}
    for number in (task_of(case, "decide").pk, 0):
        with pytest.raises(Invalid) as refused:
            route_work.send_back(decider, case.number, number, reason="再核")
        assert set(refused.value.fields) == {"task"}
    with pytest.raises(Invalid):
        route_work.send_back(
            people.actor(people.REVIEWER), case.number, task_of(case, "vehicle-check").pk, reason="再核"
        )


def test_ones_own_opinion_comes_back_until_the_next_step_began():
    case = people.deciding()
    reviewer, task = people.actor(people.REVIEWER), task_of(case, "review")
    assert [one.pk for one in route_work.can_take_back(list(tasks_of(case)), reviewer)] == [task.pk]
    opened = route_work.take_back(reviewer, task.pk)
    assert (opened.state, opened.taken_by_id) == ("open", reviewer.user_id)
    case.refresh_from_db()
    assert (case.state, states(case)["decide"]) == (CaseState.REVIEWING, "waiting")
    review.finish_task(reviewer, opened.pk, outcome=TaskOutcome.CONFORMS)
    review.take(people.actor(people.DECIDER), task_of(case, "decide").pk)
    assert route_work.can_take_back(list(tasks_of(case)), reviewer) == []
    with pytest.raises(NextStepBegan, match="已经有人在办"):
        route_work.take_back(reviewer, task_of(case, "review").pk)


def tasks_of(case: Case):
    return approvals.tasks_of(Reference("case", case.number))


def test_nobody_takes_back_a_colleagues_opinion():
    case = people.deciding()
    with pytest.raises(NothingToReturn, match="自己的意见"):
        route_work.take_back(people.actor(SECOND), task_of(case, "review").pk)
    with pytest.raises(NotFound):
        route_work.take_back(people.actor(people.OTHER_COUNTY), task_of(case, "review").pk)


def test_a_task_is_handed_to_a_colleague_with_the_reason():
    case = people.accepted()
    task = task_of(case, "review")
    handed = route_work.hand_on(
        people.actor(people.REVIEWER), task.pk, user_id=people.user(SECOND).pk, reason="由他熟悉的同事办"
    )
    assert (handed.taken_by_id, handed.sent_words) == (people.user(SECOND).pk, "由他熟悉的同事办")
    assert approvals.inbox(people.actor(SECOND)).filter(pk=task.pk).exists()
    assert not approvals.inbox(people.actor(people.REVIEWER)).filter(pk=task.pk).exists()
    staff = [one.text for one in cases.timeline(case, for_staff=True) if one.kind == "handed_on"]
    assert staff == ["审查转给冯复审。理由：由他熟悉的同事办"]
    assert not [one for one in cases.timeline(case) if one.kind == "handed_on"]


def test_what_a_colleague_holds_only_he_and_the_head_of_the_office_hand_on():
    case = people.accepted()
    task = task_of(case, "review")
    review.take(people.actor(SECOND), task.pk)
    me = people.user(people.REVIEWER).pk
    with pytest.raises(NotAllowed, match="不在您手里"):
        route_work.hand_on(people.actor(people.REVIEWER), task.pk, user_id=me, reason="给我")
    handed = route_work.hand_on(people.actor(people.DECIDER), task.pk, user_id=me, reason="调整分工")
    assert handed.taken_by_id == me


def test_only_to_somebody_who_can_do_it():
    case = people.accepted()
    task = task_of(case, "review")
    for user in (people.OTHER_COUNTY, people.CLERK, people.DECIDER, people.REVIEWER):
        with pytest.raises(Invalid) as refused:
            route_work.hand_on(
                people.actor(people.REVIEWER), task.pk, user_id=people.user(user).pk, reason="请办"
            )
        assert set(refused.value.fields) == {"to"}


def test_another_office_of_the_agency_gets_it_in_its_inbox():
    office = agencies.get_agency("keqiao-transport")
    office.parent = agencies.get_agency("yuecheng-transport")
    office.save()
    case = people.accepted()
    task = task_of(case, "review")
    agency_services.give_post(
        user=people.user(people.OTHER_COUNTY),
        role="reviewer",
        agency="keqiao-transport",
        division="330602000000",
        actor=SYSTEM,
    )
    assert [one.code for one in route_work.offices_for(task)] == ["keqiao-transport"]
    route_work.hand_on(people.actor(people.REVIEWER), task.pk, office="keqiao-transport", reason="属该所辖区")
    there = people.actor(people.OTHER_COUNTY)
    assert approvals.inbox(there).filter(pk=task.pk).exists()
    assert cases.get_case(there, case.number).number == case.number
    with pytest.raises(Invalid):
        route_work.hand_on(there, task.pk, office="shaoxing-transport", reason="转市局")


def test_the_notice_and_the_clerks_steps_are_not_handed_on_here():
    case = people.received()
    task = task_of(case, "accept")
    assert task.kind == TaskKind.ACCEPT
    with pytest.raises(CaseMoveNotPossible):
        route_work.hand_on(
            people.actor(people.CLERK), task.pk, user_id=people.user(people.OTHER_CLERK).pk, reason="请办"
        )
