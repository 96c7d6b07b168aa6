"""The turns of a case with the days and numbers of the law: Appendix A 3, 4 and 5, and extensions."""

import io
from datetime import date, datetime

import pytest

from tests import people
from tests.flows.moments import set_now
from tests.law.turning import (
    RULES,
    by,
    clock_of,
    clocks_if,
    documents,
    kinds_of,
    last,
    reviewed_by_experts,
    role_of,
    sweep_with_papers,
)
from yueban.approvals.models import Task
from yueban.audit.selectors import verify_chain
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseState
from yueban.cases.errors import (
    CaseInputInvalid,
    CaseMoveNotAllowed,
    CaseMoveNotPossible,
    ExtensionNotPossible,
    SupplementAlreadyAsked,
)
from yueban.cases.models import Case
from yueban.catalogue.selectors import get_published
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind, ClockState
from yueban.divisions import services as divisions
from yueban.flows import review, special, supplement
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


# Appendix A 3


def test_an_application_that_no_window_ever_takes_in_is_accepted_by_law_from_the_day_it_came():
    set_now(2026, 9, 30, 17)
    case = people.submitted()
    assert clock_of(case, ClockKind.RECEIVE).due_on == date(2026, 10, 8)
    assert clock_of(case, ClockKind.NOTICE).due_on == date(2026, 10, 13)
    set_now(2026, 10, 9)
    assert sweep()["missed"] == 1, "the window is late"
    set_now(2026, 10, 14)
    assert sweep_with_papers()["deemed_accepted"] == 1
    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED
    assert case.accepted_at.astimezone(clock.BEIJING) == datetime(2026, 9, 30, 17, tzinfo=clock.BEIJING)
    assert clock_of(case, ClockKind.STATUTORY).started_on == date(2026, 9, 30)
    assert "2026年9月30日" in documents(case, "acceptance")[0].content["paragraphs"][0]
    assert Task.objects.filter(reference_number=case.number, kind="receive", state="open").count() == 0


def test_taking_it_in_does_not_begin_the_five_days_anew():
    set_now(2026, 9, 30, 17)
    case = people.submitted()
    set_now(2026, 10, 8)
    review.receive(by(people.CLERK), case.number)
    assert clock_of(case, ClockKind.NOTICE).due_on == date(2026, 10, 13)
    assert clock_of(case, ClockKind.RECEIVE, ClockState.MET).ended_on == date(2026, 10, 8)


def test_days_in_a_year_without_a_published_calendar_are_provisional_and_counted_anew():
    set_now(2027, 1, 29, 17)
    case = people.accepted()
    statutory = clock_of(case, ClockKind.STATUTORY)
    assert (statutory.due_on, statutory.is_provisional) == (date(2027, 2, 26), True)
    festival = [
        divisions.CalendarRow(day=date(2027, 2, day), is_workday=False, name="春节") for day in range(8, 13)
    ]
    divisions.save_calendar(rows=festival)
    cases.keep_promised_days(clocks.count_anew())
    statutory.refresh_from_db()
    case.refresh_from_db()
    # Monday to Friday, 8 to 12 February, are free now: five working days later.
    assert (statutory.due_on, statutory.is_provisional) == (date(2027, 3, 5), False)
    assert case.promised_on == clock_of(case, ClockKind.PROMISE).due_on


# Appendix A 4


def test_a_pause_from_day_3_to_day_8_moves_a_promise_of_ten_days_by_five(set_standard):
    set_standard(promised=10)
    set_now(2026, 11, 2)
    case = people.accepted()
    assert clock_of(case, ClockKind.PROMISE).due_on == date(2026, 11, 16)
    set_now(2026, 11, 5)  # working day 3
    case = reviewed_by_experts(case)
    assert case.state == CaseState.SUSPENDED
    assert clock_of(case, ClockKind.PROMISE, ClockState.PAUSED).paused_on == date(2026, 11, 5)
    assert clock_of(case, ClockKind.SPECIAL).due_on == date(2026, 11, 12)
    (notice,) = documents(case, "special_notice")
    assert ["计划用时", "5个工作日"] in notice.content["facts"]
    assert "第四十五条" in "".join(notice.content["paragraphs"])
    set_now(2026, 11, 12)  # working day 8
    case = special.resume(by(people.REVIEWER), case.number, result="评审通过", opinion="同意继续审查")
    promise = clock_of(case, ClockKind.PROMISE)
    assert (case.state, promise.due_on, promise.paused_workdays) == (
        CaseState.ACCEPTED,
        date(2026, 11, 23),
        5,
    )
    assert case.promised_on == promise.due_on
    assert last(case, "resume")["overrun"] == 0
    assert verify_chain(Reference("case", case.number)).ok


