"""Intake at the desk, page by page: find, pick, answer, fill in, sign, hand in, print."""

import json

import pytest

from tests import village
from tests.channels.visitors import content_of, visitor
from yueban.cases.models import Application, Case
from yueban.catalogue import selectors as catalogue
from yueban.parties.models import Mandate, Party

pytestmark = pytest.mark.django_db
STROKES = json.dumps([[[10, 20], [120, 150], [200, 30]], [[240, 20], [300, 180]]])


@pytest.fixture(autouse=True)
def villager() -> Party:
    return village.settle()


def fields(application: Application) -> dict[str, object]:
    """The form as the page posts it, with the revision it stands at."""
    application.refresh_from_db()
    flat = catalogue.flat(application.item_version.compiled, village.FORM)
    return dict(flat) | {"revision": str(application.revision)}


def test_a_number_or_a_name_leads_to_the_person_and_is_never_in_an_address(villager):
    client = visitor(village.HELPER)
    for who in (village.ID_NUMBER, village.ID_NUMBER.lower(), f" {villager.name} "):
        answer = client.post("/desk/intake/", {"who": who})
        assert answer["Location"] == f"/desk/intake/people/{villager.number}/"
    page = content_of(client.get(answer["Location"])).decode()
    assert "居民身份证" in page
    assert village.ID_NUMBER not in page


def test_two_letters_find_the_item_and_known_answers_are_not_asked(villager):
    client = visitor(village.HELPER)
    person = f"/desk/intake/people/{villager.number}/"
    part = content_of(client.get(person, {"q": "lh"}, headers={"HX-Request": "true"})).decode()
    assert f"{person}items/{village.ITEM}/" in part
    page = content_of(client.get(f"{person}items/{village.ITEM}/")).decode()
    assert "已知，不用问" in page
    assert "您现在怎么干活挣钱？" in page
    later = content_of(client.get(f"{person}items/{village.ITEM}/", {"work": "flexible"})).decode()
    assert "已知，不用问" in later, "what is known stays known after the next answer"
    ready = content_of(client.get(f"{person}items/{village.ITEM}/", village.ANSWERS)).decode()
    assert "开始填写" in ready


def test_the_whole_way_with_a_signature_on_the_pad(villager):
    client = visitor(village.HELPER)
    begun = client.post(f"/desk/intake/people/{villager.number}/items/{village.ITEM}/", village.ANSWERS)
    address = begun["Location"]
    application = Application.objects.get(number=address.rstrip("/").rsplit("/", 1)[-1])
    page = content_of(client.get(address)).decode()
    assert "已为您填好" in page
    signed = client.post(
        address,
        fields(application)
        | {"mandate": "pad", "pad": STROKES, "powers": ["submit", "collect"], "ends_on": "2027-12-01"},
    )
    assert signed.status_code == 302, content_of(signed).decode()
    mandate = Mandate.objects.get(principal=villager)
    assert (mandate.way, mandate.powers) == ("pad", ["submit", "collect"])
    sent = client.post(address, fields(application) | {"submit": "1", "agreed": "1"})
    case = Case.objects.get(party=villager)
    assert sent["Location"] == f"/desk/intake/cases/{case.number}/?submitted=1"
    told = content_of(client.get(sent["Location"])).decode()
    assert "打印凭证" in told
    for kind in ("slip", "large"):
        pdf = client.get(f"/desk/intake/cases/{case.number}/{kind}.pdf")
        assert content_of(pdf).startswith(b"%PDF")
