"""One message: signed so that a receiver can check it, and given up on a receiver that does not answer."""

import hashlib
import hmac
import time

import pytest

from tests.receivers import receiver
from yueban.webhooks.sending import SIGNATURE, push, sign


@pytest.fixture(autouse=True)
def _on_this_machine(settings):
    settings.YUEBAN_WEBHOOK_PRIVATE = True


def test_a_message_arrives_with_a_signature_that_can_be_checked():
    with receiver() as here:
        answer = push(f"{here.url}/hook?a=1", '{"名":1}'.encode(), secret="ybs_x")
    assert answer.is_received
    (headers, body), *more = here.got
    moment, digest = (part.split("=")[1] for part in headers[SIGNATURE].split(","))
    expected = hmac.new(b"ybs_x", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert digest == expected and not more
    assert headers["Content-Type"].startswith("application/cloudevents+json")


def test_the_signature_changes_with_time_body_and_secret():
    signed = {sign("s", 1, b"a"), sign("s", 2, b"a"), sign("s", 1, b"b"), sign("t", 1, b"a")}
    assert len(signed) == 4


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
def test_a_receiver_that_does_not_answer_is_left_after_its_time(behaviour):
    begun = time.monotonic()
    with receiver(always=behaviour) as here:
        answer = push(here.url, b"{}", secret="s", seconds=0.4)
        took = time.monotonic() - begun
    assert (answer.status, answer.is_receiver_ill) == (None, True)
    assert took < 5


def test_nobody_is_followed_elsewhere():
    with receiver(always=307) as here:
        answer = push(here.url, b"{}", secret="s")
        assert len(here.got) == 1
    assert not answer.is_received and not answer.is_receiver_ill


@pytest.mark.parametrize(
    ("status", "ill"), [(500, True), (503, True), (429, True), (400, False), (410, False)]
)
def test_a_fault_of_the_receiver_differs_from_a_refusal_of_the_message(status, ill):
    with receiver(always=status) as here:
        answer = push(here.url, b"{}", secret="s")
    assert (answer.is_received, answer.is_receiver_ill) == (False, ill)


def test_a_receiver_that_hangs_up_is_no_error_of_ours():
    with receiver(always="cut") as here:
        assert push(here.url, b"{}", secret="s").is_receiver_ill
