"""An offer as a form: what stands in each field, and what was typed as the definition it means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yueban.expressions import FactKind, Vocabulary
from yueban.policies.telling import say_rule

SPARE_CONDITIONS, SPARE_BENEFITS, SPARE_INSTALMENTS, MOST_ROWS = 2, 1, 2, 60
WHOLE = 100
KEPT = ("within", "extra", "words")
OPS = (
    ("ge", "不低于"),
    ("gt", "超过"),
    ("le", "不超过"),
    ("lt", "低于"),
    ("eq", "等于"),
    ("in", "是其中之一"),
    ("prefix", "开头是"),
    ("contains", "包含"),
    ("contains_any", "包含任一"),
    ("exists", "有记录"),
)
LISTS = frozenset({"in", "prefix", "contains_any", "contains_all"})
KINDS = (("fixed", "定额"), ("ratio", "按比例"), ("per_unit", "按数量"), ("up_to", "上限内核定"))
LINES = ("manual", "materials", "unresolved")
TEXTS = ("name", "summary", "clause", "department_kind", "category", "redemption", "beneficiary", "picks")
DATES = ("opens_on", "closes_on")
JOINTS = str.maketrans(dict.fromkeys("、，,；;", " "))


@dataclass(frozen=True)
class ConditionRow:
    """One condition that everybody must meet: a fact, or a group as it is written."""

    place: int
    fact: str = ""
    op: str = "ge"
    value: str = ""
    rule: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class BenefitRow:
    """One thing given."""

    place: int
    key: str = ""
    label: str = ""
    kind: str = "fixed"
    amount: str = ""
    of: str = ""
    most: str = ""
    cap: str = ""
    when: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class InstalmentRow:
    """One part of the payment."""

    place: int
    share: str = ""
    months: str = ""


def condition_rows(definition: Mapping[str, Any], vocabulary: Vocabulary) -> list[ConditionRow]:
    """The conditions of a draft, and empty rows for more."""
    rule = definition.get("conditions") or {}
    parts = rule.get("all") if set(rule) == {"all"} else [rule] if rule else []
    rows = [_condition_row(place, part, vocabulary) for place, part in enumerate(parts or [])]
    return rows + [ConditionRow(len(rows) + extra) for extra in range(SPARE_CONDITIONS)]


def _condition_row(place: int, part: Mapping[str, Any], vocabulary: Vocabulary) -> ConditionRow:
    sentence = say_rule(part, vocabulary)
    value = part.get("value")
    if "fact" not in part or isinstance(value, dict) or part.get("op") not in dict(OPS):
        return ConditionRow(place, rule=json.dumps(part, ensure_ascii=False), sentence=sentence)
    said = "、".join(map(str, value)) if isinstance(value, list) else _word(value)
    return ConditionRow(place, str(part["fact"]), str(part["op"]), said, sentence=sentence)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def benefit_rows(definition: Mapping[str, Any], vocabulary: Vocabulary) -> list[BenefitRow]:
    """What a draft gives, and an empty row for more."""
    rows = []
    for place, stated in enumerate(definition.get("benefits") or []):
        gives = stated.get("gives") or {}
        amount = gives.get("amount", "")
        if gives.get("kind") == "ratio":
            amount = _percent(gives.get("rate"))
        when = stated.get("when")
        rows.append(
            BenefitRow(
                place,
                str(stated.get("key", "")),
                str(stated.get("label", "")),
                str(gives.get("kind", "fixed")),
                str(amount),
                str(gives.get("of", "")),
                str(gives.get("most") or ""),
                str(stated.get("cap") or ""),
                json.dumps(when, ensure_ascii=False) if when else "",
                say_rule(when, vocabulary) if when else "",
            )
        )
    return rows + [BenefitRow(len(rows) + extra) for extra in range(SPARE_BENEFITS)]


def _percent(rate: Any) -> str:
    try:
        return f"{(Decimal(str(rate)) * 100).normalize():f}"
    except InvalidOperation:
        return str(rate or "")


def read_form(
    posted: Mapping[str, str], before: Mapping[str, Any], vocabulary: Vocabulary
) -> tuple[dict[str, Any], dict[str, str]]:
    """The definition that was typed, and errors by the id of their field."""
    errors: dict[str, str] = {}
    made: dict[str, Any] = {**before}
    for name in TEXTS:
        made[name] = posted.get(name, "").strip()[:500]
    for name in LINES:
        made[name] = [line.strip()[:500] for line in posted.get(name, "").splitlines() if line.strip()]
    for name in DATES:
        made[name] = posted.get(name, "").strip() or None
    made["conditions"] = {"all": list(_conditions(posted, vocabulary, errors))}
    stated = {str(one.get("key", "")): one for one in before.get("benefits") or []}
    made["benefits"] = list(_benefits(posted, stated, errors))
    made["instalments"] = list(_instalments(posted, errors))
    caps = {name: value for name, value in (before.get("caps") or {}).items() if name == "project"}
    made["caps"] = caps | {
        name: value
        for name in ("year", "ever")
        if (value := _amount(posted, f"caps-{name}", errors)) is not None
    }
    group = posted.get("exclusive-group", "").strip()
    made["exclusive"] = (
        {
            "group": group,
            "scope": posted.get("exclusive-scope", "year"),
            "way": posted.get("exclusive-way", "highest"),
        }
        if group
        else None
    )
    return {name: value for name, value in made.items() if value not in (None, [], {})}, errors


def _conditions(
    posted: Mapping[str, str], vocabulary: Vocabulary, errors: dict[str, str]
) -> Iterator[dict[str, Any]]:
    for place in range(MOST_ROWS):
        rule, fact = posted.get(f"c-{place}-rule", "").strip(), posted.get(f"c-{place}-fact", "").strip()
        if rule:
            found = _rule(rule, f"c-{place}-rule", errors)
            if found is not None:
                yield found
        elif fact:
            op, said = posted.get(f"c-{place}-op", "ge"), posted.get(f"c-{place}-value", "").strip()
            made: dict[str, Any] = {"fact": fact, "op": op}
            if op != "exists":
                made["value"] = _value(said, op, vocabulary, fact)
                if not said:
                    errors[f"c-{place}-value"] = _("请填写数值；金额以元计。")
            yield made


def _value(said: str, op: str, vocabulary: Vocabulary, fact: str) -> Any:
    """What was typed, as the rule language writes it for this fact."""
    if op in LISTS:
        return said.translate(JOINTS).split()
    kind = vocabulary[fact].kind if fact in vocabulary else FactKind.TEXT
    if kind is FactKind.BOOLEAN:
        return said in {"是", "true", "True", "有"}
    if kind is FactKind.INTEGER and said.lstrip("-").isdecimal():
        return int(said)
    return said


def instalment_rows(definition: Mapping[str, Any]) -> list[InstalmentRow]:
    """How the amount is paid in parts, and empty rows for more."""
    rows = [
        InstalmentRow(place, _percent(one.get("share")), str(one.get("months") or 0))
        for place, one in enumerate(definition.get("instalments") or [])
    ]
    return rows + [InstalmentRow(len(rows) + extra) for extra in range(SPARE_INSTALMENTS)]


def _instalments(posted: Mapping[str, str], errors: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Shares in percent and months after the decision; together they are the whole."""
    whole = Decimal(0)
    for place in range(MOST_ROWS):
        share = _amount(posted, f"i-{place}-share", errors)
        if share is None:
            continue
        months = posted.get(f"i-{place}-months", "").strip()
        if months and not months.isdecimal():
            errors[f"i-{place}-months"] = _("请填写几个月以后拨付，当时就拨的填0。")
            continue
        whole += Decimal(share)
        yield {"share": f"{(Decimal(share) / 100).normalize():f}", "months": int(months or 0)}
    if whole and whole != WHOLE:
        errors["i-0-share"] = _("各期的比例合计是%(whole)s%%，应当是100%%。") % {"whole": f"{whole:f}"}


