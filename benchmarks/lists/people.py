"""A member of the cast at his browser, inside this process."""

import time
from collections.abc import Sequence

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class Person:
    """Signed in as the demo does it; every answer must be a page, not a redirect or an error."""

    def __init__(self, username: str) -> None:
        self._client = Client()
        self._client.post("/sign-in", {"username": username})

    def get(self, address: str) -> bytes:
        """A page's body."""
        answer = self._client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        return answer.content

    def time(self, addresses: Sequence[str]) -> list[float]:
        """The seconds that the server takes for each."""
        seconds = []
        for address in addresses:
            begun = time.perf_counter()
            self.get(address)
            seconds.append(time.perf_counter() - begun)
        return seconds

    def count_queries(self, address: str) -> int:
        """How many statements a page takes."""
        with CaptureQueriesContext(connection) as queries:
            self.get(address)
        return len(queries)

    def first_byte(self, address: str) -> float:
        """The seconds until the first part of a streamed answer; the rest is read and thrown away."""
        begun = time.perf_counter()
        answer = self._client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        parts = iter(answer.streaming_content)
        next(parts)
        first = time.perf_counter() - begun
        for _part in parts:
            pass
        return first
