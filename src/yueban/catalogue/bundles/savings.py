"""Savings, computed: what the bundle asks of a person beside what its items ask one by one, in one usual situation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from yueban.catalogue import forms, materials
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.bundles import need, ordering, splitting
from yueban.catalogue.bundles.standard import Edge, Figures
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.situations import text_of, walk
from yueban.catalogue.standard.situations import Answer, Option, SituationQuestion
from yueban.catalogue.workdays import workdays
from yueban.expressions import Truth

if TYPE_CHECKING:
    from yueban.catalogue.bundles.compiled import CompiledBundle, CompiledChild


def usual_answers(bundle: CompiledBundle, usual: Mapping[str, Answer]) -> dict[str, str]:
    """Question → answer of the situation the figures are for: as named, else the first option that goes on."""
    questions = bundle.situations.questions
    goes_on = _going_on(bundle)
    said: dict[str, Answer] = {}
    answers: dict[str, str] = {}
    turn = bundle.follow(None, said)
    while isinstance(turn, str):
        question = questions[turn]
        wanted = said.get(question.element, usual.get(question.element))
        option = _option(question, wanted) or _first_going_on(bundle, question, goes_on)
        said[question.element] = option.value
        answers[question.key] = text_of(option.value)
        turn = option.next or bundle.follow(option.end, said)
    return answers


def _option(question: SituationQuestion, value: Answer | None) -> Option | None:
    if value is None:
        return None
    return next((one for one in question.options if text_of(one.value) == text_of(value)), None)


def _first_going_on(bundle: CompiledBundle, question: SituationQuestion, goes_on: set[str]) -> Option:
    outcomes = bundle.situations.outcomes
    for option in question.options:
        if option.next in goes_on or (option.end is not None and outcomes[option.end].kind == "proceed"):
            return option
    return question.options[0]


def _going_on(bundle: CompiledBundle) -> set[str]:
    """The questions from which some answer leads to going on."""
    outcomes = bundle.situations.outcomes
    found: set[str] = set()
    grown = True
    while grown:
        grown = False
        for key in reversed(bundle.situations.questions):
            options = bundle.situations.questions[key].options
            if key not in found and any(
                one.next in found or (one.end is not None and outcomes[one.end].kind == "proceed")
                for one in options
            ):
                found.add(key)
                grown = True
    return found


def predict(
    bundle: CompiledBundle, items: Mapping[str, Compiled], answers: Mapping[str, object]
) -> tuple[Figures, Figures, tuple[str, ...]]:
    """The bundle's figures, the sum of its parts, and the critical path, for these answers of its questions."""
    facts = walk(bundle, answers).facts
    keys = [child.key for child in bundle.children if need.is_needed(bundle, child, facts) is Truth.TRUE]
    children = {child.key: child for child in bundle.children if child.key in keys}
    edges = [edge for edge in bundle.edges if edge.source in children and edge.target in children]
    sources = ordering.sources_of(keys, edges)
    path, days = ordering.critical_path(keys, sources, {k: workdays(c.promised) for k, c in children.items()})
    visits = {key: items[child.item].guide.visits.count for key, child in children.items()}
    predicted = Figures(
        days=decimal(days), visits=_joined_visits(visits, edges), forms=1, **_asked(bundle, facts)
    )
    alone = [
        _asked(items[child.item], _own_facts(bundle, child, items, facts)) for child in children.values()
    ]
    parts = Figures(
        days=decimal(sum((workdays(items[c.item].guide.promised) for c in children.values()), Fraction(0))),
        visits=sum(visits.values()),
        forms=len(children),
        **{name: sum(one[name] for one in alone) for name in ("materials", "uploads", "fields")},
    )
    return predicted, parts, path


def _own_facts(
    bundle: CompiledBundle, child: CompiledChild, items: Mapping[str, Compiled], facts: Mapping[str, object]
) -> dict[str, Answer]:
    return walk(items[child.item], splitting.own_answers(bundle, child, facts)).facts


def _asked(what: Applicable, facts: Mapping[str, object]) -> dict[str, int]:
    """How many fields are shown, materials needed, and of these handed in by the applicant himself."""
    fields = sum(
        len(forms.applicable_fields(what, section, facts))
        for section in forms.applicable_sections(what, facts)
    )
    planned = [row for row in materials.plan(what, facts) if row.need is Truth.TRUE]
    needed = [row for row in planned if row.label != materials.FILLED]
    return {
        "fields": fields,
        "materials": len(needed),
        "uploads": sum(row.is_submitted for row in needed),
    }


def _joined_visits(visits: Mapping[str, int], edges: Sequence[Edge]) -> int:
    """Each child's visits, those of one visit together counted once."""
    group = {key: key for key in visits}
    for edge in edges:
        if edge.kind == "same_visit":
            old, new = group[edge.target], group[edge.source]
            group = {key: new if mark == old else mark for key, mark in group.items()}
    return sum(max(visits[key] for key in visits if group[key] == mark) for mark in set(group.values()))


def decimal(days: Fraction) -> Decimal:
    """Working days as a number people can compare, to four places."""
    if days.denominator == 1:
        return Decimal(days.numerator)
    return (Decimal(days.numerator) / Decimal(days.denominator)).quantize(Decimal("0.0001"))


def saved(now: Decimal | int | None, before: Decimal | int | None) -> int | None:
    """By how many per cent it is less, rounded to whole ones; None where a figure is not known or was nothing."""
    if now is None or not before:
        return None
    return round((Decimal(before) - Decimal(now)) * 100 / Decimal(before))
