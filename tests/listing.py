"""A company that asks for its compliance report: accepted, its departments asked, their answers."""

from tests import people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.cases.models import Case
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.flows import bundle, bundle_window, review
from yueban.kernel.reference import Reference

ANSWERS = {"here": "yes", "purpose": "ipo", "group": "no"}
RECORD = "2025年3月罚款2万元，已缴纳，尚未修复。"
FORM = {
    "enterprise.name": "示例运输有限公司",
    "enterprise.uscc": "91999999MA990001XD",
    "enterprise.legal_person_name": "陈示例",
    "enterprise.address": "绍兴市越城区示例路1号",
    "listing.from_on": "2023-11-01",
    "listing.until_on": "2026-10-31",
    "listing.agrees": "agreed",
    "contact.name": "陈示例",
    "contact.id_type": "resident_id",
    "contact.id_number": "99999919850316001X",
    "contact.phone": "13800000001",
}


def accepted() -> Case:
    """Handed in by the company, taken in and accepted: the departments are asked."""
    owner = people.actor(people.OWNER)
    version = bundles_read.get_bundle("listing-check", "330600000000")
    draft = bundle.start(owner, version.pk, ANSWERS, people.company_of(owner))
    bundle.save_draft(owner, draft.number, FORM, None)
    made = bundle.submit(owner, draft.number)
    bundle_window.receive_all(people.actor("clerk-cheng"), made.number)
    return made.children.get().case


def asked(case: Case) -> list[Task]:
    """The departments' tasks."""
    rows = approvals.tasks_of(Reference("case", case.number))
    return [task for task in rows if task.kind == TaskKind.RECORDS]


def of(case: Case, kind: str) -> Task:
    """The task of one department."""
    return next(task for task in asked(case) if task.agency.kind == kind)


def answer(task: Task, outcome: str = TaskOutcome.NO_RECORD, opinion: str = "") -> Task:
    """Its checker answers."""
    checker = people.actor(f"records-{task.agency.kind}")
    return review.finish_task(checker, task.pk, outcome=outcome, opinion=opinion)


def with_record() -> Case:
    """The department of ecology has reported a record."""
    case = accepted()
    answer(of(case, "ecology"), TaskOutcome.HAS_RECORD, RECORD)
    return case