def _benefits(
    posted: Mapping[str, str], before: Mapping[str, Mapping[str, Any]], errors: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """What is given; what a stated benefit says beyond the fields of the form (only above, only within) stays."""
    for place in range(MOST_ROWS):
        label, kind = posted.get(f"b-{place}-label", "").strip(), posted.get(f"b-{place}-kind", "")
        if not label:
            continue
        amount = _amount(posted, f"b-{place}-amount", errors)
        if amount is None:
            errors.setdefault(f"b-{place}-amount", _("请填写金额（元）或比例（%）。"))
            continue
        kept = before.get(posted.get(f"b-{place}-key", ""), {})
        gives: dict[str, Any] = {"kind": kind}
        if kind == "ratio":
            gives["rate"] = f"{(Decimal(amount) / 100).normalize():f}"
        else:
            gives["amount"] = amount
        if kind in {"ratio", "per_unit"}:
            gives["of"] = posted.get(f"b-{place}-of", "")
        if kind == "per_unit" and posted.get(f"b-{place}-most", "").isdecimal():
            gives["most"] = int(posted[f"b-{place}-most"])
        if (kept.get("gives") or {}).get("kind") == kind:
            gives = {**kept["gives"], **gives}
            if kind == "per_unit" and not posted.get(f"b-{place}-most", "").strip():
                gives.pop("most", None)
        made: dict[str, Any] = {
            **{name: kept[name] for name in KEPT if name in kept},
            "key": posted.get(f"b-{place}-key") or f"step-{place + 1}",
            "label": label[:500],
            "gives": gives,
        }
        cap = _amount(posted, f"b-{place}-cap", errors)
        if cap is not None:
            made["cap"] = cap
        when = posted.get(f"b-{place}-when", "").strip()
        found = _rule(when, f"b-{place}-when", errors) if when else None
        yield made | ({"when": found} if found is not None else {})


def _amount(posted: Mapping[str, str], name: str, errors: dict[str, str]) -> str | None:
    said = posted.get(name, "").strip().replace(",", "").replace("，", "")
    if not said:
        return None
    try:
        found = Decimal(said)
    except InvalidOperation:
        errors[name] = _("“%(said)s”不是数。") % {"said": said[:20]}
        return None
    if not found.is_finite() or found < 0:
        errors[name] = _("请填写不小于零的数。")
        return None
    return f"{found:f}"


def _rule(said: str, name: str, errors: dict[str, str]) -> dict[str, Any] | None:
    try:
        found = json.loads(said)
    except ValueError:
        errors[name] = _("这一组条件的写法读不懂，请照原样改动，或清空后另填。")
        return None
    if not isinstance(found, dict):
        errors[name] = _("这一组条件的写法读不懂，请照原样改动，或清空后另填。")
        return None
    return found
