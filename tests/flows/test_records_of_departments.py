"""信息核查: every department is asked at once; a record is told, a late answer keeps nobody waiting."""

import pytest

from tests import listing, people
from tests.flows.moments import set_now
from tests.listing import RECORD, answer, asked, of
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.cases.errors import CaseInputInvalid
from yueban.certificates import selectors as certificates
from yueban.certificates.errors import ObjectionNotFound
from yueban.documents import selectors as documents
from yueban.documents.choices import DocumentKind
from yueban.flows import object_to_data, review
from yueban.flows.sweep import sweep
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """Accepted on Monday, 2 November 2026."""
    set_now(2026, 11, 2)
    return listing.accepted()


def all_but(case, *kinds):
    for task in asked(case):
        if task.agency.kind not in kinds:
            answer(task)


def reported(case):
    reviewer = people.actor("reviewer-lei")
    task = approvals.inbox(reviewer).get(reference_number=case.number)
    review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS)
    return review.decide(people.actor("decider-bian"), case.number, is_granted=True)


def test_more_than_twenty_departments_of_the_city_are_asked_at_once(case):
    tasks = asked(case)
    assert len(tasks) == 25
    assert {task.state for task in tasks} == {TaskState.OPEN}
    assert {task.agency.division.code for task in tasks} == {"330600000000"}


def test_the_report_states_who_has_a_record_and_who_did_not_answer(case):
    all_but(case, "ecology", "meteorology")
    with pytest.raises(CaseInputInvalid):
        answer(of(case, "ecology"), TaskOutcome.HAS_RECORD)
    answer(of(case, "ecology"), TaskOutcome.HAS_RECORD, RECORD)
    set_now(2026, 11, 4)
    assert sweep()["records_unanswered"] == 0
    set_now(2026, 11, 5)
    assert sweep()["records_unanswered"] == 1
    assert sweep()["records_unanswered"] == 0
    done = reported(case)
    assert done.state == CaseState.READY
    (report,) = documents.documents_of(Reference("case", case.number)).filter(
        kind=DocumentKind.DECISION_GRANT
    )
    assert report.title == "企业专项信用报告正文"
    rows = {row[0]: row[1:] for row in report.content["table"]["rows"]}
    assert len(rows) == 25
    assert rows["绍兴市生态环境局"] == [f"有记录：{RECORD}", "2026年11月2日", "《中华人民共和国环境保护法》"]
    assert rows["绍兴市气象局"][:2] == ["到期未答复", "—"]
    assert certificates.certificates_for(Reference("case", case.number)).exists()


def test_what_comes_late_stands_beside_the_report(case):
    all_but(case, "meteorology")
    set_now(2026, 11, 5)
    sweep()
    reported(case)
    checker = people.actor("records-meteorology")
    (late,) = approvals.inbox(checker).filter(reference_number=case.number)
    assert late.kind == TaskKind.LATE
    review.finish_task(checker, late.pk, outcome=TaskOutcome.NO_RECORD)
    line = next(one for one in cases.record_lines(case) if one.key == "meteorology")
    assert (line.word, line.late_word) == ("到期未答复", "无记录")


def test_a_record_can_be_objected_to_by_the_company_alone(case):
    all_but(case, "ecology")
    answer(of(case, "ecology"), TaskOutcome.HAS_RECORD, RECORD)
    owner = people.actor(people.OWNER)
    made = object_to_data.to_record(owner, case.number, "ecology", "已经修复。")
    assert object_to_data.to_record(owner, case.number, "ecology", "已经修复。") == made
    assert made.agency.code == "shaoxing-ecology"
    with pytest.raises(ObjectionNotFound):
        object_to_data.to_record(owner, case.number, "taxation", "没有记录可以异议。")
    with pytest.raises(Exception, match="没有"):
        object_to_data.to_record(people.actor(people.STRANGER), case.number, "ecology", "别家的。")
