"""One person before one long form: what a step asks of the server, and whether the answer is right."""

import re
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from benchmarks.forms import item
from yueban.accounts.selectors import find_demo_user
from yueban.catalogue.models import ItemVersion
from yueban.flows import apply, identify

NAME = re.compile(r'name="(synthetic\.f\d+)"')
WRONG, MESSAGE = 4, "不能超过9999"


class Step:
    """A begun application in a browser in which its person has signed in."""

    def __init__(self, username: str, version: ItemVersion, typed: dict[str, Any]) -> None:
        self._client = Client(headers={"host": "localhost"})
        self._client.post("/sign-in", {"username": username})
        user = find_demo_user(username)
        assert user is not None  # the demo's cast is loaded
        actor = identify.actor_of_user(user.pk, channel="portal")
        party = next(party for party in actor.parties if party.kind == "enterprise")
        number = apply.start(actor, version.pk, {}, party.id).number
        self._page = f"/apply/{number}/"
        self._typed = typed
        apply.save_draft(actor, number, typed, None)
        self.count = len(typed)

    def show(self) -> bool:
        """The page as one comes to it: every field that the answers open."""
        answer = self._client.get(self._page)
        return answer.status_code == 200 and self._fields(answer) == set(self._typed)

    def save(self) -> bool:
        """Saved as one types: all is read, checked and kept; nothing has opened."""
        shape = f"{len(self._typed)}-{sum(map(len, self._typed))}"
        answer = self._post("autosave", {**self._typed, "shape": shape})
        return answer.status_code == 200 and b"synthetic" not in answer.content

    def open(self) -> bool:
        """The same with an answer that closes a part of the form: the whole of it is drawn again."""
        typed = {**self._typed, item.element(0): "false"}
        answer = self._post("autosave", {**typed, "shape": "other"})
        return answer.status_code == 200 and 0 < len(self._fields(answer)) < len(self._typed)

    def refuse(self) -> bool:
        """Sent on with one value that is wrong: the page again, with the one sentence beside its field."""
        typed = {**self._typed, item.element(WRONG): "10000"}
        answer = self._post("", {**typed, "go": "next"})
        text = answer.content.decode()
        return answer.status_code == 422 and text.count('<p class="error">') == text.count(MESSAGE) - 1 == 1

    def _post(self, act: str, typed: dict[str, Any]) -> Any:
        """As browsers post a form without files."""
        body, kind = urlencode(typed, doseq=True), "application/x-www-form-urlencoded"
        return self._client.post(f"{self._page}{act}", body, content_type=kind)

    def _fields(self, answer: Any) -> set[str]:
        return set(NAME.findall(answer.content.decode()))
