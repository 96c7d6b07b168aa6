"""The turns of a case with the days and numbers of the law: Appendix A 3, 4 and 5, and what stands beside them."""

import copy
import io
from collections.abc import Callable
from datetime import date, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import people
from tests.catalogue import standards
from tests.flows.moments import set_now
from yueban.approvals.models import Task
from yueban.audit.selectors import events_of, verify_chain
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseState
from yueban.cases.errors import (
    CaseInputInvalid,
    CaseMoveNotAllowed,
    CaseMoveNotPossible,
    ExtensionNotPossible,
    MaterialsIncomplete,
    SupplementAlreadyAsked,
)
from yueban.cases.models import Case
from yueban.catalogue import known_versions
from yueban.catalogue.clock_sets import build_clock_set
from yueban.catalogue.compiled import ClockSet, Compiled
from yueban.catalogue.selectors import get_published
from yueban.certificates.models import Certificate
from yueban.clocks import selectors as clocks_read
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.models import Clock
from yueban.divisions import services as divisions
from yueban.documents.models import Document
from yueban.flows import apply, deliver, hearing, papers, review, revoke, special, supplement, tolerance
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
RULES = "safety-rules"
SetStandard = Callable[..., None]


@pytest.fixture
def set_standard(monkeypatch) -> SetStandard:
    """Let the freight permit be as if its standard said so: a promise in days, days by which a material may wait."""

    def set_(*, promised: int | None = None, deferral: dict[str, int] | None = None) -> None:
        version = people.freight()
        content = copy.deepcopy(version.compiled_json)
        if promised is not None:
            content["clocks"]["promised"]["amount"] = promised
        for material in content["materials"]:
            material["deferral_days"] = (deferral or {}).get(material["key"])
        monkeypatch.setitem(known_versions._known, version.content_hash, Compiled.of_json(content))

    return set_


@pytest.fixture
def tolerated(set_standard) -> Case:
    """Accepted on 2 November 2026; the safety rules are owed for five working days."""
    set_standard(deferral={RULES: 5})
    set_now(2026, 11, 2)
    case = people.received()
    return tolerance.accept(by(people.CLERK), case.number, [RULES], is_promised=True)


def clocks_if(**changes: object) -> ClockSet:
    """The clocks of a small item that is otherwise as it is."""
    return build_clock_set(standards.an_item(**changes))


def clock_of(case: Case, kind: ClockKind, state: str = ClockState.RUNNING) -> Clock:
    return Clock.objects.get(reference_number=case.number, kind=kind, state=state)


def kinds_of(case: Case) -> list[str]:
    return [event.kind for event in events_of(Reference("case", case.number))]


def last(case: Case, kind: str) -> dict[str, object]:
    return events_of(Reference("case", case.number)).filter(kind=kind).last().data


def documents(case: Case, kind: str) -> list[Document]:
    return list(Document.objects.filter(subject_number=case.number, kind=kind).order_by("pk"))


def sweep_with_papers() -> dict[str, int]:
    done = sweep()
    for job in ProcrastinateJob.objects.filter(task_name=papers.JOB).order_by("id"):
        papers.make(**job.args)
    return done


def by(username: str):
    return people.actor(username)


def reviewed_by_experts(case: Case, days: str = "5") -> Case:
    return special.suspend(
        by(people.REVIEWER),
        case.number,
        name="专家评审",
        reason="车辆改装后的安全性能需要专家评审",
        days=days,
    )


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


def role_of(username: str) -> str:
    return by(username).posts[0].role


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


# 容缺


def finish_all(case: Case) -> None:
    for person in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = by(person)
        task = (
            Task.objects.filter(reference_number=case.number, state="open", role=role_of(person))
            .filter(agency__code__in=[post.agency for post in worker.posts])
            .get()
        )
        review.finish_task(worker, task.pk, outcome="conforms")


def test_what_may_come_later_is_promised_and_the_decision_waits_for_it(tolerated):
    case = tolerated
    assert (case.state, clock_of(case, ClockKind.OWED).due_on) == (CaseState.TOLERATED, date(2026, 11, 9))
    (paper,) = documents(case, "tolerance_promise")
    assert paper.content["table"]["rows"][0][2] == "2026年11月9日"
    assert any("申请人承诺" in line for line in paper.content["closing"])
    assert "容缺受理" in documents(case, "acceptance")[0].content["paragraphs"][0]
    finish_all(case)
    case.refresh_from_db()
    assert case.state == CaseState.TOLERATED, "all agree, and it still waits"
    with pytest.raises(CaseMoveNotPossible):
        review.decide(by(people.DECIDER), case.number, is_granted=True)
    owner = by(people.OWNER)
    tolerance.attach(owner, case.number, RULES, io.BytesIO(people.PDF + b"9"), "c.pdf")
    case = tolerance.supply(owner, case.number)
    assert case.state == CaseState.DECIDING
    assert review.decide(by(people.DECIDER), case.number, is_granted=True).state == CaseState.READY


