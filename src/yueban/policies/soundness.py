"""Whether an offer can be decided: its rules speak of known facts, its figures are figures, nothing is open."""

from collections.abc import Iterator, Mapping
from typing import Any

from yueban.expressions import All, FactInvalid, Vocabulary, check, parse
from yueban.expressions.contradiction import never_true
from yueban.expressions.errors import RuleInvalid
from yueban.expressions.vocabulary import FactKind
from yueban.policies.faults import Fault, Step
from yueban.policies.standard import OfferStandard

FIGURES = frozenset({FactKind.INTEGER, FactKind.DECIMAL, FactKind.MONEY})


def faults_of(standard: OfferStandard, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every reason why the offer cannot be worked out as it is written."""
    yield from _rule(("conditions",), standard.conditions, vocabulary)
    for place, benefit in enumerate(standard.benefits):
        if benefit.when is not None:
            yield from _rule(("benefits", place, "when"), benefit.when, vocabulary)
        for element in benefit.figures:
            step = "within" if element == benefit.within else "gives"
            yield from _figure(("benefits", place, step), element, vocabulary)
    yield from _impossible(standard, vocabulary)
    if standard.closes_on and standard.opens_on and standard.closes_on < standard.opens_on:
        yield Fault(("closes_on",), "申报截止日不能早于开始日。", "请改正日期。")
    for words in standard.unresolved:
        yield Fault(
            ("unresolved",), f"原文“{words}”还没有读懂。", "请写成条件、支持内容或人工核实的事项，再删去它。"
        )


def _rule(path: tuple[Step, ...], rule: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Fault]:
    try:
        problems = check(parse(rule), vocabulary)
    except RuleInvalid as error:
        yield Fault(path, error.message, error.hint)
        return
    for problem in problems:
        yield Fault((*path, problem.path), problem.message, problem.hint)


def _impossible(standard: OfferStandard, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Conditions that nobody can ever meet, by themselves or together with those of a step."""
    try:
        asked = parse(standard.conditions)
        steps = {
            place: parse(benefit.when)
            for place, benefit in enumerate(standard.benefits)
            if benefit.when is not None
        }
        if never_true(asked, vocabulary):
            yield Fault(
                ("conditions",), "条件互相矛盾，谁都不可能满足。", "请核对门槛的数额、单位和大于小于。"
            )
            return
        for place, when in steps.items():
            if never_true(All((asked, when)), vocabulary):
                label = standard.benefits[place].label
                yield Fault(
                    ("benefits", place, "when"),
                    f"“{label}”这一档的条件与对象条件互相矛盾，谁都享受不到。",
                    "请改正这一档的门槛，或删去这一档。",
                )
    except (RuleInvalid, FactInvalid, ValueError):
        return  # what cannot be read is said by the checks of the rules themselves


def _figure(path: tuple[Step, ...], element: str | None, vocabulary: Vocabulary) -> Iterator[Fault]:
    if element is None:
        return
    fact = vocabulary.get(element)
    if fact is None:
        yield Fault(path, f"没有数据元“{element}”。", "请先在数据元目录中登记，或改正编码。")
    elif fact.kind not in FIGURES:
        yield Fault(path, f"“{fact.name}”不是数，不能拿来计算。", "请换成金额、数量一类的数据元。")
