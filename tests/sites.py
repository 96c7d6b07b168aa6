"""The real site on a free port, in threads of the test's process, so that a test can set its clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections


@dataclass(frozen=True)
class Site:
    """A running site; `url` has no slash at its end."""

    url: str

    def __str__(self) -> str:
        return self.url


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""


class _Server(ThreadedWSGIServer):
    daemon_threads = False
    block_on_close = True

    def process_request_thread(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """Give the thread's database connection back when it ends."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()

    def handle_error(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """A browser that goes away in the middle is no error of ours."""


@contextmanager
def serve_site() -> Iterator[Site]:
    """Serve until the block ends."""
    server = _Server(("127.0.0.1", 0), _Quiet, connections_override=None)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="site")
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
