"""Whether an enterprise meets an offer on what is known of it today, why, and what it would be given.

Pure: facts with their sources in, the result out. ``authority`` leaves aside what no authority vouches for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from yueban.expressions import (
    Explanation,
    FactInvalid,
    FactKind,
    FactType,
    Truth,
    Vocabulary,
    evaluate,
    facts_of,
    parse,
)
from yueban.expressions.values import Absent, read
from yueban.policies.amounts import Computed, Paid, compute
from yueban.policies.standard import OfferStandard

GUESSED = "model"
SURE = 80  # confidence from which a fact decides without a person
STATED = "企业申报时填写"


class Fact(Protocol):
    """What is known of one element (`parties.enterprise_facts.Known`)."""

    @property
    def value(self) -> object:
        """The value, ABSENT where it is known not to exist."""

    @property
    def source(self) -> str:
        """Who says so."""

    @property
    def as_of(self) -> date:
        """Of which day."""

    @property
    def expires_on(self) -> date | None:
        """The last day on which it is good."""

    @property
    def confidence(self) -> int:
        """How sure, 0 to 100."""

    @property
    def method(self) -> str:
        """rule, import, manual or model."""

    @property
    def is_authoritative(self) -> bool:
        """Whether an authority holds it, and not only the enterprise says so."""


@dataclass(frozen=True)
class Assessment:
    """One offer for one enterprise on one day. ``stated`` names the facts that rest on its own word."""

    value: Truth
    tree: Explanation
    missing: tuple[str, ...]
    computed: Computed
    facts: Mapping[str, Fact] = field(default_factory=dict)
    stated: tuple[str, ...] = ()
    spoken_of: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether every condition holds and there is something to give."""
        return self.value is Truth.TRUE and not self.computed.missing and self.computed.amount > 0


def is_proven(fact: Fact, on: date) -> bool:
    """Whether an authority vouches for it and it has not expired."""
    is_good = fact.expires_on is None or fact.expires_on >= on
    return is_good and fact.is_authoritative and fact.method != GUESSED and fact.confidence >= SURE


def assess(
    standard: OfferStandard,
    known: Mapping[str, Fact],
    *,
    on: date,
    vocabulary: Vocabulary,
    paid: Sequence[Paid] = (),
    project: str = "",
    stated: Mapping[str, object] | None = None,
    by_authority: bool = False,
) -> Assessment:
    """Conditions and amount; what the enterprise states fills in only what nobody knows.

    ``by_authority``: a fact without an authority behind it, or one that has expired, is unknown.
    """
    kept = {code: fact for code, fact in known.items() if not by_authority or is_proven(fact, on)}
    facts: dict[str, object] = {code: fact.value for code, fact in kept.items()}
    own = {code: value for code, value in (stated or {}).items() if facts.get(code) is None}
    facts |= own
    outcome = evaluate(parse(standard.conditions), facts, on=on, vocabulary=vocabulary)
    computed = compute(standard, facts, on=on, vocabulary=vocabulary, paid=paid, project=project)
    spoken = elements_of(standard, vocabulary)
    return Assessment(outcome.value, outcome.tree, outcome.missing, computed, kept, tuple(own), spoken)


def elements_of(standard: OfferStandard, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What the offer speaks of: in its conditions, in those of its benefits, and to reckon them."""
    rules = [standard.conditions, *(one.when for one in standard.benefits if one.when is not None)]
    found = [code for rule in rules for code in facts_of(parse(rule), vocabulary)]
    found += [code for one in standard.benefits for code in one.figures]
    return tuple(dict.fromkeys(found))


def wanted(assessment: Assessment) -> tuple[str, ...]:
    """The facts that could still decide the conditions or the amount."""
    return tuple(dict.fromkeys((*assessment.missing, *assessment.computed.missing)))


def facts_kept(assessment: Assessment, stated: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The facts that the conditions and benefits rest on, as they are kept with a claim."""
    kept: dict[str, Any] = {
        code: {
            "value": plain(fact.value),
            "source": fact.source,
            "as_of": fact.as_of.isoformat(),
            "method": fact.method,
        }
        for code, fact in assessment.facts.items()
        if code in assessment.spoken_of
    }
    for code in assessment.stated:
        kept[code] = {"value": plain((stated or {})[code]), "source": STATED, "as_of": "", "method": "manual"}
    return kept


def plain(value: object) -> object:
    """A value as JSON takes it."""
    if isinstance(value, Absent):
        return {"absent": True}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, set | frozenset) else value


def explanation_kept(tree: Explanation) -> dict[str, Any]:
    """The tree as it is kept with a claim."""
    return {
        "kind": tree.kind,
        "sentence": tree.sentence,
        "value": tree.value.value,
        "fact": tree.fact,
        "actual": tree.actual,
        "missing": list(tree.missing),
        "children": [explanation_kept(child) for child in tree.children],
    }


def computed_kept(computed: Computed) -> dict[str, Any]:
    """The working out as it is kept with a claim."""
    return {
        "amount": str(computed.amount),
        "most": str(computed.most) if computed.most is not None else None,
        "workings": [
            {"label": one.label, "text": one.text, "amount": str(one.amount)} for one in computed.workings
        ],
    }


def read_stated(text: str, fact: FactType) -> object:
    """A typed text as JSON keeps it; raises ValueError where it is none of the fact's type."""
    try:
        if fact.kind is FactKind.BOOLEAN:
            return {"true": True, "false": False}[text]
        if fact.kind is FactKind.INTEGER:
            return int(text.replace(",", ""))
        if fact.kind is FactKind.CODES:
            value: object = sorted(part for part in text.replace("，", ",").split(",") if part)
        else:
            value = text.replace(",", "") if fact.kind in (FactKind.MONEY, FactKind.DECIMAL) else text
        read(value, fact)
    except (KeyError, FactInvalid) as error:
        raise ValueError(text) from error
    return value
