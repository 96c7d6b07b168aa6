"""A browser, or a program with a key, in front of the site inside this process; no server, no socket."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from yueban.accounts.models import User
from yueban.commands.parity.markup import Node
from yueban.commands.parity.pages import page_of
from yueban.commands.parity.reading import PageUnread

HOST = "localhost"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    address: str
    status: int
    location: str
    body: str

    def page(self, *, number: str = "") -> Node:
        """Its main part."""
        return page_of(self.body, number=number)

    def json(self) -> Any:
        """What an API answered."""
        return json.loads(self.body)

    def expect(self, *wanted: int) -> "Answer":
        """Itself; raises PageUnread for any other status."""
        if self.status not in wanted:
            raise PageUnread(f"{self.address} 回答 {self.status}")
        return self


class Visitor(Client):
    """Through all of the site; nothing is kept of what templates were given, as tests would."""

    def request(self, **request: Any) -> Any:
        """One request; the answer's cookies are kept."""
        response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]
        if response.cookies:
            self.cookies.update(response.cookies)
        return response

    def see(self, address: str) -> Answer:
        """A page."""
        return _answer(address, self.get(address, headers={"host": HOST}))

    def send(self, address: str, typed: dict[str, Any]) -> Answer:
        """A form as a browser posts it."""
        body = urlencode(typed, doseq=True)
        kind = "application/x-www-form-urlencoded"
        return _answer(address, self.post(address, body, content_type=kind, headers={"host": HOST}))

    def call(self, address: str, body: object, headers: dict[str, str]) -> Answer:
        """A command of a program."""
        sent = json.dumps(body, ensure_ascii=False)
        response = self.post(
            address, sent, content_type="application/json", headers={"host": HOST, **headers}
        )
        return _answer(address, response)


def visitor(user: User | None = None, **cookies: str) -> Visitor:
    """A fresh browser with these cookies, signed in as somebody."""
    found = Visitor()
    for name, value in cookies.items():
        found.cookies[name] = value
    if user is not None:
        found.force_login(user)
    return found


def _answer(address: str, response: Any) -> Answer:
    return Answer(
        address, response.status_code, response.headers.get("Location", ""), response.content.decode()
    )
