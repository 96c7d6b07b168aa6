"""One contract of the bank's seam, passed by the bank in this process and by the adapter against the HTTP side."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connections

from yueban.payments.banks import SIGNATURE, Answer, Bank, BankState, HttpBank, Instruction
from yueban.payments.demo_bank import DemoBank, Reply, serve_request
from yueban.payments.errors import BankUnavailable
from yueban.payments.models import DemoTransfer

pytestmark = pytest.mark.django_db(transaction=True)
KEY = b"shared-secret"
PLAIN = Instruction(
    number="ZF2026112300000001-01",
    amount=Decimal("666.67"),
    account="6222000000001234",
    name="陈示例",
    purpose="补贴",
)


class _Counterpart(BaseHTTPRequestHandler):
    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        reply = serve_request(KEY, self.command, self.path, dict(self.headers), self.rfile.read(length))
        connections.close_all()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = _serve  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""


@pytest.fixture
def counterpart(transactional_db) -> Iterator[str]:
    """The bank's HTTP side on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Counterpart)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["in process", "over HTTP"])
def bank(request) -> Bank:
    if request.param == "in process":
        return DemoBank()
    return HttpBank(request.getfixturevalue("counterpart"), KEY, tries=1, sleep=lambda _: None)


def test_a_payment_is_paid(bank):
    answer = bank.pay(PLAIN)
    assert (answer.state, bool(answer.reference)) == (BankState.PAID, True)


def test_asking_again_with_the_same_number_pays_once_and_answers_the_same(bank):
    assert bank.pay(PLAIN) == bank.pay(PLAIN) == bank.query(PLAIN.number)
    assert DemoTransfer.objects.count() == 1


def test_the_same_number_with_another_amount_is_refused(bank):
    bank.pay(PLAIN)
    with pytest.raises(BankUnavailable):
        bank.pay(replace(PLAIN, amount=Decimal("9999.00")))
    assert DemoTransfer.objects.count() == 1


def test_money_that_comes_back_says_why(bank):
    answer = bank.pay(replace(PLAIN, account="6222000000000001"))
    assert (answer.state, "户名" in answer.reason) == (BankState.RETURNED, True)


def test_a_bank_that_lags_says_accepted_and_is_asked_again(bank):
    assert bank.pay(replace(PLAIN, account="6222000000000002")).state == BankState.ACCEPTED
    assert bank.query(PLAIN.number).state == BankState.PAID


def test_a_number_that_the_bank_never_got_is_unknown(bank):
    assert bank.query(PLAIN.number) == Answer(state=BankState.UNKNOWN)


def test_a_failing_bank_is_unavailable_and_pays_once_when_it_is_back(bank):
    failing = replace(PLAIN, account="6222000000000003")
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            bank.pay(failing)
    assert bank.pay(failing).state == BankState.PAID
    assert DemoTransfer.objects.count() == 1


def test_the_adapter_tries_again_by_itself_a_bounded_number_of_times(counterpart):
    waits: list[float] = []
    answer = HttpBank(counterpart, KEY, tries=3, sleep=waits.append).pay(
        replace(PLAIN, account="6222000000000003")
    )
    assert (answer.state, len(waits)) == (BankState.PAID, 2)


def test_a_request_signed_with_another_key_is_refused_at_once(counterpart):
    waits: list[float] = []
    with pytest.raises(BankUnavailable, match="401"):
        HttpBank(counterpart, b"another", sleep=waits.append).pay(PLAIN)
    assert (waits, DemoTransfer.objects.count()) == ([], 0)


def test_an_answer_that_the_bank_did_not_sign_is_not_believed(counterpart, monkeypatch):
    monkeypatch.setattr(
        "yueban.payments.demo_bank.sign",
        lambda key, **words: "0" * 64 if words["method"] == "ANSWER" else _real(key, **words),
    )
    with pytest.raises(BankUnavailable):
        HttpBank(counterpart, KEY, sleep=lambda _: None).pay(PLAIN)


def _real(key, **words):
    from yueban.payments.banks import sign

    return sign(key, **words)


def test_a_line_that_is_dead_is_unavailable_after_its_tries():
    waits: list[float] = []
    with pytest.raises(BankUnavailable):
        HttpBank("http://127.0.0.1:9", KEY, timeout=0.5, sleep=waits.append).pay(PLAIN)
    assert len(waits) == 2


@pytest.mark.parametrize("said", [b"[]", b"null", b"[" * 60_000, b'{"state": "paid"}'])
def test_an_answer_that_is_no_answer_settles_nothing(counterpart, monkeypatch, said):
    here = "tests.payments.test_bank_contract.serve_request"
    monkeypatch.setattr("yueban.payments.banks.sign", lambda *_args, **_named: "right")
    for signature in ("right", "\xe9"):
        monkeypatch.setattr(here, lambda *_, told=signature: Reply(200, said, {SIGNATURE: told}))
        with pytest.raises(BankUnavailable):
            HttpBank(counterpart, KEY, tries=1).pay(PLAIN)
