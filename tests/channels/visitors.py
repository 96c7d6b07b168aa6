"""People of the cast in front of a browser: Django's test client, signed in."""

import re

from django.test import Client

from yueban.accounts.models import User


def visitor(username: str | None) -> Client:
    """A browser in which this person has signed in; None is nobody."""
    client = Client()
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def hidden(page: bytes | str, name: str, *, form: str = "") -> str:
    """The value of a hidden field, of the first form, or the first after a text."""
    text = page.decode() if isinstance(page, bytes) else page
    text = text[text.index(form) :] if form else text
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', text)
    assert found, f"no field {name}"
    return found[1]


def content_of(response) -> bytes:
    """The bytes of a response, a streamed one read to its end: that is what closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content
