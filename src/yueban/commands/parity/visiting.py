"""A browser, or a program with a key, in front of the site inside this process; no server, no socket."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler

from yueban.accounts.models import User
from yueban.commands.parity.markup import Node
from yueban.commands.parity.pages import page_of
from yueban.commands.parity.reading import PageUnread
from yueban.flows import identify
from yueban.kernel.actor import Actor

HOST = "localhost"
VISITOR = "yueban.visitor"


class Site(ClientHandler):
    """All of the site but for signing in, which is no part of the proof: it is told who comes."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Let the visitor in as who he is, then answer as to anybody."""
        who: Who | None = request.META[VISITOR]
        if who is not None:
            request._cached_user = who.user  # type: ignore[attr-defined]  # noqa: SLF001 - where request.user looks first
            setattr(request, identify.ATTRIBUTE, who.actor)
            identify.let_in(who.actor)
        return super().get_response(request)


SITE = Site(enforce_csrf_checks=False)


@dataclass(frozen=True)
class Who:
    """Who comes: the actor that the site would have made of his session."""

    user: User
    actor: Actor


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

    def __init__(self, who: Who | None) -> None:
        super().__init__()
        self.who = who

    def request(self, **request: Any) -> Any:
        """One request; the answer's cookies are kept."""
        response = SITE({**self._base_environ(**request), VISITOR: self.who})  # type: ignore[attr-defined]
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


def visitor(who: Who | None = None, **cookies: str) -> Visitor:
    """A fresh browser with these cookies, in front of it somebody or nobody known."""
    found = Visitor(who)
    for name, value in cookies.items():
        found.cookies[name] = value
    return found


def _answer(address: str, response: Any) -> Answer:
    return Answer(
        address, response.status_code, response.headers.get("Location", ""), response.content.decode()
    )