def test_a_pause_longer_than_planned_is_written_down_for_the_supervisor():
    set_now(2026, 11, 5)
    case = reviewed_by_experts(people.accepted())
    set_now(2026, 11, 16)
    assert sweep()["missed"] == 1
    assert last(case, "clock_missed") == {
        "clock": "special",
        "due_on": "2026-11-12",
        "agency": case.agency.name,
    }
    procedure = cases_read.running_procedure(case)
    assert cases_read.overrun(procedure) == 2
    case = special.resume(by(people.REVIEWER), case.number, result="评审通过", opinion="同意")
    assert last(case, "resume")["overrun"] == 2
    words = [entry.text for entry in cases_read.timeline(case, for_staff=True) if entry.kind == "resume"]
    assert words == ["专家评审结束（比计划多用2个工作日）。结果：评审通过。意见：同意"]


def test_a_procedure_ends_once_and_with_result_and_opinion():
    case = reviewed_by_experts(people.accepted())
    with pytest.raises(CaseInputInvalid) as refused:
        special.resume(by(people.REVIEWER), case.number, result="", opinion=" ")
    assert set(refused.value.fields) == {"result", "opinion"}
    special.resume(by(people.REVIEWER), case.number, result="通过", opinion="同意")
    with pytest.raises(CaseMoveNotPossible):
        special.resume(by(people.REVIEWER), case.number, result="通过", opinion="同意")
    assert kinds_of(case).count("resume") == 1


def test_a_procedure_needs_name_reason_days_and_the_right_person():
    case = people.accepted()
    with pytest.raises(CaseInputInvalid) as refused:
        special.suspend(by(people.REVIEWER), case.number, name="", reason="", days="0")
    assert set(refused.value.fields) == {"name", "reason", "days"}
    with pytest.raises(CaseMoveNotAllowed):
        special.suspend(by(people.CLERK), case.number, name="检验", reason="需要检验", days="5")


def test_reviews_may_end_during_a_procedure_and_the_decision_waits_for_its_end():
    case = reviewed_by_experts(people.accepted())
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = by(person)
        task = Task.objects.get(
            reference_number=case.number,
            state="open",
            kind__in=["check", "review"],
            role=role_of(person),
            agency__code__in=[post.agency for post in worker.posts],
        )
        review.finish_task(worker, task.pk, outcome="conforms")
    case.refresh_from_db()
    assert case.state == CaseState.SUSPENDED
    special.resume(by(people.REVIEWER), case.number, result="通过", opinion="同意")
    case.refresh_from_db()
    assert case.state == CaseState.DECIDING


# Appendix A 5


def asked_once() -> Case:
    case = people.received()
    review.request_supplement(by(people.CLERK), case.number, [{"material": RULES, "what": "缺章"}])
    owner = by(people.OWNER)
    supplement.attach(owner, case.number, RULES, io.BytesIO(people.PDF + b"2"), "a.pdf")
    return supplement.supply(owner, case.number)


def test_a_clerk_asks_once_and_a_second_time_only_when_a_supervisor_has_said_why():
    case = asked_once()
    items = [{"material": RULES, "what": "还缺法定代表人签字"}]
    with pytest.raises(SupplementAlreadyAsked):
        review.request_supplement(by(people.CLERK), case.number, items)
    with pytest.raises(CaseMoveNotAllowed):
        review.allow_supplement(by(people.CLERK), case.number, "确有新情况")
    with pytest.raises(CaseInputInvalid):
        review.allow_supplement(by(people.SUPERVISOR), case.number, "  ")
    review.allow_supplement(by(people.SUPERVISOR), case.number, "补正件上出现了新的事实")
    review.request_supplement(by(people.CLERK), case.number, items)
    assert last(case, "ask_again")["reason"] == "补正件上出现了新的事实"
    assert last(case, "request_supplement")["nth"] == 2, "counted for rule R04"
    case.refresh_from_db()
    assert (case.state, case.supplements_asked) == (CaseState.SUPPLEMENTING, 2)


