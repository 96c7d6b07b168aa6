"""Peripherals: those of the demonstration, those of a real terminal, and what is said when one does not work."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests import people
from tests.channels.kiosk_visitors import at_kiosk, terminal
from yueban.audit import selectors as audit
from yueban.cases.models import Case
from yueban.certificates.models import Certificate, CertificateUse
from yueban.channels.kiosk.agent_devices import Agent, AgentDevices, sign
from yueban.channels.kiosk.demo_devices import DemoDevices
from yueban.channels.kiosk.devices import DeviceTrouble, State
from yueban.documents import services as documents
from yueban.documents.choices import DocumentState
from yueban.documents.models import Document
from yueban.kernel.reference import Reference
from yueban.outlets.choices import KioskPart

PARTS = [str(part) for part in KioskPart]
KEY = "0123456789abcdef0123456789abcdef"
SHEET = people.PDF


class Counterpart(BaseHTTPRequestHandler):
    """The program of a terminal, as docs/howto/connect-a-kiosk.md describes it; made to misbehave by `mood`."""

    mood = "ready"
    asked: list[tuple[str, dict[str, Any]]] = []
    CARD = {"state": "ready", "name": "陈示例", "id_number": "99999919850316001X"}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        nonce, moment = self.headers["X-Yueban-Nonce"], self.headers["X-Yueban-Time"]
        expected = sign(KEY, moment.encode(), nonce.encode(), self.path.encode(), body)
        if self.headers["X-Yueban-Signature"] != expected:
            self._answer({"state": "failed"}, nonce)
            return
        self.asked.append((self.path, json.loads(body)))
        if self.mood == "late":
            threading.Event().wait(1.0)
        answers = {
            "/v1/card/read": self.CARD,
            "/v1/scan": {
                "state": "ready",
                "media_type": "application/pdf",
                "content": base64.b64encode(SHEET).decode(),
            },
            "/v1/states": {"state": "ready", "parts": dict.fromkeys(PARTS, "ready")},
        }
        answer = answers.get(self.path, {"state": "ready"})
        self._answer(
            answer
            if self.mood in ("ready", "replayed", "forged", "late", "garbage")
            else {"state": self.mood},
            nonce,
        )

    def _answer(self, answer: dict[str, Any], nonce: str) -> None:
        told = b"no json" if self.mood == "garbage" else json.dumps(answer).encode()
        if self.mood == "replayed":
            nonce = "0" * 32
        signature = sign("another key" if self.mood == "forged" else KEY, nonce.encode(), told)
        try:
            self.send_response(200)
            self.send_header("X-Yueban-Signature", signature)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)
        except OSError:
            pass  # the server has stopped waiting

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@contextmanager
def counterpart(mood: str = "ready") -> Iterator[AgentDevices]:
    """A terminal's program at work, and the peripherals through it."""
    Counterpart.mood, Counterpart.asked = mood, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counterpart)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield AgentDevices(Agent(f"http://127.0.0.1:{server.server_port}", KEY, seconds=0.4), PARTS)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_program_of_a_terminal_reads_prints_and_scans():
    with counterpart() as devices:
        assert devices.card_reader().read().id_number == "99999919850316001X"
        devices.slip_printer().print(SHEET)
        devices.a4_printer().print(SHEET)
        page = devices.scanner().scan()
        assert (page.content, page.name[-4:]) == (SHEET, ".pdf")
        assert set(devices.states().values()) == {State.READY}
    paths = [path for path, _ in Counterpart.asked]
    assert paths == ["/v1/card/read", "/v1/slip/print", "/v1/a4/print", "/v1/scan", "/v1/states"]
    assert base64.b64decode(Counterpart.asked[1][1]["pdf"]) == SHEET


@pytest.mark.parametrize(
    ("mood", "state"),
    [
        ("no_card", State.NO_CARD),
        ("out_of_paper", State.OUT_OF_PAPER),
        ("jammed", State.JAMMED),
        ("unplugged", State.UNPLUGGED),
        ("late", State.TIMEOUT),
        ("garbage", State.FAILED),
        ("forged", State.FAILED),
        ("replayed", State.FAILED),
        ("no such state", State.FAILED),
    ],
)
def test_what_goes_wrong_is_told_by_its_name(mood, state):
    with counterpart(mood) as devices, pytest.raises(DeviceTrouble) as trouble:
        devices.card_reader().read()
    assert trouble.value.state == state


def test_a_terminal_that_is_off_is_unplugged():
    with counterpart() as devices:
        pass
    with pytest.raises(DeviceTrouble) as trouble:
        devices.a4_printer().print(SHEET)
    assert trouble.value.state == State.UNPLUGGED
    assert set(devices.states().values()) == {State.UNPLUGGED}


def test_a_part_that_the_terminal_has_not_is_unplugged():
    for devices in (DemoDevices([], {}), AgentDevices(Agent("http://127.0.0.1:1", KEY), [])):
        with pytest.raises(DeviceTrouble) as trouble:
            devices.scanner()
        assert trouble.value.state == State.UNPLUGGED


