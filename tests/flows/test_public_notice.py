"""公示: it publishes itself, ends by itself, and waits for the answer to every objection."""

from datetime import date, datetime

import pytest

from tests import benefits, people
from tests.flows.moments import at_once, set_now
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import NoticeState, TaskKind, TaskState
from yueban.approvals.errors import NoticeNotFound, NoticeOver, ObjectionInvalid, TooManyObjections
from yueban.approvals.models import Objection
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import ProgressAttempt
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind, ClockState
from yueban.flows import apply, notice, review
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.actor import ANONYMOUS
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
WORDS = {"name": "李旁观", "contact": "13800000099", "text": "申请人的车辆已经报废。"}


def clock_of(case, kind):
    return clocks.clocks_of(Reference("case", case.number)).get(kind=kind)


def objector():
    return people.actor(people.CITIZEN)


def the_answering_task(case):
    return approvals.inbox(people.actor(people.REVIEWER)).get(
        reference_number=case.number, kind=TaskKind.OBJECTION
    )


@pytest.fixture
def running():
    """A notice of five working days published on Monday 23 November 2026."""
    set_now(2026, 11, 23)
    benefits.publish()
    return benefits.announced()


def test_it_is_published_when_its_stage_opens_with_name_and_tail_only(running):
    case, found = running
    shown = str(found.lines)
    assert case.party.name in shown
    assert people.FORM["contact.phone"] not in shown
    assert (found.published_on, found.ends_on) == (date(2026, 11, 23), date(2026, 11, 30))
    assert list(approvals.running_notices()) == [found]


def test_money_of_the_public_is_told_to_the_public():
    benefits.publish(payment=benefits.PAYMENT)
    _, notice = benefits.announced(amount="1000.00")
    assert ["拟支付金额", "666.67 元"] in notice.lines


def test_its_days_jump_over_holidays():
    set_now(2026, 9, 28)  # closed 1 to 7 October; Saturday 10 October is worked
    benefits.publish()
    assert benefits.announced()[1].ends_on == date(2026, 10, 10)


def test_it_is_nobodys_task_in_the_inbox(running):
    case, _ = running
    for name in (people.REVIEWER, people.DECIDER):
        assert not approvals.inbox(people.actor(name)).filter(reference_number=case.number).exists()


def test_the_case_tells_until_when(running):
    assert "到11月30日24时" in cases.next_step(running[0]).sentence


def test_after_its_last_day_the_sweep_ends_it_and_the_decision_is_due(running):
    case, found = running
    set_now(2026, 11, 30, 23)
    assert sweep()["notices_ended"] == 0
    set_now(2026, 12, 1, 0)
    assert sweep()["notices_ended"] == 1
    assert sweep()["notices_ended"] == 0
    case.refresh_from_db()
    found.refresh_from_db()
    assert (case.state, found.state) == (CaseState.DECIDING, NoticeState.ENDED)
    assert review.decide(people.actor(people.DECIDER), case.number, is_granted=True).decided_at


def test_promise_and_statutory_clock_stand_still_and_count_on_with_exactly_the_days_of_the_notice(running):
    case, _ = running
    before = {kind: clock_of(case, kind) for kind in (ClockKind.PROMISE, ClockKind.STATUTORY)}
    assert {row.state for row in before.values()} == {ClockState.PAUSED}
    set_now(2026, 12, 1)
    sweep()
    for kind, row in before.items():
        after = clock_of(case, kind)
        assert after.state == ClockState.RUNNING
        assert after.paused_workdays == 5
        assert after.due_on > row.due_on
    reasons = [entry.text for entry in cases.timeline(case) if entry.kind == "notice_published"]
    assert ["不计入" in text for text in reasons] == [True]
    case.refresh_from_db()
    assert case.promised_on == clock_of(case, ClockKind.PROMISE).due_on


def test_where_the_item_counts_the_days_the_clocks_run_on():
    set_now(2026, 11, 23)
    benefits.publish(notice=None)
    case, _ = benefits.announced()
    assert clock_of(case, ClockKind.PROMISE).state == ClockState.RUNNING


def test_an_objection_at_the_last_minute_counts_and_one_minute_later_not(running):
    case, found = running
    clock.set_source(lambda: datetime(2026, 11, 30, 23, 59, tzinfo=clock.BEIJING))
    made = notice.object_to(ANONYMOUS, found.number, **WORDS)
    assert made.number == f"{found.number}-01"
    clock.set_source(lambda: datetime(2026, 12, 1, 0, 0, tzinfo=clock.BEIJING))
    with pytest.raises(NoticeOver, match="11月30日24时"):
        notice.object_to(ANONYMOUS, found.number, **WORDS)
    assert sweep()["notices_ended"] == 0
    case.refresh_from_db()
    assert case.state == CaseState.REVIEWING


def test_an_objection_waits_for_its_answer_which_ends_the_notice_and_reaches_the_objector(running):
    case, found = running
    notice.object_to(objector(), found.number, **WORDS | {"contact": ""})
    set_now(2026, 12, 1)
    sweep()
    task = the_answering_task(case)
    notice.answer(people.actor(people.REVIEWER), task.pk, is_upheld=False, reasons="车辆年检有效。", key="k")
    notice.answer(people.actor(people.REVIEWER), task.pk, is_upheld=False, reasons="车辆年检有效。", key="k")
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING
    told = Message.objects.get(user_id=objector().user_id, reference_kind="notice")
    assert "车辆年检有效" in told.body
    assert review.decide(people.actor(people.DECIDER), case.number, is_granted=True).decided_at


