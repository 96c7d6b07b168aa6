"""Example cases of a demo: each carried by the cast through the real flows to one step, so that no inbox is empty."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.cases import selectors as cases
from yueban.cases.models import Case
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.flows import apply, assist, review
from yueban.flows.demo_cast import actor_named
from yueban.flows.load_item_examples import carry_item_examples
from yueban.flows.load_oversight_examples import carry_asked_again, carry_supervision, load_pack
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.parties.choices import MandateWay, Power

Examples = Mapping[str, Any]


def load_examples(path: Path) -> int:
    """Make the example cases of the pack unless there are cases already; returns how many were made."""
    if not settings.YUEBAN_DEMO:
        raise NotAllowed("演示办件只能装进演示环境。", hint="正式环境请不要装载演示办件。")
    pack = _examples(path)
    if not pack or cases.has_any():
        return 0
    made = carry_examples(path, pack["cases"]) + carry_village_examples(path)
    carry_item_examples(path)
    return made + _carry_supervised(path, pack)


def _carry_supervised(path: Path, pack: Examples) -> int:
    """One more case, of which a rule finds something; then the rules look through all examples."""
    supervised = load_pack(path)
    if not supervised:
        return 0
    case = _submit(pack, actor_named(supervised["username"]), path / "samples")
    _receive(pack, case)
    _ask(pack, case)
    carry_asked_again(supervised, case, path / "samples")
    carry_supervision(supervised)
    return 1


def carry_examples(path: Path, rows: Sequence[Mapping[str, str]]) -> int:
    """Carry one case for each row (`username`, `until`) with the pack's words; returns how many were made."""
    pack = _examples(path)
    for row in rows:
        _carry(pack, row, path / "samples")
    return len(rows)


def carry_village_examples(path: Path) -> int:
    """Carry the cases in which a helper applies for villagers on their mandates; returns how many were made."""
    pack = _examples(path, "village_examples")
    for row in pack.get("cases", ()):
        _carry_for_villager(pack, row, path / "samples")
    return len(pack.get("cases", ()))


def _carry_for_villager(pack: Examples, row: Mapping[str, str], samples: Path) -> None:
    helper, names = actor_named(pack["helper"]), pack["people"]
    person = assist.get_person(helper, row["person"])
    version = catalogue.get_published(pack["item"], person.division_code)
    number = assist.begin(helper, person.number, version.pk, pack["answers"]).number
    filling = assist.draft_actor(helper, number)
    apply.save_draft(filling, number, {**_known(filling, number, version), **pack["form"]}, None)
    assist.give_mandate(
        helper,
        number,
        way=MandateWay.PAPER,
        signature=((samples / pack["signature"]).read_bytes(), "授权委托书.pdf"),
        powers=[Power.SUBMIT, Power.SUPPLEMENT, Power.COLLECT],
        ends_on=clock.today() + timedelta(days=180),
    )
    case = assist.submit(helper, number)
    if row["until"] == "notice":
        review.accept(actor_named(names["clerk"]), case.number)
        for username in (names["town"], names["checker"], names["reviewer"]):
            _conform(actor_named(username), case)


def _examples(path: Path, part: str = "examples") -> Examples:
    pack: Examples = yaml.safe_load((path / "cast.yaml").read_text(encoding="utf-8")).get(part) or {}
    return pack


def _carry(pack: Examples, row: Mapping[str, str], samples: Path) -> None:
    case = _submit(pack, actor_named(row["username"]), samples)
    for step, act in STEPS:
        if row["until"] in step:
            act(pack, case)


def _submit(pack: Examples, person: Actor, samples: Path) -> Case:
    version = catalogue.get_published(pack["item"], pack["division"])
    party = next(party for party in person.parties if party.kind == "enterprise")
    application = apply.start(person, version.pk, pack["answers"], party.id)
    filled = _known(person, application.number, version)
    apply.save_draft(person, application.number, {**filled, **pack["form"]}, None)
    for material in apply.check(person, application.number).materials:
        if material.is_missing:
            name = pack["files"][material.key]
            content = io.BytesIO((samples / name).read_bytes())
            apply.attach_file(person, application.number, material.key, content, f"{material.name}.pdf"[:60])
    return apply.submit(person, application.number)


def _known(actor: Actor, number: str, version: ItemVersion) -> dict[str, object]:
    """What the form would be prefilled with."""
    fields = {f.element for s in version.compiled.form.sections if s.repeat is None for f in s.fields}
    known = apply.prefill(actor, number)
    return {code: fact.value for code, fact in known.items() if code in fields}


def _receive(pack: Examples, case: Case) -> None:
    review.receive(actor_named(pack["people"]["clerk"]), case.number)


def _ask(pack: Examples, case: Case) -> None:
    review.request_supplement(actor_named(pack["people"]["clerk"]), case.number, [dict(pack["supplement"])])


def _accept(pack: Examples, case: Case) -> None:
    review.accept(actor_named(pack["people"]["clerk"]), case.number)


def _review(pack: Examples, case: Case) -> None:
    for username in (*pack["people"]["checkers"], pack["people"]["reviewer"]):
        _conform(actor_named(username), case)


def _conform(actor: Actor, case: Case) -> None:
    """Finish the actor's review or check of the case: all is as it should be."""
    tasks = approvals.inbox(actor).filter(reference_number=case.number)
    for task in tasks.filter(kind__in=[TaskKind.CHECK, TaskKind.REVIEW]):
        answers: list[dict[str, object]] = [
            {"check": text, "answer": "conforms", "note": ""} for text in task.checks
        ]
        review.finish_task(
            actor, task.pk, outcome=TaskOutcome.CONFORMS, opinion="经核对，情况属实。", answers=answers
        )


def _grant(pack: Examples, case: Case) -> None:
    review.decide(actor_named(pack["people"]["decider"]), case.number, is_granted=True)


# Each act, and the examples that go as far as it.
STEPS: tuple[tuple[frozenset[str], Callable[[Examples, Case], None]], ...] = (
    (frozenset({"supplementing", "accepted", "granted"}), _receive),
    (frozenset({"supplementing"}), _ask),
    (frozenset({"accepted", "granted"}), _accept),
    (frozenset({"granted"}), _review),
    (frozenset({"granted"}), _grant),
)
