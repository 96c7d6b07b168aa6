"""The API: the catalogue, verification, and one shape for every refusal."""

import json

import pytest
from django.test import Client

from tests import people
from yueban.documents.models import Document

pytestmark = pytest.mark.django_db
API = "/api/v1"


def get(path: str, status: int = 200):
    response = Client().get(f"{API}{path}")
    assert response.status_code == status, response.content
    return response.json()


def test_it_says_that_it_lives():
    assert get("/health")["ok"] is True


def test_items_are_listed_once_each_by_page():
    everything = get("/items?size=100")
    keys = [row["key"] for row in everything["items"]]
    assert len(keys) == len(set(keys)) == everything["count"]
    page = get("/items?size=2&page=2")
    assert [row["key"] for row in page["items"]] == keys[2:4]
    assert page["pages"] == -(-everything["count"] // 2)


@pytest.mark.parametrize("text", ["道路普通货物运输", "货运公司", "dlpthwys"])
def test_an_item_is_found_by_name_alias_and_pinyin(text):
    assert get(f"/items?text={text}")["items"][0]["key"] == "road-freight-permit"


def test_the_division_chooses_the_agency():
    row = next(
        r for r in get("/items?division=330681000000&size=100")["items"] if r["key"] == "road-freight-permit"
    )
    assert row["agency_code"] == "zhuji-transport"
    assert get("/items/road-freight-permit?division=330681000000")["agency_code"] == "zhuji-transport"


def test_an_item_carries_the_standard_that_the_pages_use():
    item = get("/items/road-freight-permit?division=330602000000")
    version = people.freight()
    assert item["hash"] == version.content_hash
    assert [m["key"] for m in item["materials"]] == [m.key for m in version.compiled.materials]
    assert item["form"]["json_schema"] == version.compiled.form.json_schema


def test_anyone_verifies_a_document_and_learns_no_name():
    case = people.received()
    document = Document.objects.get(subject_number=case.number, kind="receipt")
    found = get(f"/verify/{document.verify_code}")
    assert found["is_genuine"] is True
    assert found["number"] == document.number
    assert case.applicant_name not in json.dumps(found, ensure_ascii=False)
    assert case.number not in json.dumps(found)


def test_anyone_verifies_a_certificate_and_its_validity():
    case = people.granted()
    document = Document.objects.get(subject_number=case.number, kind="certificate")
    found = get(f"/verify/{document.verify_code}")
    assert (found["is_valid"], found["status_name"]) == (True, "有效")
    assert case.applicant_name not in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("code", ["0" * 32, "nonsense", "33060220261123000000015"])
def test_one_answer_for_everything_that_is_not_found(code):
    assert get(f"/verify/{code}", 404) == get(f"/verify/{'f' * 32}", 404)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/items/no-such-item", 404, "catalogue.item_not_found"),
        ("/items?size=0", 422, "service.invalid"),
        ("/items?division=3306", 422, "service.invalid"),
        ("/items?audience=martian", 422, "service.invalid"),
        ("/nowhere", 404, "api.not_found"),
        ("/cases/33060220261123000000015", 401, "api.key_refused"),
    ],
)
def test_every_refusal_has_code_message_and_hint(path, status, code):
    body = get(path, status)
    assert body["code"] == code
    assert body["message"]
    assert body["hint"]


def test_a_wrong_parameter_is_named():
    assert list(get("/items?size=0", 422)["data"]["fields"]) == ["size"]


def test_nothing_can_be_posted():
    assert Client().post(f"{API}/items").status_code == 405
