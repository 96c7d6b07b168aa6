"""Offers in Chinese sentences: conditions, benefits, caps, and what differs between two versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yueban.expressions import Vocabulary, parse, to_text
from yueban.expressions.errors import RuleInvalid
from yueban.policies.choices import Beneficiary, Category, Redemption
from yueban.policies.standard import Benefit, Exclusive, Fixed, OfferStandard, PerUnit, Ratio, UpTo

WAN = Decimal(10_000)


def money(amount: Decimal) -> str:
    """500000 as 50万元, 1500 as 1500元."""
    if amount >= WAN and amount % 100 == 0:
        return f"{(amount / WAN).normalize():f}万元"
    return f"{amount.normalize():f}元"


def say_rule(rule: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """The rule as a sentence; one that cannot be read says so."""
    try:
        return to_text(parse(rule), vocabulary)
    except RuleInvalid as error:
        return f"（条件还读不懂：{error.message}）"


def say_benefit(benefit: Benefit, vocabulary: Vocabulary) -> str:
    """What is given, as people say it."""
    gives = benefit.gives
    match gives:
        case Fixed():
            said = money(gives.amount)
        case PerUnit():
            said = _per_unit(gives, vocabulary)
        case Ratio():
            base = _difference(gives, vocabulary)
            above = f"超过{money(gives.above)}的部分" if gives.above else ""
            most = f"（只计{money(gives.most)}以内）" if gives.most is not None else ""
            said = f"{base}{above}{most}的{(gives.rate * 100).normalize():f}%"
        case UpTo():
            said = f"不超过{money(gives.amount)}，由部门核定"
    if benefit.cap is not None:
        said = f"{said}，最高{money(benefit.cap)}"
    if benefit.within is not None:
        said = f"{said}，以{_name(benefit.within, vocabulary)}为限"
    return f"另外{said}" if benefit.extra else said


def _name(element: str, vocabulary: Vocabulary) -> str:
    return vocabulary[element].name if element in vocabulary else element


def _per_unit(gives: PerUnit, vocabulary: Vocabulary) -> str:
    """按当年新招用人数，每人500元，最多100人; without a unit the name stands for it."""
    name, amount = _difference(gives, vocabulary), money(gives.amount)
    unit = (vocabulary[gives.of].unit if gives.of in vocabulary else None) or ""
    each = f"按{name}，每{unit}{amount}" if unit else f"每{name}{amount}"
    return f"{each}，最多{gives.most}{unit or '个'}" if gives.most else each


def _difference(gives: PerUnit | Ratio, vocabulary: Vocabulary) -> str:
    name = _name(gives.of, vocabulary)
    return name if gives.less is None else f"{name}减去{_name(gives.less, vocabulary)}"


def say_exclusive(exclusive: Exclusive | None) -> str:
    """就高不重复 and its like; empty where nothing excludes."""
    if exclusive is None:
        return ""
    scope = {
        "year": "同一年度",
        "project": "同一项目",
        "project_year": "同一项目同一年度",
        "ever": "累计",
    }[exclusive.scope]
    if exclusive.way == "once":
        return f"{scope}不重复享受"
    return "晋级的补足差额" if exclusive.scope == "ever" else f"{scope}就高不重复"


def lines_of(standard: OfferStandard, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The offer as label and text, for papers and for comparing."""
    yield "名称", standard.name
    yield "内容", standard.summary
    yield "依据", standard.clause
    yield "兑现方式", Redemption(standard.redemption).label
    yield "类别", Category(standard.category).label
    yield "享受对象", Beneficiary(standard.beneficiary).label
    yield "对象条件", say_rule(standard.conditions, vocabulary)
    for benefit in standard.benefits:
        when = f"{say_rule(benefit.when, vocabulary)}的，" if benefit.when is not None else ""
        yield f"支持内容：{benefit.label}", f"{when}{say_benefit(benefit, vocabulary)}"
    for name, text in (
        ("不重复享受", say_exclusive(standard.exclusive)),
        ("每年上限", money(standard.caps.year) if standard.caps.year is not None else ""),
        ("累计上限", money(standard.caps.ever) if standard.caps.ever is not None else ""),
        ("人工核实", "；".join(standard.manual)),
        ("申报材料", "；".join(standard.materials)),
        ("申报时间", " 至 ".join(day.isoformat() for day in (standard.opens_on, standard.closes_on) if day)),
    ):
        if text:
            yield name, text


@dataclass(frozen=True)
class Difference:
    """One line that is not the same in both versions."""

    label: str
    before: str
    after: str


def differences(before: OfferStandard, after: OfferStandard, vocabulary: Vocabulary) -> list[Difference]:
    """What differs, in the order of the newer version."""
    old, new = dict(lines_of(before, vocabulary)), dict(lines_of(after, vocabulary))
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Difference(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]
