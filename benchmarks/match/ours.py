"""Our side: the rules over packed columns, three-valued."""

from typing import Any

from benchmarks.match.data import FRESH, ON, Raw, profile, table_of, vocabulary
from benchmarks.match.side import Answers, Side, digest
from yueban.expressions import Node
from yueban.expressions.columns import Coded, Judge, Ordered, Verdicts, count_bits, unpack
from yueban.expressions.function import generate

PROFILES = 200


class Ours(Side):
    """One table; a judge is made anew where nothing may be known before."""

    def __init__(self, facts: dict[str, Raw], clauses: dict[str, Node]) -> None:
        self._facts, self._vocabulary = facts, vocabulary()
        # What only single clauses are asked of comes after those that are always asked.
        self._clauses = dict(list(clauses.items())[:-FRESH])
        self._fresh = list(clauses.values())[-FRESH:]
        self._table = table_of(facts)
        self._judge = self._new_judge()
        self._found: dict[str, Verdicts] = {}
        self._function = generate(self._clauses, on=ON, vocabulary=self._vocabulary)
        self._profiles = [
            profile(facts, row) for row in range(0, self._table.rows, -(-self._table.rows // PROFILES))
        ]

    def _new_judge(self) -> Judge:
        for column in self._table.columns.values():
            if isinstance(column, Ordered):
                column.cuts.clear()
            if isinstance(column, Coded):
                column.rows_by_place.clear()
        return Judge(self._table, self._vocabulary, ON)

    def acts(self) -> dict[str, tuple[Any, Any, int]]:
        """What is measured: what is prepared, what is done, and how many times that is."""
        return {
            "cold": (self._forget, self._full, 1),
            "warm": (lambda: None, self._full, 1),
            "near": (lambda: None, self._near, 1),
            "one_clause": (self._forget_fresh, self._one_by_one, FRESH),
            "one_profile": (lambda: None, self._each_profile, len(self._profiles)),
        }

    def _forget(self) -> None:
        self._judge = self._new_judge()

    def _forget_fresh(self) -> None:
        """Only what the clauses of every day ask is known, not what the new ones do."""
        self._forget()
        self._full()

    def _full(self) -> None:
        self._found = {name: self._judge.decide(rule) for name, rule in self._clauses.items()}

    def _near(self) -> None:
        for rule in self._clauses.values():
            self._judge.near(rule)

    def _one_by_one(self) -> None:
        for rule in self._fresh:
            self._judge.decide(rule)

    def _each_profile(self) -> None:
        for one in self._profiles:
            self._function(one)

    def answers(self, sample: list[int]) -> Answers:
        """Counts of every clause, and the values of sampled enterprises, by bits and by the function alike."""
        rows = self._table.rows
        sampled = {
            name: [
                [bool(side[row]) for row in sample]
                for side in (unpack(found.true, rows), unpack(found.false, rows))
            ]
            for name, found in self._found.items()
        }
        for place, row in enumerate(sample):
            for name, value in self._function(profile(self._facts, row)).items():
                assert [side[place] for side in sampled[name]] == [
                    value.name == "TRUE",
                    value.name == "FALSE",
                ]
        return Answers(
            {name: (count_bits(one.true), count_bits(one.false)) for name, one in self._found.items()},
            digest(sampled),
        )
