"""要求补正 at the desk and 补正 on the portal: what was asked for stands there, and nothing more."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people
from tests.channels.visitors import visitor
from tests.claims import making
from yueban.claims.models import Claim
from yueban.files import services as files

pytestmark = pytest.mark.django_db
MATERIAL = "合同"


@pytest.fixture
def handed_in():
    making.november()
    making.nothing_known()
    making.offer(department_kind="transport", materials=[MATERIAL])
    making.money()
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": False})
    stored = files.store_file(content=people.PDF + b"one", name="合同.pdf", actor=people.actor(people.OWNER))
    return making.submitted(files=((MATERIAL, stored),))


def test_a_claim_goes_back_and_comes_again(handed_in):
    number = handed_in.number
    desk, portal = visitor(people.REVIEWER), visitor(people.OWNER)
    typed = {"revision": 0, "key": "one", "task": making.task_of(number, "check")}
    refused = desk.post(f"/desk/claims/{number}/correct", typed)
    assert refused.status_code == 422
    typed |= {"opinion": "合同第2页看不清", "asks": ["material-0"]}
    assert desk.post(f"/desk/claims/{number}/correct", typed).status_code == 302
    assert "去补正" in portal.get(f"/my/claims/{number}/").content.decode()
    page = portal.get(f"/my/claims/{number}/correction").content.decode()
    assert "合同第2页看不清" in page
    empty = portal.post(f"/my/claims/{number}/correction", {"revision": 1, "key": "two"})
    assert empty.status_code == 422
    sent = {"revision": 1, "key": "two", "material-0": SimpleUploadedFile("合同.pdf", people.PDF + b"two")}
    assert portal.post(f"/my/claims/{number}/correction", sent).status_code == 302
    kept = Claim.objects.get(number=number).files.order_by("pk")
    assert [one.replaced_at is None for one in kept] == [False, True]
    assert "补正前的" in desk.get(f"/desk/claims/{number}/").content.decode()
    assert portal.get(f"/my/claims/{number}/correction").status_code == 302
