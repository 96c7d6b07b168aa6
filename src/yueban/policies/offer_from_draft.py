"""A draft from a reader as an offer that a person goes on writing; what has no place in it is unresolved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yueban.policies.drafts import Draft, conditions_of, rule_of
from yueban.policies.reading.benefits import Benefit, Kind
from yueban.policies.reading.draft import Step
from yueban.policies.reading.lexicon import Lexicon
from yueban.policies.reading.text import Span
from yueban.policies.telling import money

NOW, BEFORE = "enterprise.honours_this_year", "enterprise.honours_before"
LONGEST_NAME = 40
SCOPES = {"year": "year", "total": "ever"}


@dataclass
class Made:
    """What the draft says, and where each field stands in the whole text."""

    definition: dict[str, Any]
    spans: list[dict[str, Any]] = field(default_factory=list)
    reading: dict[str, Any] = field(default_factory=dict)


def offer_of(draft: Draft, *, policy: str, lexicon: Lexicon, kinds: Mapping[str, str]) -> Made:
    """The definition of the draft; ``kinds`` are names of departments and their kinds."""
    offer = draft.offer
    made = Made(
        {}, reading={"confidence": draft.confidence, "reasons": draft.reasons, "reader": draft.reader}
    )
    unresolved = [told.value for told in offer.unresolved]
    benefits = []
    for place, step in enumerate(offer.steps, 1):
        benefit, left = _benefit(step, f"step-{place}", lexicon)
        unresolved += left
        if benefit is not None:
            benefits.append(benefit)
            made.spans.append(_placed(f"benefits.step-{place}", step.benefit.span, draft))
            made.spans += [_placed(f"benefits.step-{place}", one.span, draft) for one in step.conditions]
    caps, left = _caps(offer.steps)
    unresolved += left
    rule = conditions_of(offer)
    if offer.current_year is not None or _is_new(draft):
        rule = _timed(rule, lexicon)
        timed = ({"when": _timed(one["when"], lexicon)} if "when" in one else {} for one in benefits)
        benefits = [one | when for one, when in zip(benefits, timed, strict=True)]
    if offer.first_time is not None and not _is_new(draft):
        codes = sorted(set(_codes(rule)))
        if codes:
            rule = {"all": [*rule["all"], {"none": [{"fact": BEFORE, "op": "contains_any", "value": codes}]}]}
        else:
            unresolved.append(offer.first_time.value)
    department = offer.department.value if offer.department else ""
    said = draft.text[offer.span.start : offer.span.end].strip()
    made.definition = {
        "name": (draft.title or said)[:LONGEST_NAME],
        "summary": said[:500],
        "policy": policy,
        "clause": draft.clause,
        "department_kind": _kind_of(department, kinds),
        "redemption": "auto" if benefits and not unresolved and _is_plain(benefits) else "fast",
        "beneficiary": offer.beneficiary.value if offer.beneficiary else "enterprise",
        "conditions": rule,
        "benefits": benefits,
        "unresolved": list(dict.fromkeys(one[:500] for one in unresolved)),
    }
    if caps:
        made.definition["caps"] = caps
    if offer.exclusivity is not None:
        scope = "ever" if offer.exclusivity.value == "top_up" else "year"
        made.definition["exclusive"] = {"group": f"{policy}-group"[:60], "scope": scope, "way": "highest"}
    made.spans += list(_told_spans(draft))
    return made


def _is_new(draft: Draft) -> bool:
    """新认定: on this year's list, rather than never before."""
    return draft.offer.first_time is not None and draft.offer.first_time.value.startswith("新")


def _is_plain(benefits: list[dict[str, Any]]) -> bool:
    return all(one["gives"]["kind"] == "fixed" for one in benefits)


def _told_spans(draft: Draft) -> Iterator[dict[str, Any]]:
    offer = draft.offer
    yield _placed("clause", Span(0, len(draft.text)), draft)
    for condition in offer.conditions:
        yield _placed("conditions", condition.span, draft)
    for name, told in (
        ("beneficiary", offer.beneficiary),
        ("department_kind", offer.department),
        ("exclusive", offer.exclusivity),
        ("conditions", offer.first_time),
    ):
        if told is not None:
            yield _placed(name, told.span, draft)
    for told in offer.unresolved:
        if told.span.end > told.span.start:
            yield _placed("unresolved", told.span, draft)


