"""Asking over the interface, and the signed webhook of 12345 on both sides: what it sends and what it is sent."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from tests import partners
from tests.channels.talks import SECRET, stand_in
from yueban.flows import hotline
from yueban.kernel import clock
from yueban.webhooks import services as webhooks
from yueban.webhooks.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(monkeypatch):
    cache.clear()
    return stand_in(monkeypatch)


@pytest.fixture
def system(talks):
    return partners.system(partners.HALL)


def test_the_answer_has_the_shape_of_the_contract(system):
    told = system.post("/consultations", {"question": "货运许可要钱吗", "division": "330602000000"}).json()
    assert told["answer"] == "办道路货运许可不收费。网上就能办。"
    assert told["gate"] == "answer"
    assert [set(one) for one in told["citations"]] == [{"unit", "title", "version", "quote"}]
    assert told["units"] == [{"id": "item:road-freight-permit#fee@330602000000", "score": 0.9}]
    assert told["items"] == ["道路普通货物运输经营许可"]
    assert told["timing_ms"] == {"total": 12.0}
    assert told["model"] == ""


def test_a_conversation_goes_on_and_to_a_person(system, talks):
    first = system.post("/consultations", {"question": "货运许可要钱吗"}).json()
    on = {"conversation": first["conversation"], "secret": first["secret"]}
    assert system.post("/consultations", {"question": "多久", **on}).json()["turn"] == 2
    handed = system.post(f"/consultations/{first['conversation']}/person", {"secret": first["secret"]}).json()
    assert (handed["gate"], handed["ticket"]) == ("person", "ZX1")
    assert system.post("/consultations", {"question": "多久", "conversation": "ZX9"}).status_code == 404


def test_what_cannot_be_asked_is_told(system):
    assert system.post("/consultations", {"question": ""}).status_code == 422
    long = system.post("/consultations", {"question": "长" * 10_000})
    assert (long.status_code, "最多500个字" in long.json()["message"]) == (422, True)


def test_a_key_has_its_pace_but_hands_over_always(system, settings):
    settings.YUEBAN_QUESTIONS_PER_MINUTE = 1
    first = system.post("/consultations", {"question": "货运许可要钱吗"}).json()
    stopped = system.post("/consultations", {"question": "多久"})
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) > 0
    path = f"/consultations/{first['conversation']}/person"
    assert system.post(path, {"secret": first["secret"]}).status_code == 200


@pytest.fixture
def line(system):
    """12345: it gets the events of hand-overs, and signs with the same secret."""
    body = {"address": "https://12345.example.gov.cn/events", "kinds": [hotline.HANDED_OVER]}
    return system.post("/webhooks", body).json()


def call(line, body: bytes, *, secret: str = "", late: int = 0, number: str = ""):
    moment = int(clock.now().timestamp()) - late
    headers = {
        "X-Yueban-Webhook": number or line["number"],
        "X-Yueban-Signature": webhooks.sign(secret or line["secret"], moment, body),
    }
    return Client().post(
        "/api/v1/hotline/questions", data=body, content_type="application/json", headers=headers
    )


def test_a_signed_question_is_answered_once(line, talks):
    body = hotline.message_of_question("货运许可要钱吗", nonce="call-0001", division="330602000000")
    answer = call(line, body)
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["answer"].startswith("办道路货运许可不收费。")
    assert call(line, body).status_code == 409
    assert len(talks.asked) == 1


@pytest.mark.parametrize(
    "wrong", [{"secret": "ybs_wrong"}, {"late": 400}, {"late": -400}, {"number": "WH000000000000"}]
)
def test_what_is_not_signed_so_is_refused_alike(line, talks, wrong):
    answer = call(line, hotline.message_of_question("要钱吗", nonce="call-0002"), **wrong)
    assert answer.status_code == 401
    assert answer.json()["code"] == "hotline.signature"
    assert talks.asked == []


def test_a_changed_body_or_garbled_signature_is_refused(line, talks):
    body = hotline.message_of_question("要钱吗", nonce="call-0003")
    signed = webhooks.sign(line["secret"], int(clock.now().timestamp()), body)
    for signature in (signed, "t=,v1=", "nonsense", "t=１,v1=x"):
        answer = Client().post(
            "/api/v1/hotline/questions",
            data=body.replace("要钱吗".encode(), "别的话".encode()),
            content_type="application/json",
            headers={
                "X-Yueban-Webhook": line["number"],
                "X-Yueban-Signature": signature.encode().decode("latin-1"),
            },
        )
        assert answer.status_code == 401
    assert talks.asked == []


def test_a_hand_over_is_told_once_to_who_asked_for_it(line, talks):
    first = call(line, hotline.message_of_question("转人工", nonce="call-0004")).json()
    assert first["ticket"] == "ZX1"
    hotline.tell_handed_over(first["conversation"], "ZX1", "")
    (delivery,) = Delivery.objects.filter(subscription__number=line["number"])
    event = json.loads(webhooks.message_of(delivery.occurrence, source="https://x"))
    assert event["type"] == "yueban.consultation.handed_over"
    assert event["data"]["ticket"] == "ZX1"
    assert SECRET not in json.dumps(event)


def test_a_key_without_the_right_is_refused(talks):
    narrow = partners.system(partners.HALL, "webhooks:manage")
    made = narrow.post(
        "/webhooks", {"address": "https://12345.example.gov.cn/events", "kinds": [hotline.HANDED_OVER]}
    )
    line = made.json()
    assert call(line, hotline.message_of_question("要钱吗", nonce="call-0005")).status_code == 403
    assert narrow.post("/consultations", {"question": "要钱吗"}).status_code == 403
