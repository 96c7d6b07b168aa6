"""Pages ask the database as often for five rows as for one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.channels.visitors import visitor
from yueban.approvals.models import Task
from yueban.cases.models import Case, MaterialFile
from yueban.files import services as files
from yueban.flows import review
from yueban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


def questions(client: Client, address: str) -> int:
    client.get(address)  # what is remembered per process is asked for now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def grows(client: Client, address: str, add: Callable[[], object], times: int = 4) -> tuple[int, int]:
    before = questions(client, address)
    for _ in range(times):
        add()
    return before, questions(client, address)


@pytest.mark.parametrize(
    ("username", "address"),
    [
        (people.CLERK, "/desk/"),
        (people.CLERK, "/desk/done/"),
        (people.CLERK, "/desk/cases/"),
        (people.SUPERVISOR, "/desk/cases/"),
        (people.OWNER, "/my/"),
        (people.OWNER, "/my/messages"),
        (people.OWNER, "/"),
    ],
)
def test_a_list_of_five_asks_as_much_as_a_list_of_one(username, address):
    people.received()
    before, after = grows(visitor(username), address, people.received)
    assert after <= before


def supplementing() -> None:
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺章"}]
    )


@pytest.mark.parametrize("address", ["/", "/my/"])
def test_many_matters_that_wait_for_a_person_ask_as_much_as_one(address):
    supplementing()
    before, after = grows(visitor(people.OWNER), address, supplementing)
    assert after <= before


def more_rows(case: Case) -> None:
    """One more file, one more finished task of the same case."""
    material = case.materials.get(key="safety-rules")
    stored = files.store_file(
        content=people.PDF + str(material.files.count()).encode(), name="a.pdf", actor=SYSTEM
    )
    MaterialFile.objects.create(material=material, file=stored, added_at=case.applied_at)
    task = Task.objects.filter(reference_number=case.number, key="accept").get()
    task.pk, task.key = None, f"accept-{Task.objects.count()}"
    task.save()


@pytest.mark.parametrize(
    ("username", "address"),
    [
        (people.OWNER, "/my/cases/{}/"),
        (people.CLERK, "/desk/cases/{}/"),
        (people.REVIEWER, "/desk/cases/{}/?paper=opinions"),
        (people.REVIEWER, "/desk/cases/{}/?paper=m-safety-rules"),
        (people.SUPERVISOR, "/desk/cases/{}/?paper=timeline"),
    ],
)
def test_a_case_page_asks_no_question_per_file_and_task(username, address):
    case = people.accepted()
    before, after = grows(visitor(username), address.format(case.number), lambda: more_rows(case))
    assert after <= before


def test_a_case_page_asks_no_question_per_task_in_the_list_beside_it():
    case = people.accepted()
    address = f"/desk/cases/{case.number}/"
    before, after = grows(visitor(people.REVIEWER), address, people.accepted, times=4)
    assert after <= before
