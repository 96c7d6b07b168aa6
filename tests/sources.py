"""The counterpart of the data sources, on a port of its own, for tests that ask."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from yueban.certificates.connectors.breaker import BREAKER
from yueban.commands.demo_sources import Counterpart, read_book

SECRET = "only-for-tests"


@contextmanager
def counterpart(cast: Path | None = None) -> Iterator[Counterpart]:
    """The demo's sources, answering; the instance knows where and with which secret."""
    BREAKER.forget()
    book = read_book(cast or settings.CITY_DIR / "cast.yaml", SECRET)
    with Counterpart(book) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        told = {
            "YUEBAN_SOURCES_URL": server.url,
            "YUEBAN_CONNECTOR_SECRETS": json.dumps({"demo": SECRET}),
        }
        try:
            with override_settings(**told):
                yield server
        finally:
            server.shutdown()
            thread.join()
            BREAKER.forget()