def test_one_word_of_a_supervisor_serves_once():
    case = asked_once()
    review.allow_supplement(by(people.SUPERVISOR), case.number, "新的事实")
    with pytest.raises(CaseMoveNotPossible):
        review.allow_supplement(by(people.SUPERVISOR), case.number, "新的事实")
    review.request_supplement(by(people.CLERK), case.number, [{"material": RULES, "what": "缺签字"}])
    owner = by(people.OWNER)
    supplement.attach(owner, case.number, RULES, io.BytesIO(people.PDF + b"3"), "b.pdf")
    supplement.supply(owner, case.number)
    with pytest.raises(SupplementAlreadyAsked):
        review.request_supplement(by(people.CLERK), case.number, [{"material": RULES, "what": "再补"}])


def test_before_the_first_notice_nothing_needs_to_be_allowed():
    with pytest.raises(CaseMoveNotPossible):
        review.allow_supplement(by(people.SUPERVISOR), people.received().number, "提前允许")


# Extension: art. 42


def test_a_permit_is_extended_once_by_ten_days_when_the_decider_approves():
    set_now(2026, 11, 2)
    case = people.accepted()
    promise, statutory = clock_of(case, ClockKind.PROMISE), clock_of(case, ClockKind.STATUTORY)
    assert (promise.due_on, statutory.due_on) == (date(2026, 11, 9), date(2026, 11, 30))
    special.ask_extension(by(people.REVIEWER), case.number, "车辆信息需要到外省核实")
    with pytest.raises(CaseMoveNotAllowed):
        special.extend(by(people.REVIEWER), case.number)
    case = special.extend(by(people.DECIDER), case.number)
    promise.refresh_from_db()
    statutory.refresh_from_db()
    assert (promise.due_on, statutory.due_on) == (date(2026, 11, 23), date(2026, 12, 14))
    assert (promise.extended, case.promised_on, case.extended_on) == (10, promise.due_on, date(2026, 11, 2))
    (paper,) = documents(case, "extension_notice")
    assert paper.content["reasons"] == ["车辆信息需要到外省核实"]
    assert "延长10个工作日" in "".join(paper.content["paragraphs"])
    with pytest.raises(ExtensionNotPossible):
        special.extend(by(people.DECIDER), case.number, "再延一次")
    with pytest.raises(ExtensionNotPossible):
        special.ask_extension(by(people.REVIEWER), case.number, "再延一次")
    assert not Task.objects.filter(reference_number=case.number, kind="extend", state="open").exists()


def test_an_extension_that_is_refused_changes_no_day():
    set_now(2026, 11, 2)
    case = people.accepted()
    special.ask_extension(by(people.REVIEWER), case.number, "忙不过来")
    special.refuse_extension(by(people.DECIDER), case.number, "工作量大不是延长的理由")
    assert clock_of(case, ClockKind.PROMISE).due_on == date(2026, 11, 9)
    assert not documents(case, "extension_notice")


def test_no_limit_is_extended_after_it_is_over_or_where_no_rule_says_so():
    set_now(2026, 11, 2)
    late, filing = people.accepted(), people.accepted(people.STRANGER)
    Case.objects.filter(pk=filing.pk).update(item_version=get_published("class2-device-filing"))
    with pytest.raises(ExtensionNotPossible):
        special.extend(by(people.DECIDER), filing.number, "需要核实")
    set_now(2026, 12, 1)
    with pytest.raises(ExtensionNotPossible):
        special.extend(by(people.DECIDER), late.number, "需要核实")


def test_joint_handling_within_45_days_may_take_15_more():
    joint = clocks_if(clock_set="permit", statutory={"amount": 45, "unit": "工作日"})
    alone = clocks_if(clock_set="permit", statutory={"amount": 20, "unit": "工作日"})
    benefit = clocks_if(clock_set="grant", statutory={"amount": 45, "unit": "工作日"})
    assert (joint.extension.amount, alone.extension.amount) == (15, 10)
    assert benefit.extension is None
    assert [one.is_deemed_accepted for one in (joint, alone, benefit)] == [True, True, False]


def test_the_extension_that_the_items_own_rules_state_goes_before_the_general_law():
    stated = {"name": "延长登记期限", "days": 5, "kind": "1", "basis": "条例第九条"}
    found = clocks_if(clock_set="registration", special_procedures=[stated])
    assert (found.extension.amount, found.extension.note) == (5, "条例第九条")
