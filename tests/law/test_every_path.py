"""Every way through the questions of every item of the city ends in something a person can use."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.law.test_examples import BOOKS, compiled_of
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.compiled import Compiled
from yueban.expressions import Truth

pytestmark = pytest.mark.django_db
PATHS_LOOKED_AT = 2000


def ways_through(compiled: Compiled) -> Iterator[dict[str, Any]]:
    """The answers of each path from the first question to an outcome."""
    open_: list[dict[str, Any]] = [{}]
    found = 0
    while open_ and found < PATHS_LOOKED_AT:
        answers = open_.pop()
        path = catalogue.walk(compiled, answers)
        if path.question is None:
            found += 1
            yield answers
        else:
            options = path.question.options
            open_ += [{**answers, path.question.key: option.value} for option in options]


@pytest.mark.parametrize("stem", BOOKS)
def test_every_path_ends_and_says_what_to_do(stem):
    compiled = compiled_of(BOOKS[stem])
    for answers in ways_through(compiled):
        path = catalogue.walk(compiled, answers)
        assert path.outcome is not None
        if path.outcome.kind == "proceed":
            planned = catalogue.plan_materials(compiled, path.facts)
            assert {one.need for one in planned} <= {Truth.TRUE}, answers
            assert catalogue.applicable_sections(compiled, path.facts), answers
        else:
            assert len(path.outcome.message or "") >= 10, answers


@pytest.mark.parametrize("stem", BOOKS)
def test_every_outcome_has_an_example(stem):
    compiled = compiled_of(BOOKS[stem])
    reached = {
        outcome.key
        for example in BOOKS[stem]["examples"]
        if (outcome := catalogue.walk(compiled, example["answers"]).outcome) is not None
    }
    assert reached >= set(compiled.situations.outcomes)
