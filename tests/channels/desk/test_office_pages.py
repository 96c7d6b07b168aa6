"""The pages of an office's work: what they show, and that a longer list asks no more questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.channels.visitors import content_of, hidden, visitor
from yueban.approvals.models import Task
from yueban.flows import inspect_place, stand_in
from yueban.kernel import clock

pytestmark = pytest.mark.django_db

SECOND = "reviewer-feng"


def review_of(case) -> Task:
    return Task.objects.get(reference_number=case.number, key="review")


def test_the_inbox_marks_what_is_done_for_a_colleague():
    case = people.deciding()
    stand_in.name(
        people.actor(people.DECIDER),
        user_id=people.user(people.DECIDER).pk,
        substitute_id=people.user(SECOND).pk,
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=1),
        reason="出差",
    )
    body = visitor(SECOND).get("/desk/").content.decode()
    assert case.number in body
    assert "代褚决定" in body


def test_a_step_is_sent_back_and_the_reviewer_reads_why():
    case = people.deciding()
    form = visitor(people.DECIDER).get(f"/desk/cases/{case.number}/?act=send-back").content
    sent = {
        "task": str(review_of(case).pk),
        "reason": "车辆年限请再核",
        "revision": hidden(form, "revision"),
        "key": "k",
    }
    assert visitor(people.DECIDER).post(f"/desk/cases/{case.number}/send-back", sent).status_code == 302
    body = visitor(people.REVIEWER).get(f"/desk/cases/{case.number}/").content.decode()
    assert "褚决定退回重办" in body
    assert "车辆年限请再核" in body
    assert "车辆年限请再核" not in visitor(people.OWNER).get(f"/my/cases/{case.number}/").content.decode()


def test_ones_own_opinion_can_be_taken_back_on_the_case_page():
    case = people.deciding()
    client = visitor(people.REVIEWER)
    assert "收回我的意见" in client.get(f"/desk/cases/{case.number}/").content.decode()
    client.post(f"/desk/cases/{case.number}/take-back", {"task": str(review_of(case).pk), "key": "k"})
    assert Task.objects.filter(reference_number=case.number, key="review", state="open").exists()


def test_a_bulk_review_lists_what_was_done():
    tasks = [review_of(people.accepted()) for _ in range(2)]
    sent = {"tasks": [str(task.pk) for task in tasks], "go": "conform", "opinion": "齐全", "has_checked": "1"}
    body = visitor(people.REVIEWER).post("/desk/bulk/", sent).content.decode()
    assert "办成 2 件" in body


def test_a_record_with_a_picture_is_written_without_a_script():
    case = people.accepted()
    task = inspect_place.arrange(people.actor(people.REVIEWER), review_of(case).pk)
    client, address = visitor(people.REVIEWER), f"/desk/inspections/{task.pk}/"
    assert client.post(address, {"place": "示例路1号", "revision": "0", "go": "save"}).status_code == 302
    page = client.get(address).content.decode()
    assert "示例路1号" in page
    refused = client.post(address, {"place": "示例路1号", "go": "sign"})
    assert refused.status_code == 422
    assert "请至少拍一张现场照片" in refused.content.decode()
    saved = client.post(address, {"place": "示例路2号", "go": "autosave"})
    assert saved.json()["revision"] > 0


def test_the_workload_leaves_the_house_as_excel():
    people.accepted()
    response = visitor(people.DECIDER).get("/desk/workload/export.xlsx")
    assert content_of(response).startswith(b"PK")


@pytest.mark.parametrize(
    ("username", "address"),
    [
        (people.REVIEWER, "/desk/"),
        (people.REVIEWER, "/desk/bulk/"),
        (people.DECIDER, "/desk/workload/"),
    ],
)
def test_a_longer_list_asks_no_more_questions(username, address):
    client = visitor(username)

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    people.accepted()
    before = asked()
    for _ in range(3):
        people.accepted()
    assert asked() <= before
