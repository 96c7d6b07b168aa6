"""The demonstration's counterpart (演示): one small server that answers for every data source of the model city.

It speaks the contract of docs/howto/connect-a-data-source.md, knows the demo cast and nobody else, and can be told to
fail, lag, lie, answer for another person, answer garbage, replay or flip, so that all of this can be shown and tested.
"""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, Final

import yaml

from yueban.kernel.data_share import (
    LONGEST,
    NONCE,
    SIGNATURE,
    ContractBroken,
    Result,
    answer_body,
    mark_of,
    read_question,
    sign_answer,
)

BEHAVE: Final = "/_behave"
BEHAVIOURS: Final = (
    "well",
    "fail",
    "refuse",
    "lag",
    "lie",
    "flip",
    "forge",
    "other_person",
    "garbage",
    "replay",
)
OTHER: Final = {
    Result.CONFORMS: Result.DEVIATES,
    Result.DEVIATES: Result.CONFORMS,
    Result.NOT_FOUND: Result.CONFORMS,
}
SOMEBODY_ELSE: Final = "999999190001010000"


@dataclass
class Book:
    """Whom the sources know, what they say of whom, and how each was told to behave."""

    secret: bytes
    known: frozenset[str] = frozenset()
    said: Mapping[tuple[str, str], Result] = field(default_factory=dict)
    behaviours: dict[str, tuple[str, float]] = field(default_factory=dict)
    last: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def behave(self, source: str, how: str, seconds: float = 0.0) -> None:
        """Tell one source how to behave from now on; `*` tells all."""
        if how not in BEHAVIOURS:
            raise ValueError(how)
        with self.lock:
            if source == "*":
                self.behaviours.clear()
            self.behaviours[source] = (how, seconds)

    def behaviour_of(self, source: str) -> tuple[str, float]:
        """How it behaves, and for how long it lags."""
        return self.behaviours.get(source) or self.behaviours.get("*") or ("well", 0.0)

    def truth(self, source: str, id_number: str) -> Result:
        """What the register really holds: those it knows conform unless it is said otherwise."""
        default = Result.CONFORMS if id_number in self.known else Result.NOT_FOUND
        return self.said.get((source, id_number), default)

    def is_new(self, nonce: str) -> bool:
        """Whether this question was never sent before."""
        with self.lock:
            if nonce in self.nonces:
                return False
            self.nonces.add(nonce)
            return True

    def turn(self, source: str) -> int:
        """How often it was asked before."""
        with self.lock:
            self.turns[source] = self.turns.get(source, 0) + 1
            return self.turns[source] - 1


def read_book(cast: Path, secret: str) -> Book:
    """The demo cast as the sources know it; ``source_answers`` of the file says where a source says otherwise."""
    pack = yaml.safe_load(cast.read_text(encoding="utf-8")) if cast.exists() else {}
    numbers = {row["key"]: str(row["id_number"]) for row in pack.get("parties", ())}
    said = {
        (row["source"], numbers[row["party"]]): Result(row["result"])
        for row in pack.get("source_answers", ())
    }
    return Book(secret.encode(), frozenset(numbers.values()), said)


def answer_to(book: Book, source: str, question: Mapping[str, Any], nonce: str) -> tuple[str, bytes]:
    """The signature and the body of an answer, as the source was told to behave."""
    how, seconds = book.behaviour_of(source)
    if how == "lag":
        time.sleep(seconds)
    if how == "replay" and source in book.last:
        return book.last[source]
    subject, request = question["subject"], str(question["request"])
    result = book.truth(source, str(subject["id_number"]))
    if how == "lie" or (how == "flip" and book.turn(source) % 2):
        result = OTHER[result]
    about = SOMEBODY_ELSE if how == "other_person" else str(subject["id_number"])
    mark = mark_of(book.secret, request, str(subject["id_kind"]), about)
    facts = {"说明": "演示数据"}
    body = answer_body(request=request, nonce=nonce, mark=mark, result=result, facts=facts)
    secret = b"somebody else's" if how == "forge" else book.secret
    signed = (sign_answer(secret, request=request, nonce=nonce, mark=mark, body=body), body)
    book.last[source] = signed
    return signed


class Counterpart(ThreadingHTTPServer):
    """The server of all sources; `url` + `/` + a source's key is its address."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, book: Book, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.book = book

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:
        """Who asked has gone: nobody is there to be told."""


class _Handler(BaseHTTPRequestHandler):
    server: Counterpart
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "yueban-demo-sources"

    def do_GET(self) -> None:
        """What this is."""
        self._send(
            HTTPStatus.OK, "越办数据共享接口的演示对端（演示）。".encode(), "text/plain; charset=utf-8"
        )

    def do_POST(self) -> None:
        """A question, or how a source is to behave."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST))
        if self.path == BEHAVE:
            self._behave(body)
            return
        source = self.path.strip("/")
        book = self.server.book
        try:
            question = read_question(book.secret, self._headers(), body, now=int(time.time()))
        except ContractBroken as broken:
            self._send(HTTPStatus.UNAUTHORIZED, json.dumps({"fault": broken.fault}).encode())
            return
        nonce = self.headers.get(NONCE, "")
        if not book.is_new(nonce):
            self._send(HTTPStatus.CONFLICT, b'{"fault": "replayed"}')
            return
        self._answer(source, question, nonce)

    def _answer(self, source: str, question: Mapping[str, Any], nonce: str) -> None:
        how, _ = self.server.book.behaviour_of(source)
        if how == "fail":
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, b"{}")
        elif how == "refuse":
            self._send(HTTPStatus.FORBIDDEN, b"{}")
        elif how == "garbage":
            self._send(HTTPStatus.OK, b"<html>\xff\xfe" + b"?" * 64)
        else:
            signature, said = answer_to(self.server.book, source, question, nonce)
            self._send(HTTPStatus.OK, said, signature=signature)

    def _behave(self, body: bytes) -> None:
        try:
            told = json.loads(body)
            self.server.book.behave(str(told["source"]), str(told["how"]), float(told.get("seconds", 0)))
        except (ValueError, KeyError, TypeError):
            self._send(HTTPStatus.BAD_REQUEST, b"{}")
            return
        self._send(HTTPStatus.OK, b"{}")

    def _headers(self) -> dict[str, str]:
        return dict(self.headers.items())

    def _send(
        self, status: HTTPStatus, body: bytes, kind: str = "application/json", *, signature: str = ""
    ) -> None:
        with suppress(OSError):  # who asked did not wait
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if signature:
                self.send_header(SIGNATURE, signature)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: a line would say who was asked about."""
