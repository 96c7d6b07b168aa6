"""The facts a bundle speaks of: those of its children, its own, and those that say which child is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from yueban.catalogue.bundles.asking import take_fact
from yueban.catalogue.bundles.child import Child
from yueban.catalogue.bundles.compiled import need_fact
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.compiled import Fact
from yueban.catalogue.problems import Problem
from yueban.elements.selectors import Dictionary


def asked_elements(standard: BundleStandard, children: Iterable[Child]) -> Iterator[str]:
    """The elements that questions give, and the facts that follow from them."""
    if standard.situation is not None:
        yield from (question.element for question in standard.situation.questions)
    for child in children:
        yield from (question.element for question in child.compiled.situations.questions.values())
        yield need_fact(child.key)
        if child.declared.need == "optional":
            yield take_fact(child.key)


def merged_facts(
    standard: BundleStandard, children: Sequence[Child], dictionary: Dictionary
) -> tuple[dict[str, Fact], list[Problem]]:
    """The facts of all children, those the bundle asks itself, and those that say who is needed."""
    found: dict[str, Fact] = {}
    by: dict[str, Child] = {}
    problems = []
    for child in children:
        for code, fact in child.compiled.facts.items():
            known = found.setdefault(code, fact)
            first = by.setdefault(code, child)
            if known.type != fact.type and not _is_field(code, (first, child)):
                message = (
                    f"“{fact.name}”在“{first.name}”里的类型是{known.type}，在“{child.name}”里是{fact.type}。"
                )
                problems.append(child.problem(message, "请统一这个数据元的类型。", "item"))
        words = f"是否要办“{child.name}”", f"{child.compiled.name_en or child.name} is needed"
        found[need_fact(child.key)] = _yes_or_no(need_fact(child.key), *words)
        if child.declared.need == "optional":
            words = f"是否一并办理“{child.name}”", f"{child.compiled.name_en or child.name} is wanted"
            found[take_fact(child.key)] = _yes_or_no(take_fact(child.key), *words)
    for code in sorted(_own_elements(standard) - set(found)):
        if code in dictionary.vocabulary:
            found[code] = _fact(code, dictionary)
    return found, problems


def _is_field(code: str, children: Iterable[Child]) -> bool:
    """Whether it stands in the forms of all, where the disagreement of fields is reported with more words."""
    return all(
        any(field.element == code for section in child.compiled.form.sections for field in section.fields)
        for child in children
    )


def _own_elements(standard: BundleStandard) -> set[str]:
    return {question.element for question in standard.situation.questions} if standard.situation else set()


def _yes_or_no(code: str, name: str, name_en: str) -> Fact:
    return Fact(
        code=code,
        name=name,
        name_en=name_en,
        type="boolean",
        unit=None,
        codes=None,
        source="",
        sensitivity="public",
    )


def _fact(code: str, dictionary: Dictionary) -> Fact:
    known = dictionary.vocabulary[code]
    return Fact(
        code=code,
        name=known.name,
        name_en=known.name_en,
        type=str(known.type),
        unit=known.unit,
        codes=dict(known.codes or {}) or None,
        source=known.source,
        sensitivity=known.sensitivity,
    )
