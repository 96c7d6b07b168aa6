"""Whether a standard is sound: every word in the dictionary, every rule decidable, every material reachable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from yueban.catalogue import rules, situations
from yueban.catalogue.problems import PathStep, Problem
from yueban.catalogue.rules import RuleAt
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.forms import FormField
from yueban.divisions import selectors as divisions
from yueban.elements.selectors import Dictionary
from yueban.expressions import Truth

# Fields of the standard that hold codes, with the code list each is checked against.
CODED: Mapping[str, str] = {
    "type": "item-type",
    "power_source": "power-source",
    "levels": "use-level",
    "agency_nature": "agency-nature",
    "targets": "service-target",
    "handling": "handling-type",
    "handling_forms": "handling-form",
}


def check(standard: ItemStandard, dictionary: Dictionary) -> list[Problem]:
    """Every problem of the standard, in the order of the file; empty when it can be compiled."""
    problems = [*_codes(standard, dictionary), *_topics(standard, dictionary)]
    problems += _duplicates(standard)
    problems += _form_elements(standard, dictionary)
    problems += _materials(standard, dictionary)
    problems += _route(standard)
    problems += _payment(standard)
    problems += _offerings(standard)
    found = situations.check(standard.situation, dictionary) if standard.situation else []
    problems += found
    wrong_rules = [p for at in rules_of(standard) for p in rules.problems_of(at, dictionary.vocabulary)]
    problems += wrong_rules
    if not found and not wrong_rules:
        problems += _undecidable(standard, dictionary)
    return problems


def rules_of(standard: ItemStandard) -> Iterator[RuleAt]:
    """Every rule of the standard with its place."""
    if standard.condition_rule is not None:
        yield RuleAt(("condition_rule",), standard.condition_rule)
    for i, section in enumerate(standard.form.sections):
        if section.when is not None:
            yield RuleAt(("form", "sections", i, "when"), section.when)
        for j, field in enumerate(section.fields):
            if field.when is not None:
                yield RuleAt(("form", "sections", i, "fields", j, "when"), field.when)
    for i, material in enumerate(standard.materials):
        if material.when is not None:
            yield RuleAt(("materials", i, "when"), material.when)
    for i, offering in enumerate(standard.offerings):
        if offering.when is not None:
            yield RuleAt(("offerings", i, "when"), offering.when)


def _codes(standard: ItemStandard, dictionary: Dictionary) -> Iterator[Problem]:
    for field, key in CODED.items():
        value = getattr(standard, field)
        values: list[tuple[tuple[PathStep, ...], str]] = (
            [((field, i), code) for i, code in enumerate(value)]
            if isinstance(value, tuple)
            else [((field,), value)]
        )
        yield from _unknown_codes(key, values, dictionary)


def _topics(standard: ItemStandard, dictionary: Dictionary) -> Iterator[Problem]:
    for name, key, codes in (
        ("person", "person-topic", standard.topics.person),
        ("enterprise", "enterprise-topic", standard.topics.enterprise),
    ):
        values = [(("topics", name, i), code) for i, code in enumerate(codes)]
        yield from _unknown_codes(key, values, dictionary)


def _unknown_codes(
    key: str, values: Iterable[tuple[tuple[PathStep, ...], str]], dictionary: Dictionary
) -> Iterator[Problem]:
    """A code is right when any profile (市标, 省标, 国标) of its list has it; no list, no check."""
    editions = [row for row in dictionary.code_lists if row.key == key]
    codes = {entry.code for row in editions for entry in row.codes}
    for path, code in values:
        if codes and code not in codes:
            yield Problem(
                path, f"“{code}”不在代码表“{editions[0].name}”中。", f"可用： {'、'.join(sorted(codes))}。"
            )


def _duplicates(standard: ItemStandard) -> Iterator[Problem]:
    yield from _twice((("form", "sections"), [s.key for s in standard.form.sections]), "表单部分", "key")
    yield from _twice((("materials",), [m.key for m in standard.materials]), "材料", "key")
    yield from _twice((("route",), [s.key for s in standard.route]), "环节", "key")
    single = [
        (("form", "sections", i, "fields", j, "element"), field.element)
        for i, section in enumerate(standard.form.sections)
        if section.repeat is None
        for j, field in enumerate(section.fields)
    ]
    seen: set[str] = set()
    for path, element in single:
        if element in seen:
            yield Problem(
                path, f"数据元“{element}”在表单中问了两次。", "同一件事只问一次，请删去后面的一处。"
            )
        seen.add(element)
    for i, section in enumerate(standard.form.sections):
        names = [field.element for field in section.fields]
        if section.repeat is not None:
            yield from _twice((("form", "sections", i, "fields"), names), "字段", "element")


def _twice(where: tuple[tuple[PathStep, ...], list[str]], what: str, name: str) -> Iterator[Problem]:
    path, keys = where
    counted: Counter[str] = Counter()
    for i, key in enumerate(keys):
        counted[key] += 1
        if counted[key] == 2:
            yield Problem((*path, i, name), f"{what}“{key}”重复。", "请改名或删去一处。")


def _form_elements(standard: ItemStandard, dictionary: Dictionary) -> Iterator[Problem]:
    for i, section in enumerate(standard.form.sections):
        for j, field in enumerate(section.fields):
            if field.element not in dictionary.elements:
                yield Problem(
                    ("form", "sections", i, "fields", j, "element"),
                    f"没有数据元“{field.element}”。",
                    "请在 elements.yaml 登记，或改为已有的数据元。",
                )
            else:
                yield from _limits(field, ("form", "sections", i, "fields", j), dictionary)
        if section.repeat is not None and section.repeat.min > section.repeat.max:
            yield Problem(
                ("form", "sections", i, "repeat", "min"), "最少份数大于最多份数。", "请核对 min 和 max。"
            )


def _limits(field: FormField, path: tuple[PathStep, ...], dictionary: Dictionary) -> Iterator[Problem]:
    """What a field narrows must be there to be narrowed."""
    element = dictionary.elements[field.element]
    if field.bounds is not None and not field.bounds.suits(str(element.type)):
        message = f"“{element.name}”不能有这样的上下限。"
        yield Problem(
            (*path, "bounds"), message, "数字用 above、minimum、maximum，日期用 not_before、not_after。"
        )
    known = {entry.code for entry in dictionary.codes_of(field.element)}
    for n, code in enumerate(field.only):
        if code not in known:
            yield Problem((*path, "only", n), f"“{element.name}”没有代码“{code}”。", "请从它的代码表中选。")


def _materials(standard: ItemStandard, dictionary: Dictionary) -> Iterator[Problem]:
    for i, material in enumerate(standard.materials):
        if material.canonical not in dictionary.canonical_materials:
            yield Problem(
                ("materials", i, "canonical"),
                f"材料字典没有“{material.canonical}”。",
                "请在 elements.yaml 的 canonical_materials 中登记。",
            )


def _route(standard: ItemStandard) -> Iterator[Problem]:
    if not standard.route:
        return
    last = max(step.stage for step in standard.route)
    for i, step in enumerate(standard.route):
        if step.kind == "decide" and (step.stage != last or step.agency_kind is not None):
            message = "决定环节必须在最后一个阶段，由实施机构自己作出。"
            yield Problem(("route", i), message, "请调整 stage 或去掉 agency_kind。")
        if step.kind == "publicity" and not step.days:
            yield Problem(("route", i, "days"), "公示环节没有写明公示几个工作日。", "请填写 days。")


def _payment(standard: ItemStandard) -> Iterator[Problem]:
    """What is paid must be asked in the form, once."""
    if standard.payment is None:
        return
    asked = {
        field.element
        for section in standard.form.sections
        if section.repeat is None
        for field in section.fields
    }
    for path, element in (
        (("payment", "amount", "element"), standard.payment.amount.element),
        (("payment", "account_element"), standard.payment.account_element),
    ):
        if element not in asked:
            yield Problem(path, f"支付用到的“{element}”不在表单里。", "请在表单中加上这个字段。")


def _offerings(standard: ItemStandard) -> Iterator[Problem]:
    """One level says once what it does; two lines for one act need different conditions or places."""
    seen: set[str] = set()
    for i, offering in enumerate(standard.offerings):
        mark = str((offering.level, offering.does, offering.when, offering.within))
        if mark in seen:
            yield Problem(("offerings", i), "同一层级的同一环节写了两次。", "请只留一条，或写明不同的 when。")
        seen.add(mark)
        for code in offering.within:
            if not divisions.is_code(code):
                message = f"“{code}”不是12位区划代码。"
                yield Problem(("offerings", i, "within"), message, "请与 divisions.csv 核对。")


def _undecidable(standard: ItemStandard, dictionary: Dictionary) -> Iterator[Problem]:
    """Conditions on facts that nobody asks, and materials that no path ever needs."""
    from_form = {
        field.element
        for section in standard.form.sections
        if section.repeat is None
        for field in section.fields
    }
    ways = list(_ways_to_proceed(standard))
    asked = {element for facts in ways for element in facts}
    for at in rules_of(standard):
        unknown = sorted(set(rules.facts_of(at.rule, dictionary.vocabulary)) - asked - from_form)
        if unknown:
            names = "、".join(f"{dictionary.elements[code].name}({code})" for code in unknown)
            message = f"条件用到的数据元没有任何情形问题或表单字段给出： {names}。"
            yield Problem(at.path, message, "请增加问题或字段，或改写条件。")
            continue
        yield from _never_or_unclear(at, ways, from_form, dictionary)


def _never_or_unclear(
    at: RuleAt, ways: list[dict[str, object]], from_form: set[str], dictionary: Dictionary
) -> Iterator[Problem]:
    if at.path == ("condition_rule",):
        return
    never = True
    for facts in ways:
        found = rules.judge(at.rule, facts, dictionary.vocabulary)
        if found.value is not Truth.FALSE:
            never = False
        unclear = sorted(set(found.missing) - from_form) if found.value is Truth.UNKNOWN else []
        if unclear:
            trail = "、".join(f"{code}={value}" for code, value in facts.items())
            yield Problem(
                at.path,
                f"在情形“{trail}”下无法判断这个条件，因为没有问到： {'、'.join(unclear)}。",
                "请在这条路径上也问到它，或改写条件。",
            )
            return
    if never and ways:
        yield Problem(
            at.path, "没有任何情形会用到它： 这个条件在每条可办理的路径上都不成立。", "请改写条件，或删去。"
        )


def _ways_to_proceed(standard: ItemStandard) -> Iterator[dict[str, object]]:
    """The facts of every path on which the application goes on."""
    if standard.situation is None:
        yield {}
        return
    kinds = {outcome.key: outcome.kind for outcome in standard.situation.outcomes}
    for path in situations.paths(standard.situation):
        end = path[-1][1].end
        if end is not None and kinds[end] == "proceed":
            yield {question.element: option.value for question, option in path}
