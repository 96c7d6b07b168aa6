"""Example entries of supervision in a demo: turns of cases that a rule really finds, asked about and answered."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from yueban.cases.models import Case
from yueban.flows import review, supervise, supplement
from yueban.flows.demo_cast import actor_named
from yueban.kernel.actor import Actor
from yueban.oversight import selectors as oversight
from yueban.oversight.choices import EntryState, Rule

Pack = Mapping[str, Any]


def load_pack(path: Path) -> Pack:
    """What the pack tells of supervision; empty where it tells nothing."""
    pack: Pack = (
        yaml.safe_load((path / "cast.yaml").read_text(encoding="utf-8")).get("oversight_examples") or {}
    )
    return pack


def carry_asked_again(pack: Pack, case: Case, samples: Path) -> None:
    """A case that was asked to be completed is completed, and the window asks once more by leave of the supervisor."""
    owner, clerk = actor_named(pack["username"]), actor_named(pack["clerk"])
    content = io.BytesIO((samples / pack["file"]).read_bytes())
    supplement.attach(owner, case.number, pack["again"]["material"], content, pack["file"])
    supplement.supply(owner, case.number)
    review.allow_supplement(actor_named(pack["supervisor"]), case.number, pack["allowed"])
    review.request_supplement(clerk, case.number, [dict(pack["again"])])


def carry_supervision(pack: Pack) -> int:
    """Let the rules look, ask about what they found of a second notice, and have it answered; returns the entries."""
    found = sum(supervise.run_rules().values())
    supervisor = actor_named(pack["supervisor"])
    for entry in _second_notices(supervisor):
        supervise.ask(supervisor, entry, pack["question"])
        supervise.answer(actor_named(pack["answerer"]), entry, pack["answer"])
    return found


def _second_notices(supervisor: Actor) -> list[str]:
    rows = oversight.entries_visible_to(supervisor).filter(rule=Rule.ASKED_AGAIN, state=EntryState.OPEN)
    return list(rows.order_by("pk").values_list("number", flat=True))
