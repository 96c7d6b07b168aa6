"""A server that streams as a language model does, and misbehaves as a test tells it to."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DONE = b"data: [DONE]\n\n"
LONGEST_WAIT = 20


@dataclass
class Served:
    """Where it listens, what it was asked, and how many it served at once."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)


class Line:
    """One answer while it is written."""

    def __init__(self, handler: BaseHTTPRequestHandler, served: Served) -> None:
        self.handler, self.served = handler, served

    def start(self, status: int = 200) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def raw(self, content: bytes) -> None:
        self.handler.wfile.write(content)
        self.handler.wfile.flush()

    def say(self, text: str, size: int = 3) -> None:
        for place in range(0, len(text), size):
            delta = {"choices": [{"index": 0, "delta": {"content": text[place : place + size]}}]}
            self.raw(b"data: " + json.dumps(delta).encode() + b"\n\n")

    def hang(self) -> None:
        self.served.let_go.wait(LONGEST_WAIT)

    def close(self) -> None:
        with suppress(OSError):
            self.handler.connection.shutdown(socket.SHUT_RDWR)


Script = Callable[[Line], None]


def good(text: str) -> Script:
    """The whole text and the end."""

    def write(line: Line) -> None:
        line.start()
        line.raw(b": ping\n\n")
        line.say(text)
        line.raw(b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n' + DONE)

    return write


def then(text: str, rest: Callable[[Line], None]) -> Script:
    """The text, and then something else."""

    def write(line: Line) -> None:
        line.start()
        line.say(text)
        rest(line)

    return write


def refuse(status: int) -> Script:
    """Nothing but a status."""
    return lambda line: line.start(status)


def stall(line: Line) -> None:
    line.hang()


def stall_before_the_answer(line: Line) -> None:
    line.hang()


def stall_before_the_first_token(line: Line) -> None:
    line.start()
    line.hang()


def drip_headers(line: Line) -> None:
    line.raw(b"HTTP/1.1 200 OK\r\n")
    for _ in range(200):
        if line.served.let_go.wait(0.05):
            return
        line.raw(b"X-A: b\r\n")


def rubbish(line: Line) -> None:
    line.raw(bytes(range(256)) * 8 + b"\n")


def half_json(line: Line) -> None:
    line.raw(b'data: {"choices": [{"delta": {"con\n\n' + DONE)


def not_utf8(line: Line) -> None:
    line.raw(b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n' + DONE)


def wrong_shape(line: Line) -> None:
    line.raw(b'data: {"choices": [{"delta": {"content": 5}}]}\n\n' + DONE)


def fault_in_stream(line: Line) -> None:
    line.raw(b'data: {"error": {"message": "overloaded"}}\n\n')


def endless_pings(line: Line) -> None:
    while not line.served.let_go.is_set():
        line.raw(b": ping\n\n")
        time.sleep(0.01)


def endless_text(line: Line) -> None:
    while not line.served.let_go.is_set():
        line.say("啊" * 300, size=300)


def endless_line(line: Line) -> None:
    while not line.served.let_go.is_set():
        line.raw(b"data: " + b"x" * 65536)


def close(line: Line) -> None:
    line.close()


def end(line: Line) -> None:
    """Nothing more, and no [DONE]."""


@contextmanager
def scripted(*scripts: Script) -> Iterator[Served]:
    """Listen until the block ends; each request takes the next script, the last one stays."""
    served, rest = Served(), list(scripts)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            served.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            served.keys.append(self.headers.get("Authorization"))
            script = rest.pop(0) if len(rest) > 1 else rest[0]
            with suppress(OSError, ValueError):
                script(Line(self, served))
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # a client that hangs up is what many tests want
    served.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        served.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


def sentences(*cited: Sequence[Any]) -> str:
    """Sentences with their numbers, as the model is asked to write them."""
    return "".join(f"{text}[{number}]。" for text, number in cited)
