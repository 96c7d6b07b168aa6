"""OpenFisca-core: a variable for each condition, shared by all clauses, and two for each clause.

It has no unknown, so a condition's value is kept beside whether the fact is known (an input, one for each fact, which
is less than one for each condition), and clauses combine both by the same three-valued logic. Codes are their places.
"""

from functools import reduce
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.match.data import ON, Raw
from benchmarks.match.side import Answers, Side, digest
from yueban.expressions import All, Node, None_, Predicate
from yueban.expressions.nodes import predicates
from yueban.expressions.values import years_before

PERIOD = "2026-11"
COMPARED = {
    "ge": np.greater_equal,
    "gt": np.greater,
    "le": np.less_equal,
    "lt": np.less,
    "eq": np.equal,
    "years_at_least": np.less_equal,
    "years_less_than": np.greater,
}


class WithOpenFisca(Side):
    """A simulation is made anew for each run, with the facts set; only the calculating is measured."""

    def __init__(self, facts: dict[str, Raw], clauses: dict[str, Node]) -> None:
        self._facts, self._clauses = facts, clauses
        self._entity = build_entity(key="enterprise", plural="enterprises", label="", is_person=True)
        self._system = TaxBenefitSystem([self._entity])
        for name, raw in facts.items():
            self._add(name, bool if raw.kind == "label" else int)
            self._add(f"k_{name}", bool)
        conditions = dict.fromkeys(one for rule in clauses.values() for one in predicates(rule))
        self._names = {condition: f"a{place}" for place, condition in enumerate(conditions)}
        for condition, name in self._names.items():
            self._add(name, bool, _condition(condition, facts[condition.fact]))
        for name, rule in clauses.items():
            self._add(f"{name}_true", bool, self._clause(rule, wanted=True))
            self._add(f"{name}_false", bool, self._clause(rule, wanted=False))
        self._simulation: Any = None

    def acts(self) -> dict[str, tuple[Any, Any, int]]:
        return {"full": (self._begin, self._full, 1)}

    def _begin(self) -> None:
        self._simulation = None
        builder = SimulationBuilder()
        rows = len(next(iter(self._facts.values())).numbers)
        self._simulation = builder.build_default_simulation(self._system, rows)
        for name, raw in self._facts.items():
            numbers = raw.numbers.astype(bool) if raw.kind == "label" else raw.numbers
            self._simulation.set_input(name, PERIOD, numbers)
            self._simulation.set_input(f"k_{name}", PERIOD, raw.known)

    def _full(self) -> None:
        for name in self._clauses:
            self._simulation.calculate(f"{name}_true", PERIOD)
            self._simulation.calculate(f"{name}_false", PERIOD)

    def answers(self, sample: list[int]) -> Answers:
        counts, sampled = {}, {}
        for name in self._clauses:
            sides = [self._simulation.calculate(f"{name}_{side}", PERIOD) for side in ("true", "false")]
            counts[name] = (int(sides[0].sum()), int(sides[1].sum()))
            sampled[name] = [[bool(side[row]) for row in sample] for side in sides]
        return Answers(counts, digest(sampled))

    def _add(self, name: str, kind: type, formula: Any = None) -> None:
        about = {
            "value_type": kind,
            "entity": self._entity,
            "definition_period": DateUnit.MONTH,
            "label": name,
        }
        if formula is not None:
            about["formula"] = formula
        self._system.add_variable(type(name, (Variable,), about))

    def _clause(self, rule: Node, *, wanted: bool) -> Any:
        def decide(population: Any, period: Any, node: Node, *, wanted: bool) -> Any:
            if isinstance(node, Predicate):
                value, known = population(self._names[node], period), population(f"k_{node.fact}", period)
                return value & known if wanted else known & ~value
            inner = wanted != isinstance(node, None_)
            parts = [decide(population, period, child, wanted=inner) for child in node.children]
            joins_all = isinstance(node, All) == wanted if not isinstance(node, None_) else wanted
            return reduce(np.bitwise_and if joins_all else np.bitwise_or, parts)

        def formula(population: Any, period: Any) -> Any:
            return decide(population, period, rule, wanted=wanted)

        return formula


def _condition(node: Predicate, raw: Raw) -> Any:
    value: Any = node.value
    if node.op in {"in", "prefix"}:
        has = [code in value if node.op == "in" else code.startswith(value) for code in raw.codes]
        meets = np.array(has)
        return lambda population, period: meets[population(node.fact, period)]
    if node.op in {"years_at_least", "years_less_than"}:
        value = years_before(ON, value).toordinal()
    compare = COMPARED[node.op]
    return lambda population, period: compare(population(node.fact, period), value)
