"""Many tasks are written by one statement, and each gets the id of its own row."""

import pytest

from tests import people
from yueban.agencies import selectors as agencies
from yueban.approvals.models import Task
from yueban.approvals.writing import insert_tasks, new_task
from yueban.kernel import clock

pytestmark = pytest.mark.django_db


def test_each_of_five_hundred_tasks_gets_the_id_of_its_own_row(django_assert_num_queries):
    agency = agencies.get_agency(people.accepted().agency.code)
    tasks = [
        new_task(
            reference_kind="case",
            reference_number=f"synthetic-{place}",
            key="review",
            kind="review",
            name="审查",
            agency_id=agency.pk,
            role="reviewer",
            division_code="330602000000",
            opened_at=clock.now(),
        )
        for place in range(500)
    ]
    with django_assert_num_queries(1):
        insert_tasks(tasks)
    stored = dict(
        Task.objects.filter(reference_number__startswith="synthetic-").values_list("pk", "reference_number")
    )
    assert stored == {task.pk: task.reference_number for task in tasks}