def test_the_window_takes_in_what_is_brought_on_paper(tolerated):
    case = tolerated
    with pytest.raises(CaseMoveNotAllowed):
        tolerance.take_in(by(people.OWNER), case.number, "原件")
    case = tolerance.take_in(by(people.CLERK), case.number, "安全制度原件一份")
    assert case.state == CaseState.ACCEPTED
    assert case.materials.get(key=RULES).note == "窗口收到：安全制度原件一份"


def test_a_promise_that_is_not_kept_ends_the_case_with_a_paper(tolerated):
    case = tolerated
    set_now(2026, 11, 9)
    assert sweep()["owed_lapsed"] == 0
    set_now(2026, 11, 10)
    assert sweep_with_papers()["owed_lapsed"] == 1
    case.refresh_from_db()
    assert case.state == CaseState.TERMINATED
    assert "容缺" in documents(case, "termination")[0].content["reasons"][0]
    assert not Clock.objects.filter(reference_number=case.number, state__in=["running", "paused"]).exists()
    assert sweep_with_papers()["owed_lapsed"] == 0
    assert len(documents(case, "termination")) == 1


def test_owed_materials_may_come_during_a_special_procedure(tolerated):
    case = reviewed_by_experts(tolerated)
    assert case.resumes_to == CaseState.TOLERATED
    case = tolerance.take_in(by(people.CLERK), case.number, "原件")
    assert (case.state, case.resumes_to) == (CaseState.SUSPENDED, CaseState.ACCEPTED)
    case = special.resume(by(people.REVIEWER), case.number, result="通过", opinion="同意")
    assert case.state == CaseState.ACCEPTED


def test_only_what_the_standard_lets_wait_may_wait_and_only_on_a_promise(set_standard):
    case = people.received()
    with pytest.raises(CaseInputInvalid):
        tolerance.accept(by(people.CLERK), case.number, [RULES], is_promised=True)
    set_standard(deferral={RULES: 5})
    with pytest.raises(CaseInputInvalid):
        tolerance.accept(by(people.CLERK), case.number, [RULES], is_promised=False)


def test_a_missing_required_material_is_not_accepted_as_complete(set_standard):
    set_standard(deferral={RULES: 5})
    case = people.received()
    case.materials.get(key=RULES).files.all().delete()
    with pytest.raises(MaterialsIncomplete):
        review.accept(by(people.CLERK), case.number)
    assert tolerance.accept(by(people.CLERK), case.number, [RULES], is_promised=True).state == "tolerated"


# 听证: arts. 47 and 48


def test_a_hearing_is_asked_for_in_5_days_announced_7_before_and_held_within_20():
    set_now(2026, 11, 2)
    case = people.deciding()
    case = hearing.tell(by(people.DECIDER), case.number, "拟不予许可，涉及重大利益")
    assert clock_of(case, ClockKind.HEARING).due_on == date(2026, 11, 9)
    with pytest.raises(CaseMoveNotPossible):
        review.decide(by(people.DECIDER), case.number, is_granted=False, reason="不符合")
    set_now(2026, 11, 4)
    case = hearing.ask(by(people.OWNER), case.number)
    assert (case.state, case.resumes_to) == (CaseState.SUSPENDED, CaseState.DECIDING)
    assert clock_of(case, ClockKind.SPECIAL).due_on == date(2026, 12, 2)
    assert clock_of(case, ClockKind.PROMISE, ClockState.PAUSED)
    soon = datetime(2026, 11, 12, 9, tzinfo=clock.BEIJING)
    with pytest.raises(CaseInputInvalid) as refused:
        hearing.appoint(by(people.DECIDER), case.number, held_at=soon, place="三楼会议室")
    assert "11月13日" in refused.value.fields["held_at"]
    late = datetime(2026, 12, 3, 9, tzinfo=clock.BEIJING)
    with pytest.raises(CaseInputInvalid):
        hearing.appoint(by(people.DECIDER), case.number, held_at=late, place="三楼会议室")
    day = datetime(2026, 11, 16, 9, 30, tzinfo=clock.BEIJING)
    case = hearing.appoint(by(people.DECIDER), case.number, held_at=day, place="三楼会议室")
    paper = documents(case, "hearing_notice")[-1]
    assert ["时间", "2026年11月16日9时30分"] in paper.content["facts"]
    with pytest.raises(CaseMoveNotPossible):
        special.resume(by(people.DECIDER), case.number, result="已听证", opinion="采纳")
    set_now(2026, 11, 16, 12)
    case = special.resume(by(people.DECIDER), case.number, result="已举行听证", opinion="采纳部分意见")
    assert case.state == CaseState.DECIDING
    assert clock_of(case, ClockKind.PROMISE).paused_workdays == 8
    review.decide(by(people.DECIDER), case.number, is_granted=False, reason="车辆检验过期")


