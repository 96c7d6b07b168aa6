"""Operation × key: nobody, each key without the scope, another agency's, the right one; no operation is left out."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from tests import partners, people
from yueban.cases.models import Case
from yueban.channels.api.urls import api
from yueban.documents.models import Document
from yueban.flows import review

pytestmark = pytest.mark.django_db

# ask_for_caller is signed instead: tests/channels/api/test_consultations.py.
OPEN = {"ask_for_caller", "health", "list_items", "get_item", "verify"}


@dataclass(frozen=True)
class Call:
    """An operation: its scope, how it is asked, and what another agency's key and the right one get."""

    scope: str
    method: str
    path: str
    elsewhere: int
    own: int
    body: dict[str, Any] | None = field(default=None)


CALLS = {
    "ask_question": Call("consult:ask", "post", "/consultations", 200, 200, {"question": "货运许可要钱吗"}),
    "hand_over": Call("consult:ask", "post", "/consultations/ZX00000000000000/person", 404, 404, {}),
    "list_versions": Call("catalogue:read", "get", "/items/road-freight-permit/versions", 200, 200),
    "get_version": Call("catalogue:read", "get", "/items/road-freight-permit/versions/1", 200, 200),
    "start_application": Call("cases:apply", "post", "/applications", 201, 201, partners.APPLICATION),
    "get_application": Call("cases:apply", "get", "/applications/{draft}", 404, 200),
    "replace_form": Call("cases:apply", "put", "/applications/{draft}/form", 404, 200, {"form": {}}),
    "attach_file": Call("cases:apply", "upload", "/applications/{draft}/files", 404, 201),
    "submit_application": Call("cases:apply", "post", "/applications/{draft}/submit", 404, 422),
    "list_cases": Call("cases:read", "get", "/cases", 200, 200),
    "get_case": Call("cases:read", "get", "/cases/{case}", 404, 200),
    "attach_supplement": Call("cases:apply", "upload", "/cases/{case}/supplement/files", 404, 409),
    "send_supplement": Call("cases:apply", "post", "/cases/{case}/supplement", 404, 409, {}),
    "withdraw_case": Call("cases:apply", "post", "/cases/{case}/withdraw", 404, 200, {}),
    "list_documents": Call("documents:read", "get", "/cases/{case}/documents", 404, 200),
    "get_document": Call("documents:read", "get", "/cases/{case}/documents/{code}", 404, 404),
    "list_events": Call("cases:read", "get", "/events", 200, 200),
    "list_webhooks": Call("webhooks:manage", "get", "/webhooks", 200, 200),
    "create_webhook": Call(
        "webhooks:manage", "post", "/webhooks", 201, 201, {"address": "https://events.example.gov.cn/"}
    ),
    "list_deliveries": Call("webhooks:manage", "get", "/webhooks/{hook}/deliveries", 404, 200),
    "send_again": Call(
        "webhooks:manage", "post", "/webhooks/{hook}/deliveries/again", 404, 200, {"deliveries": ["YzE"]}
    ),
    "resume_webhook": Call("webhooks:manage", "post", "/webhooks/{hook}/resume", 404, 200),
    "end_webhook": Call("webhooks:manage", "delete", "/webhooks/{hook}", 404, 200),
}


@pytest.fixture(scope="module")
def own(rows_of_module) -> partners.System:
    return partners.system()


@pytest.fixture(scope="module")
def named(own) -> dict[str, str]:
    """The numbers of the system's own things."""
    number = own.submitted()
    review.receive(people.actor(people.CLERK), number)
    hook = own.post("/webhooks", {"address": "https://events.example.gov.cn/"}).json()["number"]
    code = Document.objects.get(subject_number=number).verify_code
    return {"case": number, "draft": own.started(), "hook": hook, "code": code}


def ask(system: partners.System, call: Call, named: dict[str, str]) -> int:
    """The status that this key gets."""
    path = call.path.format(**named)
    if call.method == "upload":
        return system.upload(path, "safety-rules").status_code
    return system.ask(call.method, path, call.body, **{"Idempotency-Key": f"m-{call.method}"}).status_code


def test_every_operation_is_in_the_matrix():
    operations = {
        operation["operationId"]
        for path in api.get_openapi_schema()["paths"].values()
        for operation in path.values()
    }
    assert operations == OPEN | CALLS.keys()


def test_nobody_and_a_key_without_the_scope_get_nowhere(own, named, settings):
    settings.YUEBAN_API_CALLS_PER_MINUTE = 1000
    nobody = partners.System(own.key, "")
    found = {}
    for name, call in CALLS.items():
        without = partners.system(partners.HALL, *(scope for scope in partners.ALL if scope != call.scope))
        found[name] = (ask(nobody, call, named), ask(without, call, named))
    assert set(found.values()) == {(401, 403)}
    assert Case.objects.get().state == "received"


def test_another_agencys_key_finds_none_of_it(named):
    other = partners.system(partners.ELSEWHERE)
    assert {name: ask(other, call, named) for name, call in CALLS.items()} == {
        name: call.elsewhere for name, call in CALLS.items()
    }


@pytest.mark.parametrize("name", CALLS)
def test_the_right_key_gets_its_answer(own, named, name):
    assert ask(own, CALLS[name], named) == CALLS[name].own


def test_a_signed_in_session_is_no_key():
    client = Client()
    client.force_login(people.user(people.CLERK))
    assert client.get("/api/v1/cases").status_code == 401
