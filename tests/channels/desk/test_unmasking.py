"""显示完整号码: who has the case on his desk sees a number whole, and the chain keeps that he did."""

import json

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.approvals import selectors as approvals
from yueban.audit import selectors as audit
from yueban.audit.models import Event
from yueban.cases.models import Case
from yueban.flows import review
from yueban.kernel.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accepted_once")]
WHOLE = ("99999919850316001X", "13800000001", "999999198806120058")
PURPOSE = "核对本件材料"


def ask(username: str, case: Case, **data: str):
    return visitor(username).post(
        f"/desk/cases/{case.number}/unmask", {"paper": "form", "purpose": PURPOSE} | data
    )


def page_of(username: str, case: Case, paper: str = "form") -> str:
    return visitor(username).get(f"/desk/cases/{case.number}/?paper={paper}").content.decode()


def unmaskings(case: Case) -> list[Event]:
    return [one for one in audit.events_of(Reference("case", case.number)) if one.kind == "unmask"]


@pytest.mark.parametrize(
    ("make", "username"),
    [
        (people.submitted, people.CLERK),
        (people.received, people.CLERK),
        (people.accepted, people.VEHICLE_CHECKER),
        (people.accepted, people.REVIEWER),
        (people.deciding, people.DECIDER),
    ],
)
def test_who_has_the_case_on_his_desk_sees_the_numbers_once(make, username):
    case = make()
    assert "显示完整号码" in page_of(username, case)
    response = ask(username, case)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert all(number in response.content.decode() for number in WHOLE)
    assert not any(number in page_of(username, case) for number in WHOLE)


def test_the_chain_keeps_which_fields_and_what_for_but_no_number():
    case = people.accepted()
    ask(people.VEHICLE_CHECKER, case)
    [event] = unmaskings(case)
    assert event.data["purpose"] == PURPOSE
    assert len(event.data["fields"]) >= 3
    written = json.dumps([event.data, event.actor], ensure_ascii=False)
    assert not any(number in written for number in WHOLE)
    assert audit.verify_chain(Reference("case", case.number)).ok


def test_the_supervisor_reads_it_in_the_timeline():
    case = people.accepted()
    ask(people.VEHICLE_CHECKER, case)
    page = page_of(people.SUPERVISOR, case, "timeline")
    assert "查看完整号码" in page
    assert f"用途：{PURPOSE}" in page


@pytest.mark.parametrize(
    ("username", "status"),
    [(people.CLERK, 403), (people.SUPERVISOR, 403), (people.DECIDER, 403), (people.OTHER_COUNTY, 404)],
)
def test_without_an_open_task_nothing_is_shown_and_nothing_recorded(username, status):
    case = people.accepted()
    response = ask(username, case)
    assert response.status_code == status
    assert not any(number in response.content.decode() for number in WHOLE)
    assert unmaskings(case) == []
    assert "显示完整号码" not in page_of(people.SUPERVISOR, case)


def test_a_task_taken_by_a_colleague_opens_nothing():
    case = people.accepted()
    task = approvals.inbox(people.actor(people.REVIEWER)).get(reference_number=case.number)
    review.take(people.actor(people.REVIEWER), task.pk)
    assert ask("reviewer-feng", case).status_code == 403


@pytest.mark.parametrize("purpose", ["", "  ", "字" * 61, "核对\u202e"])
def test_a_purpose_must_be_written(purpose):
    case = people.accepted()
    response = ask(people.REVIEWER, case, purpose=purpose)
    assert response.status_code == 422
    assert not any(number in response.content.decode() for number in WHOLE)
    assert unmaskings(case) == []


def test_a_paper_without_masked_numbers_has_nothing_to_show():
    case = people.accepted()
    assert ask(people.REVIEWER, case, paper="m-safety-rules").status_code == 422
    assert ask(people.REVIEWER, case, paper="no-such-paper").status_code == 422
    assert unmaskings(case) == []
