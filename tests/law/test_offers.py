"""Each offer against its test enterprises; how they are written is in offers/README.md."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from yueban.elements.selectors import Dictionary
from yueban.elements.services import ElementsFile
from yueban.expressions import ABSENT, Truth, Vocabulary, check, evaluate, parse
from yueban.expressions.function import Function, generate
from yueban.flows.city_parts import Gathered, read_parts
from yueban.policies.amounts import Computed, Paid, compute
from yueban.policies.standard import OfferStandard

CITY = Path(__file__).parents[2] / "cities" / "shaoxing"
HERE = Path(__file__).parent / "offers"
ON = date(2026, 11, 23)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)


def without_quotes(content: dict[str, Any]) -> dict[str, Any]:
    """The offer without the words it quotes; their places are found when the pack is loaded."""
    benefits = [
        {key: value for key, value in one.items() if key != "words_text"} for one in content["benefits"]
    ]
    return {key: value for key, value in content.items() if key != "words_text"} | {"benefits": benefits}


WRITTEN = {path.stem: read(path) for path in sorted(CITY.glob("policies/*/offers/*.yaml"))}
OFFERS = {key: OfferStandard.model_validate(without_quotes(one)) for key, one in WRITTEN.items()}
BOOKS = {path.stem: read(path) for path in sorted(HERE.glob("*.yaml"))}
MORE = [(key, one["name"]) for key, book in BOOKS.items() for one in book.get("more", [])]


@cache
def elements() -> Gathered:
    return read_parts(CITY, "elements", ("elements", "code_lists", "canonical_materials"))


@cache
def vocabulary() -> Vocabulary:
    assert not elements().problems
    file = ElementsFile.model_validate(elements().content)
    return Dictionary.of(file.elements, file.code_lists, file.canonical_materials).vocabulary


@cache
def judge(key: str) -> Function:
    return generate({key: parse(OFFERS[key].conditions)}, on=ON, vocabulary=vocabulary())


def named(fact: str) -> str:
    return fact if "." in fact else f"enterprise.{fact}"


def enterprise(key: str, but: dict[str, Any] | None = None, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The enterprise that fits, with what this one has otherwise and without what nobody knows of it."""
    facts = {**BOOKS[key]["positive"]["facts"], **(but or {})}
    return {
        named(fact): ABSENT if value == {"absent": True} else value
        for fact, value in facts.items()
        if fact not in without
    }


def value(key: str, facts: dict[str, Any]) -> tuple[Truth, set[str]]:
    """What the rule comes to, and what is missing; asked twice, by evaluation and by the generated function."""
    outcome = evaluate(parse(OFFERS[key].conditions), facts, on=ON, vocabulary=vocabulary())
    assert judge(key)(facts)[key] is outcome.value
    return outcome.value, set(outcome.missing)


def given(key: str, facts: dict[str, Any], example: dict[str, Any]) -> Computed:
    paid = [Paid(**one | {"amount": Decimal(str(one["amount"]))}) for one in example.get("paid", [])]
    return compute(
        OFFERS[key],
        facts,
        on=ON,
        vocabulary=vocabulary(),
        paid=paid,
        project=example.get("project", paid[0].project if paid else ""),
    )


def assert_given(key: str, facts: dict[str, Any], example: dict[str, Any]) -> None:
    found = given(key, facts, example)
    assert found.amount == Decimal(str(example["amount"])), [line.text for line in found.workings]
    assert found.most == (Decimal(str(example["most"])) if "most" in example else None)
    assert example["working"], "金额要写明怎样算出来"


def test_every_offer_has_its_enterprises():
    assert set(BOOKS) == set(OFFERS)
    assert all(stem == book["offer"] for stem, book in BOOKS.items())


@pytest.mark.parametrize("key", OFFERS)
def test_the_rules_of_an_offer_speak_of_facts_and_codes_that_there_are(key):
    offer = OFFERS[key]
    rules = [offer.conditions, *(one.when for one in offer.benefits if one.when is not None)]
    assert [problem for rule in rules for problem in check(parse(rule), vocabulary())] == []
    for element in (getattr(one.gives, "of", None) for one in offer.benefits):
        assert element is None or vocabulary()[element].type in {"money", "integer", "decimal"}


@pytest.mark.parametrize("key", BOOKS)
def test_the_enterprise_that_fits_is_given_what_was_worked_out_by_hand(key):
    example = BOOKS[key]["positive"]
    facts = enterprise(key)
    assert value(key, facts) == (Truth.TRUE, set())
    assert_given(key, facts, example)


@pytest.mark.parametrize("key", BOOKS)
def test_the_enterprise_that_does_not_fit_is_refused(key):
    assert value(key, enterprise(key, BOOKS[key]["negative"]["but"]))[0] is Truth.FALSE


@pytest.mark.parametrize("key", BOOKS)
def test_what_nobody_knows_is_neither_given_nor_refused_and_is_named(key):
    stated = BOOKS[key]["unknown"]
    found, missing = value(key, enterprise(key, without=tuple(stated["without"])))
    assert found is Truth.UNKNOWN
    assert missing == {named(fact) for fact in stated.get("missing", stated["without"])}


@pytest.mark.parametrize(("key", "name"), MORE)
def test_further_cases_come_to_what_was_worked_out_by_hand(key, name):
    example = next(one for one in BOOKS[key]["more"] if one["name"] == name)
    facts = enterprise(key, example.get("but"))
    assert value(key, facts)[0] is Truth.TRUE
    assert_given(key, facts, example)