@pytest.mark.parametrize("state", [state for state in State if state != State.READY])
def test_every_trouble_says_what_to_do(state):
    trouble = DeviceTrouble(KioskPart.A4_PRINTER, state)
    assert "A4 打印机" in trouble.sentence
    assert trouble.to_do.startswith("请")


def render_documents() -> None:
    """Make the papers that wait, as the worker does."""
    for document in Document.objects.exclude(state=DocumentState.READY):
        documents.render_document(document.pk)


def put(client, part: str, state: str) -> None:
    assert client.post("/kiosk/devices", {"part": part, "state": state}).status_code == 302


@pytest.mark.django_db
def test_a_slip_printer_without_paper_says_so_and_the_case_stands():
    case = people.submitted()
    client = at_kiosk(people.OWNER)
    put(client, "slip_printer", "out_of_paper")
    answer = client.post(f"/kiosk/my/{case.number}/slip")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "小票打印机：没有纸了" in page
    assert "加纸" in page
    assert "没有受影响" in page
    put(client, "slip_printer", "ready")
    assert client.post(f"/kiosk/my/{case.number}/slip").status_code == 200
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_reader_that_is_unplugged_says_so_and_nobody_is_signed_in():
    client = terminal()
    put(client, "card_reader", "unplugged")
    answer = client.post("/kiosk/card", {"card": people.OWNER})
    assert answer.status_code == 409
    assert "身份证读卡器：没有接好" in answer.content.decode()
    assert client.get("/kiosk/card/confirm").status_code == 302


@pytest.mark.django_db
def test_a_camera_that_does_not_answer_leaves_the_draft_as_it_is():
    draft = people.draft()
    client = at_kiosk(people.OWNER)
    put(client, "scanner", "timeout")
    answer = client.post(f"/kiosk/apply/{draft.number}/materials/safety-rules/scan")
    assert answer.status_code == 409
    assert "高拍仪：没有应答" in answer.content.decode()
    assert draft.files.filter(material_key="safety-rules", removed_at=None).count() == 1


@pytest.mark.django_db
def test_a_certificate_is_verified_and_its_use_recorded_before_it_is_printed():
    people.granted()
    render_documents()
    certificate = Certificate.objects.get(source_kind="case")
    client = at_kiosk(people.OWNER)
    assert certificate.type.name in client.get("/kiosk/papers/").content.decode()
    address = f"/kiosk/papers/certificate/{certificate.number}/print"
    assert "已经打印" in client.post(address, {"key": "a" * 31}).content.decode()
    use = CertificateUse.objects.get(certificate=certificate)
    assert (use.purpose, use.actor["channel"]) == (
        "本人在自助终端打印（越城区政务服务中心 1 号自助终端（演示））",
        "kiosk",
    )
    assert "已经送去打印" in client.post(address, {"key": "a" * 31}).content.decode()
    assert CertificateUse.objects.filter(certificate=certificate).count() == 1


@pytest.mark.django_db
def test_a_certificate_that_is_no_longer_valid_is_not_printed():
    people.granted()
    render_documents()
    certificate = Certificate.objects.get(source_kind="case")
    Certificate.objects.filter(pk=certificate.pk).update(status="03")
    client = at_kiosk(people.OWNER)
    answer = client.post(f"/kiosk/papers/certificate/{certificate.number}/print", {"key": "b" * 31})
    assert 400 <= answer.status_code < 500
    assert not CertificateUse.objects.filter(certificate=certificate).exists()


@pytest.mark.django_db
def test_a_document_that_is_printed_stands_in_the_chain_of_its_case():
    case = people.accepted()
    render_documents()
    client = at_kiosk(people.OWNER)
    page = client.get("/kiosk/papers/?page=1").content.decode()
    assert "受理通知书" in page + client.get("/kiosk/papers/?page=2").content.decode()
    document = Document.objects.get(subject_number=case.number, kind="acceptance")
    client.post(f"/kiosk/papers/document/{document.verify_code}/print", {"key": "c" * 31})
    events = list(audit.events_of(Reference("case", case.number)))
    assert (events[-1].kind, events[-1].data["document"]) == ("document_printed", document.number)


@pytest.mark.django_db
def test_a_paper_is_verified_by_its_code_and_the_code_stands_in_no_address():
    people.granted()
    render_documents()
    code = Certificate.objects.get(source_kind="case").document.verify_code
    client = terminal()
    assert "证照真实有效" in client.post("/kiosk/verify", {"code": code.upper()}).content.decode()
    assert client.post("/kiosk/verify", {"code": "0" * 32}).status_code == 404
    assert client.post("/kiosk/verify", {"code": "12"}).status_code == 422
    assert "证照真实有效" not in client.get(f"/kiosk/verify?code={code}").content.decode()


@pytest.mark.django_db
def test_progress_by_number_says_only_where_the_case_stands():
    case = people.submitted()
    client = terminal()
    found = client.post("/kiosk/progress", {"number": case.number, "phone_tail": "0001"}).content.decode()
    assert "待收件" in found
    assert "示例运输" not in found
    assert client.post("/kiosk/progress", {"number": case.number, "phone_tail": "9999"}).status_code == 404
