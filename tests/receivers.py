"""A receiver of events on this machine that can be told how to behave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What it got, and what it answers: a status, or "hang", "drip", "cut"."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    always: int | str = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    open_again: threading.Event = field(default_factory=threading.Event)

    def next_answer(self) -> int | str:
        """The next of `answers`, then `always`."""
        return self.answers.pop(0) if self.answers else self.always


@contextmanager
def receiver(**behaviour: Any) -> Iterator[Receiver]:
    """Listen on a free port until the block ends."""
    here = Receiver(**behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.got.append((dict(self.headers), body))
            match here.next_answer():
                case int(status):
                    self.send_response(status)
                    if 300 <= status < 400:
                        self.send_header("Location", f"{here.url}/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                case "drip":
                    while not here.open_again.wait(0.05):
                        try:
                            self.wfile.write(b"H")
                        except OSError:
                            return
                case "hang":
                    here.open_again.wait(20)
                case _:
                    self.connection.close()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        here.open_again.set()
        server.shutdown()
        server.server_close()
        thread.join()
