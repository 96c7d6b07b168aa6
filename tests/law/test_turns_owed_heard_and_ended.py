"""容缺, hearings and endings of a case with the days and numbers of the law."""

import io
from datetime import date, datetime

import pytest

from tests import people
from tests.flows.moments import set_now
from tests.law.turning import (
    RULES,
    by,
    clock_of,
    documents,
    last,
    reviewed_by_experts,
    role_of,
    sweep_with_papers,
)
from yueban.approvals.models import Task
from yueban.cases import selectors as cases_read
from yueban.cases.choices import CaseState
from yueban.cases.errors import (
    CaseInputInvalid,
    CaseMoveNotAllowed,
    CaseMoveNotPossible,
    MaterialsIncomplete,
)
from yueban.cases.models import Case
from yueban.certificates.models import Certificate
from yueban.clocks import selectors as clocks_read
from yueban.clocks.choices import ClockKind, ClockState
from yueban.clocks.models import Clock
from yueban.flows import apply, deliver, hearing, review, revoke, special, tolerance
from yueban.flows.sweep import sweep
from yueban.kernel import clock

pytestmark = pytest.mark.django_db


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
