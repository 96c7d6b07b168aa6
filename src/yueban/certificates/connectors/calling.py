"""Asking a source over HTTP: signed, within its time, a few tries, never following it elsewhere; never raises."""

import contextlib
import http.client
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from yueban.certificates.connectors.breaker import BREAKER, Breaker
from yueban.kernel.data_share import (
    LONGEST,
    PASSING,
    SIGNATURE,
    Answer,
    ContractBroken,
    Fault,
    Question,
    headers_of,
    read_answer,
)

PAUSE_SECONDS = 0.1
LATER = frozenset({408, 425, 429})
SERVER_FAULT = 500
AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came of asking: an answer, or the fault; how often and how long was tried."""

    answer: Answer | None = None
    fault: Fault | None = None
    tries: int = 0
    ms: int = 0


class Connector(Protocol):
    """What every way to a source can do."""

    @property
    def key(self) -> str:
        """Its name."""

    def ask(self, question: Question) -> Reply:
        """Ask; what goes wrong stands in the reply."""


@dataclass(frozen=True, kw_only=True)
class HttpConnector:
    """A source at an address."""

    key: str
    url: str
    secret: bytes
    seconds: float = 2.0
    tries: int = 2
    breaker: Breaker = field(default_factory=lambda: BREAKER)
    sleep: Callable[[float], None] = time.sleep

    def ask(self, question: Question) -> Reply:
        """Ask until there is an answer, a fault that stays, or no try left."""
        started = time.monotonic()
        fault: Fault | None = Fault.RESTING
        turn = 0
        while turn < self.tries and self.breaker.may_call(self.key):
            if turn:
                self.sleep(PAUSE_SECONDS * turn)
            turn += 1
            try:
                answer = self._ask_once(question)
            except ContractBroken as broken:
                fault = broken.fault
                self.breaker.tell(self.key, is_well=False)
                if fault not in PASSING:
                    break
            else:
                self.breaker.tell(self.key, is_well=True)
                return Reply(answer=answer, tries=turn, ms=_since(started))
        return Reply(fault=fault, tries=turn, ms=_since(started))

    def _ask_once(self, question: Question) -> Answer:
        nonce, body = secrets.token_hex(16), question.to_json()
        headers = headers_of(self.secret, moment=int(time.time()), nonce=nonce, body=body)
        status, signature, said = self._exchange(body, headers)
        if status >= SERVER_FAULT or status in LATER:
            raise ContractBroken(Fault.ILL, f"HTTP {status}")
        if status != http.client.OK:
            raise ContractBroken(Fault.REFUSED, f"HTTP {status}")
        return read_answer(self.secret, question, nonce, signature, said)

    def _exchange(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        parts = urlsplit(self.url)
        path = parts.path or "/"
        try:
            with _connected(parts.scheme, parts.hostname or "", parts.port, self.seconds) as line:
                line.request("POST", path, body, headers)
                response = line.getresponse()
                return response.status, response.headers.get(SIGNATURE, ""), response.read(LONGEST + 1)
        except TimeoutError as error:
            raise ContractBroken(Fault.TIMEOUT) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise ContractBroken(Fault.UNREACHABLE) from error


@contextlib.contextmanager
def _connected(
    scheme: str, host: str, port: int | None, seconds: float
) -> Iterator[http.client.HTTPConnection]:
    """A connection that lasts so long in all: who drips a byte a second never lets one read run out of time."""
    line: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        if scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=seconds)
    )
    is_over = threading.Event()
    watchdog = threading.Timer(seconds, _cut, [line, is_over])
    watchdog.daemon = True
    watchdog.start()
    try:
        yield line
    except (OSError, ValueError, http.client.HTTPException) as error:
        if is_over.is_set():
            raise TimeoutError from error
        raise
    finally:
        watchdog.cancel()
        line.close()


def _cut(line: http.client.HTTPConnection, is_over: threading.Event) -> None:
    is_over.set()
    if line.sock is not None:
        with contextlib.suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def ask_all(pairs: Sequence[tuple[Connector, Question]]) -> list[Reply]:
    """Ask several sources side by side; the replies in the order of the questions."""
    if len(pairs) < 2:
        return [connector.ask(question) for connector, question in pairs]
    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(pairs))) as pool:
        return list(pool.map(lambda pair: pair[0].ask(pair[1]), pairs))
