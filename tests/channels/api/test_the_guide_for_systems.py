"""What docs/howto/connect-a-system.md gives to copy works as it stands: its programs run against the live site."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests import partners, people
from yueban.cases.models import Case
from yueban.webhooks.sending import sign

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "connect-a-system.md"
PLACEHOLDERS = 'API, KEY = "https://www.example.gov.cn/api/v1", "yb_…"'


def blocks(language: str) -> list[str]:
    """The pieces of the guide in a language, in their order."""
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def program(containing: str, **given: str) -> dict[str, Any]:
    """The one program of the guide that defines this, run as it stands but for address and key."""
    (source,) = [block for block in blocks("python") if containing in block]
    if given:
        assert PLACEHOLDERS in source
        source = source.replace(PLACEHOLDERS, "")
    names: dict[str, Any] = dict(given)
    exec(compile(source, str(GUIDE), "exec"), names)
    return names


@pytest.mark.django_db(transaction=True)
def test_its_program_hands_an_application_in_and_twice_makes_no_second_case(site):
    system = partners.system()
    guide = program("def hand_in", API=f"{site}/api/v1", KEY=system.secret)
    (example,) = [json.loads(block) for block in blocks("json") if '"applicant"' in block]
    application = partners.APPLICATION | {name: example[name] for name in example if name != "form"}
    number = guide["hand_in"](application, _Files(), "order-1001")
    assert Case.objects.get().number == number
    # The answer was lost: the same commands again change nothing.
    begun = guide["ask"]("POST", "/applications", application, command="order-1001")
    again = guide["ask"]("POST", f"/applications/{begun['number']}/submit", {}, command="order-1001-submit")
    assert (again["number"], Case.objects.count()) == (number, 1)
    assert guide["ask"]("GET", f"/cases/{number}")["number"] == number


class _Files(dict[str, tuple[str, bytes]]):
    """A file for whatever material is asked for."""

    def __missing__(self, material: str) -> tuple[str, bytes]:
        return f"{material}.pdf", people.PDF + material.encode()


@pytest.mark.django_db(transaction=True)
def test_its_program_raises_the_hint_of_a_refusal(site):
    guide = program("def hand_in", API=f"{site}/api/v1", KEY="yb_nothing_like_it")
    with pytest.raises(RuntimeError, match=r"^401 "):
        guide["ask"]("GET", "/cases/33060220261123000000015")


def test_its_program_believes_what_we_sign_and_nothing_else():
    is_ours = program("def is_ours")["is_ours"]
    body, now = b'{"id": "1"}', int(time.time())
    assert is_ours("secret", sign("secret", now, body), body)
    assert not is_ours("secret", sign("secret", now, body), body + b" ")
    assert not is_ours("secret", sign("another", now, body), body)
    assert not is_ours("secret", sign("secret", now - 400, body), body)


def test_every_program_of_the_guide_is_run_here():
    assert [
        next(name for name in ("hand_in", "is_ours") if f"def {name}" in block) for block in blocks("python")
    ] == [
        "hand_in",
        "is_ours",
    ]