def _placed(name: str, span: Span, draft: Draft) -> dict[str, Any]:
    return {"for": name, "start": draft.start + span.start, "end": draft.start + span.end}


def _benefit(step: Step, key: str, lexicon: Lexicon) -> tuple[dict[str, Any] | None, list[str]]:
    """The benefit of a step, and what of it has no place."""
    read = step.benefit
    left = list(read.notes)
    gives, problem = _gives(read, lexicon)
    left += problem
    if gives is None:
        return None, left
    made: dict[str, Any] = {"key": key, "label": read.label or _label(read), "gives": gives}
    rule = rule_of(step)
    if rule is not None:
        made["when"] = rule
    if read.cap is not None and read.kind is not Kind.UP_TO and _scope(read.cap_scope) is None:
        made["cap"] = format(read.cap, "f")
    return made, left


def _scope(said: str) -> str | None:
    """Which cap of the whole offer is meant: of a year, of all years; None for that of one grant."""
    return next((name for word, name in SCOPES.items() if word in said), None)


def _caps(steps: Sequence[Step]) -> tuple[dict[str, str], list[str]]:
    """The caps of the offer, and those that have no place."""
    caps: dict[str, str] = {}
    left: list[str] = []
    for read in (step.benefit for step in steps):
        own = [(read.cap_scope, read.cap)] if read.cap is not None and read.kind is not Kind.UP_TO else []
        for said, cap in (*own, *read.limits):
            name = _scope(said)
            if name is None:
                left += [f"另有上限{money(cap)}"] if (said, cap) in read.limits else []
            elif caps.setdefault(name, format(cap, "f")) != format(cap, "f"):
                left.append(f"各档的上限不同：{money(cap)}")
    return caps, left


def _gives(read: Benefit, lexicon: Lexicon) -> tuple[dict[str, Any] | None, list[str]]:
    match read.kind:
        case Kind.FIXED if read.amount is not None:
            left = [f"按{read.per}计"] if read.per and "家" not in read.per and "年" not in read.per else []
            return {"kind": "fixed", "amount": format(read.amount, "f")}, left
        case Kind.RATIO | Kind.INTEREST if read.rate is not None:
            measures = [
                (word, one.fact) for one in lexicon.measures for word in one.words if word in read.base
            ]
            if read.kind is Kind.INTEREST:
                measures = measures or [("贷款", "enterprise.loan")]
            if measures:
                fact = max(measures, key=lambda one: len(one[0]))[1]
                gives = {"kind": "ratio", "rate": format(read.rate, "f"), "of": fact}
                if read.above is not None:
                    gives["above"] = format(read.above, "f")
                if read.most is not None:
                    gives["most"] = format(read.most, "f")
                return gives, []
            return None, [f"{read.base or '基数不明'}的{(read.rate * 100).normalize():f}%"]
        case Kind.UP_TO if read.cap is not None:
            return {"kind": "up_to", "amount": format(read.cap, "f")}, []
    return None, [read.label or "支持内容没有读出数额"]


def _label(read: Benefit) -> str:
    names = {Kind.FIXED: "定额", Kind.RATIO: "按比例", Kind.INTEREST: "贴息", Kind.UP_TO: "上限内核定"}
    return names.get(read.kind, "支持内容")


def _timed(rule: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    """当年认定: the same honours on this year's list."""
    made: dict[str, Any] = {}
    for key, value in rule.items():
        if key in {"all", "any", "none"}:
            made[key] = [_timed(child, lexicon) for child in value]
        else:
            made[key] = NOW if key == "fact" and value == lexicon.honours_fact else value
    return made


def _codes(rule: Mapping[str, Any]) -> Iterator[str]:
    for group in ("all", "any"):
        for child in rule.get(group, ()):
            yield from _codes(child)
    if "honours" in str(rule.get("fact", "")):
        value = rule["value"]
        yield from value if isinstance(value, list) else [str(value)]


def _kind_of(name: str, kinds: Mapping[str, str]) -> str:
    bare = name.lstrip("市县区").split("、", maxsplit=1)[0].removesuffix("部门").removesuffix("局")
    return next((kind for known, kind in kinds.items() if bare and bare in known), "")