def test_the_days_of_answering_late_are_the_notices_own(running):
    case, found = running
    notice.object_to(ANONYMOUS, found.number, **WORDS)
    set_now(2026, 12, 3)
    notice.answer(
        people.actor(people.REVIEWER), the_answering_task(case).pk, is_upheld=False, reasons="不属实。"
    )
    assert clock_of(case, ClockKind.PROMISE).paused_workdays == 8


def test_an_objection_answered_early_leaves_the_notice_its_days(running):
    case, found = running
    notice.object_to(ANONYMOUS, found.number, **WORDS)
    notice.answer(
        people.actor(people.REVIEWER), the_answering_task(case).pk, is_upheld=False, reasons="不属实。"
    )
    found.refresh_from_db()
    case.refresh_from_db()
    assert (found.state, case.state) == (NoticeState.RUNNING, CaseState.REVIEWING)


def test_an_upheld_objection_forbids_the_grant_but_not_the_refusal(running):
    case, found = running
    notice.object_to(ANONYMOUS, found.number, **WORDS)
    notice.answer(
        people.actor(people.REVIEWER), the_answering_task(case).pk, is_upheld=True, reasons="属实。"
    )
    set_now(2026, 12, 1)
    sweep()
    with pytest.raises(CaseMoveNotPossible, match="异议成立"):
        review.decide(people.actor(people.DECIDER), case.number, is_granted=True)
    review.decide(people.actor(people.DECIDER), case.number, is_granted=False, reason="车辆已报废。")


def test_an_answer_without_reasons_is_none(running):
    case, found = running
    notice.object_to(ANONYMOUS, found.number, **WORDS)
    with pytest.raises(Exception, match="修改"):
        notice.answer(
            people.actor(people.REVIEWER), the_answering_task(case).pk, is_upheld=False, reasons=" "
        )


@pytest.mark.parametrize("field", WORDS)
def test_an_objection_needs_words_a_name_and_without_sign_in_a_contact(running, field):
    with pytest.raises(ObjectionInvalid) as refused:
        notice.object_to(ANONYMOUS, running[1].number, **WORDS | {field: " "})
    assert set(refused.value.fields) == {field}


def test_a_second_press_makes_no_second_objection(running):
    made = {notice.object_to(ANONYMOUS, running[1].number, **WORDS, key="same").pk for _ in range(2)}
    assert len(made) == 1


def test_the_chain_of_the_case_keeps_the_objector_to_itself(running):
    case, found = running
    notice.object_to(objector(), found.number, **WORDS)
    told = str([(entry.by, entry.text) for entry in cases.timeline(case, for_staff=True)])
    assert objector().name not in told
    assert WORDS["name"] not in told


def test_a_withdrawn_case_takes_its_notice_off_the_net(running):
    case, found = running
    apply.withdraw(people.actor(people.OWNER), case.number)
    with pytest.raises(NoticeNotFound):
        approvals.get_public_notice(found.number)
    with pytest.raises(NoticeNotFound):
        notice.object_to(ANONYMOUS, found.number, **WORDS)


def test_names_go_off_the_net_after_the_day_of_removal(running):
    _, found = running
    clock.set_source(lambda: datetime(2026, 12, 10, 23, 59, tzinfo=clock.BEIJING))
    assert approvals.get_public_notice(found.number) == found
    clock.set_source(lambda: datetime(2026, 12, 11, 0, 0, tzinfo=clock.BEIJING))
    with pytest.raises(NoticeNotFound):
        approvals.get_public_notice(found.number)


@pytest.mark.django_db(transaction=True)
def test_two_objections_at_once_get_two_numbers_and_two_tasks():
    set_now(2026, 11, 23)
    benefits.publish()
    case, found = benefits.announced()
    made = at_once([lambda: notice.object_to(ANONYMOUS, found.number, **WORDS)] * 2)
    assert sorted(one.number for one in made) == [f"{found.number}-01", f"{found.number}-02"]
    assert Objection.objects.filter(task__state=TaskState.OPEN, notice=found).count() == 2
    assert case.state == CaseState.REVIEWING


def test_nobody_holds_a_case_up_by_objecting_without_end(running):
    _, found = running
    for number in range(3):
        notice.object_to(objector(), found.number, **WORDS, key=f"person-{number}")
    with pytest.raises(TooManyObjections):
        notice.object_to(objector(), found.number, **WORDS, key="person-3")
    again = notice.object_to(objector(), found.number, **WORDS, key="person-2")
    assert again.number.endswith("-03"), "a second press is no new objection"
    for number in range(20):
        notice.object_to(ANONYMOUS, found.number, **WORDS, key=f"{number}", address="192.0.2.1")
    with pytest.raises(TooManyObjections):
        notice.object_to(ANONYMOUS, found.number, **WORDS, key="20", address="192.0.2.1")
    notice.object_to(ANONYMOUS, found.number, **WORDS, key="20", address="192.0.2.2")
    assert Objection.objects.filter(notice=found).count() == 24
    assert not ProgressAttempt.objects.filter(number__contains="192.0.2").exists()
    set_now(2026, 11, 23, 23)
    notice.object_to(objector(), found.number, **WORDS, key="later")
