"""The peripherals of a real terminal, through the program that drives them (docs/howto/connect-a-kiosk.md).

The server asks, the program answers; requests and answers are signed with the kiosk's key, and an answer is bound
to its request, so that neither can be forged or played again.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any, Final

from yueban.channels.kiosk.devices import STATES, DeviceTrouble, Page, State
from yueban.flows.kiosk_sign_in import Card
from yueban.outlets.choices import KioskPart

# The program itself gives up a little earlier and says why.
SECONDS: Final = {"card/read": 20.0, "slip/print": 15.0, "a4/print": 30.0, "scan": 20.0, "states": 3.0}
LARGEST_ANSWER = 30_000_000
SUFFIXES: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def sign(key: str, *parts: bytes) -> str:
    """HMAC-SHA256 over the parts, each on a line of its own."""
    return hmac.new(key.encode(), b"\n".join(parts), hashlib.sha256).hexdigest()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The program answers itself: nothing signed is carried on to anybody else."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        """Never."""


class Agent:
    """One conversation partner: address and key."""

    def __init__(self, address: str, key: str, *, seconds: float | None = None) -> None:
        self.address, self.key, self.seconds = address.rstrip("/"), key, seconds
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def ask(self, part: KioskPart, act: str, **content: object) -> dict[str, Any]:
        """What the program answers; raises DeviceTrouble with the state it tells, or timeout, or failed."""
        body = json.dumps(content).encode()
        nonce, moment = secrets.token_hex(16), str(int(time.time()))
        path = f"/v1/{act}"
        headers = {
            "Content-Type": "application/json",
            "X-Yueban-Time": moment,
            "X-Yueban-Nonce": nonce,
            "X-Yueban-Signature": sign(self.key, moment.encode(), nonce.encode(), path.encode(), body),
        }
        request = urllib.request.Request(f"{self.address}{path}", body, headers, method="POST")
        try:
            with self.opener.open(request, timeout=self.seconds or SECONDS[act]) as answer:
                told = answer.read(LARGEST_ANSWER + 1)
                signature = answer.headers.get("X-Yueban-Signature", "")
        except TimeoutError as error:
            raise DeviceTrouble(part, State.TIMEOUT) from error
        except (urllib.error.URLError, OSError) as error:
            is_late = isinstance(getattr(error, "reason", None), TimeoutError)
            raise DeviceTrouble(part, State.TIMEOUT if is_late else State.UNPLUGGED) from error
        return self._read(part, nonce, told, signature)

    def _read(self, part: KioskPart, nonce: str, told: bytes, signature: str) -> dict[str, Any]:
        """Only an answer to this very request is believed."""
        if len(told) > LARGEST_ANSWER or not hmac.compare_digest(
            sign(self.key, nonce.encode(), told), signature
        ):
            raise DeviceTrouble(part, State.FAILED)
        try:
            answer = json.loads(told)
            state = State(answer["state"])
        except (ValueError, KeyError, TypeError) as error:
            raise DeviceTrouble(part, State.FAILED) from error
        if state != State.READY:
            raise DeviceTrouble(part, state)
        return dict(answer)


class AgentCardReader:
    """身份证读卡器 of a terminal."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def read(self) -> Card:
        """The card that lies on it."""
        answer = self.agent.ask(KioskPart.CARD_READER, "card/read")
        try:
            return Card(str(answer["name"])[:100], str(answer["id_number"])[:18])
        except KeyError as error:
            raise DeviceTrouble(KioskPart.CARD_READER, State.FAILED) from error


class AgentPrinter:
    """A printer of a terminal."""

    def __init__(self, agent: Agent, part: KioskPart, act: str) -> None:
        self.agent, self.part, self.act = agent, part, act

    def print(self, pdf: bytes) -> None:
        """Print all pages; the same job twice prints once, by its number."""
        job = hashlib.sha256(pdf + secrets.token_bytes(8)).hexdigest()[:32]
        self.agent.ask(self.part, self.act, job=job, pdf=base64.b64encode(pdf).decode())


class AgentScanner:
    """高拍仪 of a terminal."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def scan(self) -> Page:
        """What lies under the camera."""
        answer = self.agent.ask(KioskPart.SCANNER, "scan")
        try:
            content = base64.b64decode(answer["content"], validate=True)
            suffix = SUFFIXES[answer["media_type"]]
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise DeviceTrouble(KioskPart.SCANNER, State.FAILED) from error
        return Page(content, f"高拍仪拍摄{secrets.token_hex(3)}.{suffix}")


class AgentDevices:
    """The peripherals of one terminal."""

    is_demo = False

    def __init__(self, agent: Agent, parts: list[str]) -> None:
        self.agent, self.parts = agent, parts

    def _check(self, part: KioskPart) -> None:
        if part not in self.parts:
            raise DeviceTrouble(part, State.UNPLUGGED)

    def card_reader(self) -> AgentCardReader:
        """身份证读卡器."""
        self._check(KioskPart.CARD_READER)
        return AgentCardReader(self.agent)

    def slip_printer(self) -> AgentPrinter:
        """小票打印机."""
        self._check(KioskPart.SLIP_PRINTER)
        return AgentPrinter(self.agent, KioskPart.SLIP_PRINTER, "slip/print")

    def a4_printer(self) -> AgentPrinter:
        """A4 打印机."""
        self._check(KioskPart.A4_PRINTER)
        return AgentPrinter(self.agent, KioskPart.A4_PRINTER, "a4/print")

    def scanner(self) -> AgentScanner:
        """高拍仪."""
        self._check(KioskPart.SCANNER)
        return AgentScanner(self.agent)

    def states(self) -> dict[KioskPart, State]:
        """What the program says of each; all unplugged where it does not answer."""
        found = dict.fromkeys(KioskPart, State.UNPLUGGED)
        try:
            told = self.agent.ask(KioskPart.CARD_READER, "states").get("parts", {})
        except DeviceTrouble as trouble:
            return found | {KioskPart(part): trouble.state for part in self.parts}
        for part in self.parts:
            said = told.get(part, "") if isinstance(told, dict) else ""
            found[KioskPart(part)] = State(said) if said in STATES else State.FAILED
        return found
