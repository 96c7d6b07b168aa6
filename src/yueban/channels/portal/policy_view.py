"""An offer as pages show it: facts, conditions with what is known, what it gives, the words it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from yueban.channels.shared.fields import Field, Option
from yueban.channels.shared.templatetags.chinese_dates import han_date
from yueban.claims.selectors import Fact
from yueban.elements import selectors as elements
from yueban.expressions import Explanation, FactKind, Truth
from yueban.flows import offers_for
from yueban.kernel import money
from yueban.policies.models import OfferVersion
from yueban.policies.standard import OfferStandard
from yueban.policies.telling import say_benefit

# What an element's kind is asked as; a list of codes as ticks, an industry as text.
TYPES = {
    FactKind.TEXT: "text",
    FactKind.INTEGER: "integer",
    FactKind.DECIMAL: "decimal",
    FactKind.MONEY: "money",
    FactKind.DATE: "date",
    FactKind.BOOLEAN: "code",
    FactKind.CODE: "code",
    FactKind.CODES: "codes",
    FactKind.DIVISION: "text",
    FactKind.INDUSTRY: "text",
}


@dataclass(frozen=True)
class ConditionRow:
    """One condition: met, not met or not known, what the fact is and who says so."""

    sentence: str
    value: str
    word: str
    actual: str = ""
    source: str = ""


def way_word(way: str) -> str:
    """How an offer is redeemed, in the person's language."""
    return {
        "auto": _("免申即享"),
        "instant": _("即申即享"),
        "fast": _("快申快享"),
        "review": _("评审类"),
        "statutory": _("法定程序"),
    }[way]


def typed_of(data: QueryDict) -> dict[str, str]:
    """What was typed for elements of enterprises; several ticks as one text."""
    return {name: ",".join(data.getlist(name)) for name in data if name.startswith("enterprise.")}


def condition_rows(tree: Explanation, facts: Mapping[str, Fact]) -> list[ConditionRow]:
    """The conditions one by one: those that all must hold each for itself, an alternative as one."""
    parts = tree.children if tree.kind == "all" and tree.children else (tree,)
    return [_row(part, facts) for part in parts]


def _row(part: Explanation, facts: Mapping[str, Fact]) -> ConditionRow:
    words = {Truth.TRUE: _("符合"), Truth.FALSE: _("不符合"), Truth.UNKNOWN: _("还不知道")}
    leaves = [leaf for leaf in part.leaves() if leaf.fact]
    known = next((facts[leaf.fact] for leaf in leaves if leaf.fact and leaf.fact in facts), None)
    actual = next((leaf.actual for leaf in leaves if leaf.actual), "") or ""
    source = f"{known.source}，{han_date(known.as_of)}" if known is not None else ""
    return ConditionRow(part.sentence, part.value.value, words[part.value], actual, source)


def money_text(computed: Any) -> str:
    """What would be given, or the most that a person may set."""
    if computed.amount > 0:
        return money.to_text(computed.amount)
    return _("最高 {amount}").format(amount=money.to_text(computed.most)) if computed.most else ""


def benefit_lines(standard: OfferStandard) -> list[dict[str, str]]:
    """What it gives, as people say it."""
    vocabulary = elements.vocabulary()
    return [{"label": one.label, "text": say_benefit(one, vocabulary)} for one in standard.benefits]


def offer_facts(version: OfferVersion, standard: Any) -> list[tuple[str, str]]:
    """The strip that people ask first."""
    days = {"instant": 1, "fast": 3, "review": 60}.get(version.redemption)
    rows = [(_("兑现方式"), way_word(version.redemption))]
    if days:
        rows.append((_("审定时限"), _("{n} 个工作日").format(n=days)))
    if standard.opens_on or standard.closes_on:
        opens, closes = (han_date(day) if day else "" for day in (standard.opens_on, standard.closes_on))
        rows.append((_("申报时间"), f"{opens}—{closes}"))
    rows.append((_("要交的材料"), str(len(standard.materials)) if standard.materials else _("不用交")))
    return rows


def words_of(version: OfferVersion) -> list[str]:
    """The words of the policy that the offer was read from, each once, in their order."""
    text = version.policy_version.text
    places = sorted({(span["start"], span["end"]) for span in version.spans})
    found = [text[start:end].strip() for start, end in places]
    return [
        words for words in dict.fromkeys(found) if words and not any(words in o and words != o for o in found)
    ]


def fields_of(
    standard: Any, typed: Mapping[str, str], wrong: Mapping[str, str], codes: tuple[str, ...] | None = None
) -> list[Field]:
    """What an offer asks, as fields: all elements it speaks of, or these."""
    vocabulary = elements.vocabulary()
    asked = offers_for.asked_of(standard) if codes is None else codes
    return [_field(standard, vocabulary.get_fact(code), typed, wrong) for code in asked]


def _field(standard: Any, fact: Any, typed: Mapping[str, str], wrong: Mapping[str, str]) -> Field:
    options: tuple[Option, ...] = ()
    value: object = typed.get(fact.code, "")
    if fact.kind is FactKind.BOOLEAN:
        options = (Option("true", _("是")), Option("false", _("否")))
    elif fact.kind is FactKind.CODE:
        options = tuple(Option(code, name) for code, name in (fact.codes or {}).items())
    elif fact.kind is FactKind.CODES:
        options = tuple(Option(code, fact.name_of(code)) for code in offers_for.codes_of(standard, fact.code))
        value = typed.get(fact.code, "").split(",")
    return Field(
        name=fact.code,
        label=fact.name,
        type=TYPES[fact.kind],
        value=value,
        error=wrong.get(fact.code, ""),
        unit=fact.unit or "",
        options=options,
    )