def test_a_hearing_that_nobody_asks_for_in_five_days_is_waived():
    set_now(2026, 11, 2)
    case = hearing.tell(by(people.DECIDER), people.deciding().number, "涉及重大利益")
    set_now(2026, 11, 10)
    assert sweep()["hearings_waived"] == 1
    assert last(case, "waive_hearing")["to"] == CaseState.DECIDING
    with pytest.raises(CaseMoveNotPossible):
        hearing.ask(by(people.OWNER), case.number)
    case.refresh_from_db()
    assert review.decide(by(people.DECIDER), case.number, is_granted=True).state == CaseState.READY


# Endings


def test_whoever_withdraws_gets_it_in_writing_and_nobody_decides_any_more():
    case = reviewed_by_experts(people.accepted())
    case = apply.withdraw(by(people.OWNER), case.number, "改到外地经营")
    assert case.state == CaseState.WITHDRAWN
    (paper,) = documents(case, "withdrawal")
    assert ["撤回原因", "改到外地经营"] in paper.content["facts"]
    assert cases_read.running_procedure(case) is None
    assert not Clock.objects.filter(reference_number=case.number, state__in=["running", "paused"]).exists()
    for act in (
        lambda: review.decide(by(people.DECIDER), case.number, is_granted=True),
        lambda: special.resume(by(people.REVIEWER), case.number, result="通过", opinion="同意"),
        lambda: special.extend(by(people.DECIDER), case.number, "延长"),
    ):
        with pytest.raises(CaseMoveNotPossible):
            act()


def test_nobody_withdraws_what_is_decided():
    case = people.granted()
    with pytest.raises(CaseMoveNotPossible):
        apply.withdraw(by(people.OWNER), case.number)


def test_what_goes_back_goes_back_on_paper():
    case = review.return_case(by(people.CLERK), people.received().number, "同一申请已在昨天提交")
    (paper,) = documents(case, "return_notice")
    assert paper.content["reasons"] == ["同一申请已在昨天提交"]
    assert paper.agency_code == case.intake_agency.code


def test_what_was_granted_ends_later_with_its_certificate():
    case = people.granted()
    deliver.deliver(by(people.CLERK), case.number, method="窗口领取", proof="本人签收")
    with pytest.raises(CaseMoveNotAllowed):
        revoke.revoke(
            by(people.REVIEWER), case.number, kind="annulled", reason="隐瞒情况", basis="行政许可法"
        )
    with pytest.raises(CaseInputInvalid):
        revoke.revoke(by(people.DECIDER), case.number, kind="annulled", reason="隐瞒情况", basis="")
    basis = "行政许可法第六十九条第二款"
    case = revoke.revoke(
        by(people.DECIDER), case.number, kind="annulled", reason="以欺骗手段取得许可", basis=basis
    )
    assert (case.state, case.revoked_at is not None) == (CaseState.REVOKED, True)
    (certificate,) = Certificate.objects.filter(source_number=case.number)
    assert certificate.get_status_display() == "撤销"
    assert not certificate.is_valid_on(clock.today())
    (paper,) = documents(case, "revocation")
    assert paper.title == "撤销决定书"
    assert paper.content["remedies"]
    assert basis in paper.content["paragraphs"][1]


def test_a_refusal_leaves_nothing_to_revoke():
    case = review.decide(by(people.DECIDER), people.deciding().number, is_granted=False, reason="不符合条件")
    deliver.deliver(by(people.CLERK), case.number, method="窗口领取", proof="本人签收")
    with pytest.raises(CaseMoveNotPossible):
        revoke.revoke(by(people.DECIDER), case.number, kind="annulled", reason="错误", basis="行政许可法")


def test_a_missed_delivery_says_so():
    set_now(2026, 11, 2)
    case = people.granted()
    set_now(2026, 11, 17)
    (light,) = cases_read.lights(case)
    assert light.word == "逾期未送达"
    assert clocks_read.light_until(date(2026, 11, 2), "330602000000").word == "已逾期"
