"""A server that speaks as a language model does, and says what a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG, BROKEN = "hang", "broken"


@dataclass
class Scripted:
    """What it answers, one after the other (an object, a text, a status, HANG), and what it was asked."""

    answers: list[Any]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)


@contextmanager
def scripted(*answers: Any) -> Iterator[Scripted]:
    """Listen until the block ends."""
    here = Scripted(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.asked.append(json.loads(body) | {"path": self.path})
            here.keys.append(self.headers.get("Authorization"))
            answer = here.answers.pop(0) if len(here.answers) > 1 else here.answers[0]
            if answer == HANG:
                here.let_go.wait(20)
                return
            status = answer if isinstance(answer, int) else 200
            said = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
            content = json.dumps({"choices": [{"message": {"role": "assistant", "content": said}}]}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        here.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
