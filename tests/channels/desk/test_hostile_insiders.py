"""What a member of staff tries with his own account: other doors to the same data, looks that leave no trace."""

import pytest
from django.urls import reverse

from tests import benefits, people, village
from tests.channels.visitors import content_of, visitor
from yueban.audit import selectors as audit
from yueban.kernel.reference import Reference
from yueban.parties.models import Look

pytestmark = pytest.mark.django_db
WHOLE = ("99999919850316001X", "13800000001", "999999198806120058")
INSIDERS = (people.CLERK, people.REVIEWER, people.VEHICLE_CHECKER, people.SUPERVISOR)


@pytest.mark.parametrize("username", INSIDERS)
def test_the_applicants_own_pages_are_no_way_around_the_masks_of_the_desk(username):
    case = people.accepted()
    client = visitor(username)
    file = case.materials.get(key="safety-rules").files.get().file
    for address in (f"/my/cases/{case.number}/", f"/files/{file.number}"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert not any(whole in answer.content.decode() for whole in WHOLE)


def test_the_paper_that_is_shown_whole_is_the_paper_that_is_written_down():
    case = people.accepted()
    answer = visitor(people.REVIEWER).post(
        f"/desk/cases/{case.number}/unmask?paper=timeline", {"paper": "form", "purpose": "核对"}
    )
    assert all(whole in answer.content.decode() for whole in WHOLE)
    assert [one.kind for one in audit.events_of(Reference("case", case.number))][-1] == "unmask"


@pytest.mark.parametrize("door", ["choices", "questions", "draft"])
def test_every_door_to_a_person_is_a_look(door):
    person = village.settle()
    client = visitor(village.CLERK)
    item = reverse("desk:intake-item", args=[person.number, village.ITEM])
    if door == "choices":
        client.get(f"/desk/intake/people/{person.number}/", {"q": "lh"}, headers={"HX-Request": "true"})
    elif door == "questions":
        client.get(item)
    else:
        client.post(item, village.ANSWERS)
    assert Look.objects.get(party=person).actor_name == people.user(village.CLERK).name


def test_a_colleagues_copy_of_the_slip_carries_no_code_to_rate_by(monkeypatch):
    case = village.handed_in()
    code = benefits.rating_of(case).service.code
    drawn: dict[str, str] = {}
    monkeypatch.setattr(
        "yueban.flows.assist_papers.print_slip",
        lambda _kind, slip: drawn.update({"codes": str(slip.codes)}) or b"%PDF",
    )
    for username, is_there in ((village.HELPER, True), ("supervisor-ji", False)):
        answer = visitor(username).get(f"/desk/intake/cases/{case.number}/slip.pdf")
        assert content_of(answer) == b"%PDF"
        assert (code in drawn["codes"]) is is_there
