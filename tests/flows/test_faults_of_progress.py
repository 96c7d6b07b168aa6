"""Progress by number, tried a thousand times: one number or many, one address or many, always one answer."""

import re

import pytest
from django.test import Client

from tests import people
from yueban.cases.models import Case, ProgressAttempt
from yueban.flows.inform import look_up_progress
from yueban.kernel import clock
from yueban.kernel.codes.public_number import case_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return people.submitted()


def answer_of(response) -> str:
    """The page without what differs from one request to the next."""
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def test_a_thousand_tries_of_one_number_find_nothing_and_close_it_for_the_right_tail(case):
    wrong = [f"{tail:04d}" for tail in range(1000) if f"{tail:04d}" != case.phone_tail]
    assert not any(look_up_progress(case.number, tail) for tail in wrong)
    assert ProgressAttempt.objects.filter(number=case.number).count() <= 1000
    assert look_up_progress(case.number, case.phone_tail) is None


def test_many_numbers_tried_from_one_address_close_the_address_and_only_it(case):
    made_up = (case_number("330602", clock.today(), serial) for serial in range(5000, 5200))
    assert not any(look_up_progress(number, "0001", address="192.0.2.7") for number in made_up)
    assert look_up_progress(case.number, case.phone_tail, address="192.0.2.7") is None
    assert look_up_progress(case.number, case.phone_tail, address="192.0.2.8") == case


def test_the_table_tells_no_address(case):
    look_up_progress(case.number, "0000", address="192.0.2.7")
    assert not ProgressAttempt.objects.filter(number__contains="192.0.2.7").exists()


def test_every_failure_gets_one_answer(case):
    def ask(number: str, tail: str, address: str = "192.0.2.1"):
        return Client(REMOTE_ADDR=address).post("/progress", {"number": number, "phone_tail": tail})

    answers = [ask(case.number, "0000"), ask(case_number("330602", clock.today(), 777), "0000")]
    answers.append(ask("not a number", case.phone_tail))
    for _ in range(5):
        ask(case.number, "0000")
    answers.append(ask(case.number, case.phone_tail))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer_of(answer) for answer in answers}) == 1


def test_a_header_about_the_address_changes_nothing(case):
    client = Client(REMOTE_ADDR="192.0.2.9")
    for serial in range(70):
        data = {"number": case_number("330602", clock.today(), 9000 + serial), "phone_tail": "0000"}
        client.post("/progress", data, headers={"X-Forwarded-For": f"198.51.100.{serial}"})
    right = {"number": case.number, "phone_tail": case.phone_tail}
    assert client.post("/progress", right, headers={"X-Forwarded-For": "203.0.113.1"}).status_code == 404
    assert Client(REMOTE_ADDR="192.0.2.10").post("/progress", right).status_code == 200
