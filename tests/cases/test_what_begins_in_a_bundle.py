"""What each kind of edge lets begin, read from the rows alone."""

from dataclasses import dataclass

import pytest

from yueban.cases.bundle_rules import settle, waits_for
from yueban.cases.choices import ChildOutcome, ChildState


@dataclass
class Edge:
    kind: str
    source: str
    target: str


@dataclass
class Row:
    child_key: str
    state: str = ChildState.STARTED
    outcome: str = ""
    row: int = 0

    @property
    def name(self) -> str:
        return self.child_key


def begun(rows: list[Row], *edges: Edge) -> list[str]:
    return [row.child_key for row in settle(rows, edges, {}).begin]


def ended(key: str, outcome: str = ChildOutcome.GRANTED) -> Row:
    return Row(key, ChildState.ENDED, outcome)


LAST = (Edge("all_finish", "a", "z"), Edge("all_finish", "b", "z"))


def test_what_comes_last_waits_from_the_beginning():
    assert waits_for(LAST, ["a", "b", "z"])["z"] == ("a", "b")


@pytest.mark.parametrize("outcome", [ChildOutcome.GRANTED, ChildOutcome.REFUSED, ChildOutcome.WITHDRAWN])
def test_what_comes_last_begins_when_all_has_ended_whatever_came_of_it(outcome):
    last = Row("z", ChildState.WAITING)
    assert begun([ended("a", outcome), Row("b"), last], *LAST) == []
    assert begun([ended("a", outcome), ended("b"), last], *LAST) == ["z"]


def test_what_comes_last_waits_for_what_itself_waits():
    rows = [ended("a"), Row("b", ChildState.WAITING), Row("z", ChildState.WAITING)]
    assert begun(rows, *LAST, Edge("approve_start", "c", "b"), Edge("approve_start", "a", "c")) == ["b"]


def test_one_visit_for_two_keeps_neither_waiting():
    edge = Edge("same_visit", "a", "z")
    assert waits_for([edge], ["a", "z"])["z"] == ()
    assert begun([Row("a"), Row("z", ChildState.WAITING)], edge) == ["z"]


def test_after_a_grant_the_next_begins_and_after_a_refusal_never():
    edge = Edge("approve_start", "a", "z")
    last = Row("z", ChildState.WAITING)
    assert begun([Row("a"), last], edge) == []
    assert begun([ended("a"), last], edge) == ["z"]
    settled = settle([ended("a", ChildOutcome.REFUSED), last], [edge], {})
    assert [row.child_key for row, _ in settled.drop] == ["z"]


def test_what_starts_together_waits_together_and_begins_together():
    edges = (Edge("approve_start", "a", "y"), Edge("start_start", "y", "z"))
    assert waits_for(edges, ["a", "y", "z"])["z"] == ("y",)
    rows = [Row("a"), Row("y", ChildState.WAITING), Row("z", ChildState.WAITING)]
    assert begun(rows, *edges) == []
    rows[0] = ended("a")
    assert begun(rows, *edges) == ["y", "z"]
