"""部门核验: an answer that confirms is evidence; one that does not, or comes too late, leads to the next rung."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import jobless, people
from tests.jobless import CONNECTOR, PROOF, UNKNOWN, WORKED
from tests.sources import counterpart
from yueban.approvals.choices import TaskOutcome
from yueban.approvals.models import Task
from yueban.cases import selectors as cases
from yueban.cases.errors import CaseInputInvalid, CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.certificates.errors import PromiseRefused
from yueban.certificates.models import Promise, PromiseBar, Satisfaction
from yueban.commands.demo_sources import Counterpart
from yueban.flows import fall_back, promises, prove, review
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.errors import Invalid
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources() -> Iterator[Counterpart]:
    """The sources, of which the one that is needed gives no answer."""
    with counterpart() as server:
        server.book.behave(CONNECTOR, "fail")
        yield server


@pytest.fixture
def case(sources: Counterpart) -> Case:
    """Accepted, with the owner department asked by hand."""
    return jobless.accepted()


def evidence(case: Case) -> Satisfaction:
    return Satisfaction.objects.get(reference_number=case.number, material_key=PROOF, superseded_at=None)


def name_of(username: str) -> str:
    return jobless.person_of(people.actor(username)).name


def days_later(days: int) -> None:
    moment = clock.now() + timedelta(days=days)
    clock.set_source(lambda: moment)


def test_where_the_interface_failed_its_owner_is_asked_with_a_day(case):
    task = jobless.check_task(case)
    assert (task.agency.kind, task.role, task.days) == ("social-insurance", "checker", 1)
    assert task.due_on is not None
    assert task.checks == ["核对“终止、解除劳动关系证明”"]


def test_an_answer_that_confirms_is_the_evidence(case):
    task = jobless.check_task(case)
    jobless.answer_check(case, TaskOutcome.CONFORMS)
    row = evidence(case)
    assert (row.way, row.request, len(row.answer_digest)) == ("check", f"task-{task.pk}", 64)
    assert case.materials.get(key=PROOF).state == "satisfied"


def test_what_is_not_found_can_be_promised_and_the_case_goes_on(case):
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    (material,) = cases.unproved(case)
    assert "查无记录" in material.note
    told = Message.objects.filter(reference_number=case.number, title="有材料没有核到")
    assert told.count() == 1
    assert told.get().needs_action
    with pytest.raises(CaseMoveNotPossible, match="不支持准予"):
        jobless.granted(case)
    fall_back.promise(people.actor(WORKED), case.number, PROOF, name_of(WORKED))
    assert evidence(case).way == "promise"
    assert jobless.granted(case).state != "deciding"


def test_its_owner_is_told_first_what_he_must_prove_himself(case):
    assert "您不用做什么" in cases.next_step(case).sentence
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    step = cases.next_step(case)
    assert (step.who, step.action) == ("您", "unproved")
    assert "请您承诺或者上传" in step.sentence
    fall_back.promise(people.actor(WORKED), case.number, PROOF, name_of(WORKED))
    case.refresh_from_db()
    assert cases.next_step(case).action != "unproved"


def test_what_a_department_contradicts_cannot_be_promised_and_a_grant_says_why(case):
    jobless.answer_check(case, TaskOutcome.DEVIATES)
    actor = people.actor(WORKED)
    with pytest.raises(PromiseRefused):
        fall_back.promise(actor, case.number, PROOF, name_of(WORKED))
    fall_back.attach(actor, case.number, PROOF, io.BytesIO(people.PDF), "解除合同.pdf")
    assert evidence(case).way == "upload"
    decider = people.actor(jobless.DECIDER, channel="desk")
    with pytest.raises(CaseInputInvalid):
        review.decide(decider, case.number, is_granted=True)
    jobless.granted(case)


def test_a_check_that_is_overdue_falls_once_and_its_late_task_is_dropped(case):
    days_later(8)
    assert sweep()["checks_fallen"] == 1
    assert sweep()["checks_fallen"] == 0
    (material,) = cases.unproved(case)
    assert "逾期没有答复" in material.note
    fall_back.attach(people.actor(WORKED), case.number, PROOF, io.BytesIO(people.PDF), "解除合同.pdf")
    assert Task.objects.get(reference_number=case.number, key="check-social-insurance").state == "cancelled"
    assert Task.objects.filter(reference_number=case.number, kind="decide", state="open").exists()


def test_a_department_that_answers_after_its_day_is_still_believed(case):
    days_later(8)
    sweep()
    jobless.answer_check(case, TaskOutcome.CONFORMS)
    assert cases.unproved(case) == []
    assert evidence(case).way == "check"


def test_nobody_but_the_applicant_proves_it_otherwise(case):
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    for username in (UNKNOWN, people.CLERK):
        with pytest.raises(Exception, match=r"没有找到|不用您证明"):
            fall_back.attach(people.actor(username), case.number, PROOF, io.BytesIO(people.PDF), "别人的.pdf")
    assert len(cases.unproved(case)) == 1


def test_a_promise_is_looked_at_after_the_grant_and_a_false_one_bars_from_promising(case):
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    fall_back.promise(people.actor(WORKED), case.number, PROOF, name_of(WORKED))
    jobless.granted(case)
    task = Task.objects.get(reference_number=case.number, kind="aftercheck")
    promise = Promise.objects.get()
    assert (promise.check_due_on, task.days) == (task.due_on, 30)
    reviewer = people.actor(jobless.REVIEWER, channel="desk")
    with pytest.raises(Invalid):
        promises.finish(reviewer, task.pk, is_kept=False, finding=" ")
    promises.finish(reviewer, task.pk, is_kept=False, finding="原单位仍在缴费。", key="k1")
    promises.finish(reviewer, task.pk, is_kept=False, finding="原单位仍在缴费。", key="k1")
    promise.refresh_from_db()
    assert promise.state == "false"
    bar = PromiseBar.objects.get(party=promise.party)
    assert promise.number in bar.source
    assert bar.ends_on == clock.today() + timedelta(days=365)
    assert Message.objects.filter(reference_number=case.number, title="承诺经核查不实").exists()
    again = jobless.draft()
    with pytest.raises(PromiseRefused, match="承诺不实"):
        prove.promise(people.actor(WORKED), again.number, PROOF, name_of(WORKED))


def test_a_promise_that_was_kept_bars_nobody(case):
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    fall_back.promise(people.actor(WORKED), case.number, PROOF, name_of(WORKED))
    jobless.granted(case)
    task = Task.objects.get(reference_number=case.number, kind="aftercheck")
    promises.finish(people.actor(jobless.REVIEWER, channel="desk"), task.pk, is_kept=True, finding="属实。")
    assert Promise.objects.get().state == "kept"
    assert not PromiseBar.objects.filter(source__startswith="承诺不实").exists()
