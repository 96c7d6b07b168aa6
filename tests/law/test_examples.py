"""The examples of this folder against the city's published items; how they are written is in README.md."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from yueban.cases.selectors import expected_materials
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled
from yueban.expressions import Truth

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))
# Read when the tests are collected, by every worker: by the library in C where there is one.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BOOKS = {path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) for path in FILES}
EXAMPLES = [(stem, example["name"]) for stem, book in BOOKS.items() for example in book["examples"]]
KEYS = {"name", "answers", "outcome", "says", "points_to", "holds", "hand_in", "spared", "not_asked"}

pytestmark = pytest.mark.django_db


def compiled_of(book: dict[str, Any]) -> Compiled:
    return catalogue.get_published(book["item"], book.get("division")).compiled


def example_of(stem: str, name: str) -> tuple[Compiled, dict[str, Any]]:
    book = BOOKS[stem]
    return compiled_of(book), next(example for example in book["examples"] if example["name"] == name)


def test_every_item_of_the_city_has_its_examples_and_at_least_three():
    published = {version.item.key for version in catalogue.published_items()}
    assert set(BOOKS) == published
    assert all(stem == book["item"] for stem, book in BOOKS.items())
    assert {stem for stem, book in BOOKS.items() if len(book["examples"]) < 3} == set()
    assert {key for book in BOOKS.values() for example in book["examples"] for key in example} <= KEYS


@pytest.mark.parametrize(("stem", "name"), EXAMPLES)
def test_the_answers_lead_where_the_law_says(stem, name):
    compiled, example = example_of(stem, name)
    path = catalogue.walk(compiled, example["answers"])
    assert path.outcome is not None, f"还有问题没有回答：{path.question.key}"
    assert path.outcome.kind == example["outcome"]
    assert set(path.answers) == set(example["answers"]), "每个回答都在路径上"
    words = f"{path.outcome.message}{path.outcome.basis or ''}"
    assert example.get("says", "") in words
    assert example.get("points_to") == path.outcome.item
    if path.outcome.kind != "proceed":
        assert path.outcome.message, "不办也要说明为什么"


@pytest.mark.parametrize(("stem", "name"), EXAMPLES)
def test_the_materials_are_those_the_law_asks_for(stem, name):
    compiled, example = example_of(stem, name)
    if example["outcome"] != "proceed":
        assert not {"hand_in", "spared", "not_asked", "holds"} & set(example)
        return
    facts = catalogue.walk(compiled, example["answers"]).facts
    failed = {material.key: ("promise", "share") for material in compiled.materials}
    held = example.get("holds", [])  # by the applicant, or by the person who applies for it
    planned = catalogue.plan_materials(compiled, facts, held=held, held_by_handler=held, failed=failed)
    assert {one.need for one in planned} == {Truth.TRUE}, "这些回答已足以确定每份材料要不要交"
    keys = {one.material.key: one.is_submitted for one in planned}
    told = [*example.get("hand_in", []), *example.get("spared", [])]
    assert {key for key in told if key not in keys} == set()
    if "hand_in" in example:
        assert {key for key, submitted in keys.items() if submitted} == set(example["hand_in"])
    if "spared" in example:
        assert set(example["spared"]) <= {key for key, submitted in keys.items() if not submitted}
    assert not set(example.get("not_asked", [])) & set(keys)
    assert {one.material.key for one in expected_materials(compiled, facts)} == set(keys)


@pytest.mark.parametrize("stem", BOOKS)
def test_the_clocks_are_those_of_the_legal_basis(stem):
    clocks, stated = compiled_of(BOOKS[stem]).clocks, BOOKS[stem]["clocks"]
    assert clocks.is_deemed_accepted == stated["deemed_acceptance"]
    found = {
        "notice": clocks.notice.amount,
        "statutory": clocks.statutory.amount,
        "promised": clocks.promised.amount,
        "delivery": clocks.delivery.amount if clocks.delivery else None,
    }
    assert {name: found[name] for name in stated if name in found} == {
        name: days for name, days in stated.items() if name in found
    }
    assert (clocks.delivery is not None) == stated["deemed_acceptance"], "视为受理和十日送达都是许可法的规定"
