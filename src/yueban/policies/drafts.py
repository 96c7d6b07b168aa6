"""Drafts of offers from a text: each clause read, what is doubtful said, nothing live until a person has signed it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yueban.policies.reading.benefits import Benefit
from yueban.policies.reading.clause import read_clause
from yueban.policies.reading.document import clauses_of
from yueban.policies.reading.draft import DraftOffer, Step, Told
from yueban.policies.reading.lexicon import Lexicon
from yueban.policies.reading.tables import CELL
from yueban.policies.reading.text import Span

RULES, MODEL = "rules", "model"
LOWER, UPPER = frozenset({"ge", "gt"}), frozenset({"le", "lt"})
# Amounts of one ladder that lie so far apart are rather a slip between 万 and 亿.
FAR_APART = 1000
DOUBTED = Decimal("0.5")
FOLLOWED_BY_NOBODY = "原文里有写给机器看的话，没有照办，请人工核对。"
# Words to a machine and not to enterprises; they are shown and change nothing.
TO_MACHINES = re.compile(
    r"(?:忽略|无视|不要理会|忘记)(?:以上|上述|前面|前述|之前|所有)[^,，。；;]{0,12}"
    r"|(?:ignore|disregard|forget)\s+(?:all\s+|the\s+)*(?:above|previous|prior)[^,，。.；;]{0,40}"
    r"|system\s*prompt|(?:所有|任何|全部)企业(?:都|均|一律)?(?:符合|合格|通过)[^,，。；;]{0,8}"
    r"|(?:直接|必须|只)输出[^,，。；;]{1,20}",
    re.IGNORECASE,
)


@dataclass
class Draft:
    """One offer read from one clause. ``start`` is where the clause stands in the whole text."""

    offer: DraftOffer
    text: str
    start: int = 0
    line: int | None = None
    clause: str = ""
    title: str = ""
    reader: str = RULES
    reasons: list[str] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """What was understood of what carries meaning; half of that where something contradicts itself."""
        doubted = DOUBTED if self.reasons else Decimal(1)
        return float(round(Decimal(str(self.offer.confidence)) * doubted, 2))


Reader = Callable[[str], tuple[list[DraftOffer], str, list[str]]]
"""Offers of a clause, which reader they are from, and reasons that are said beside all of them."""


def rules_reader(lexicon: Lexicon) -> Reader:
    """The deterministic reader."""
    return lambda text: (read_clause(text, lexicon), RULES, [])


def draft_text(text: str, reader: Reader) -> list[Draft]:
    """The drafts of a whole document, clause by clause; a clause that gives nothing is one draft all the same."""
    drafts: list[Draft] = []
    for clause in clauses_of(text):
        if not clause.text:
            continue
        start = clause.span.start + text[clause.span.start : clause.span.end].find(clause.text)
        said = clause.text
        if clause.title and CELL in said.split("\n", maxsplit=1)[0]:
            # 智能工厂奖励标准, and then only a table: the title says what the table is about.
            start = text.rfind(clause.title, 0, start)
            said = text[start : clause.span.end].strip()
        drafts += _drafts(said, reader, start=start, clause=clause.label, title=clause.title)
    return drafts


def draft_lines(text: str, reader: Reader) -> list[Draft]:
    """The drafts of a list of clauses, one a line; empty lines are passed over."""
    drafts: list[Draft] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            drafts += _drafts(line, reader, start=start, line=number)
        start += len(line) + 1
    return drafts


def _drafts(text: str, reader: Reader, **place: Any) -> Iterator[Draft]:
    offers, name, reasons = reader(text)
    whole = Span(0, len(text))
    offers = offers or [DraftOffer(whole, unresolved=[Told(text.strip(), whole)])]
    told = _to_machines(text, offers)
    for offer in offers:
        own = [*reasons, *([FOLLOWED_BY_NOBODY] if offer in told else []), *contradictions(offer)]
        yield Draft(offer, text, reader=name, reasons=own, **place)


def _to_machines(text: str, offers: Sequence[DraftOffer]) -> list[DraftOffer]:
    """Instructions in the text stand among what was not understood of the offer they stand in or after."""
    touched: list[DraftOffer] = []
    for match in TO_MACHINES.finditer(text):
        before = [one for one in offers if one.span.start <= match.start()]
        offer = before[-1] if before else offers[0]
        touched.append(offer)
        if not any(match[0] in told.value for told in offer.unresolved):
            offer.unresolved.append(Told(match[0], Span(*match.span())))
    return touched


def contradictions(offer: DraftOffer) -> list[str]:
    """What cannot be true together, or is likelier a slip of the pen."""
    said: list[str] = []
    if offer.steps and not offer.conditions and any(not step.conditions for step in offer.steps):
        said.append("没有读出对象条件，请核对是不是谁都可以享受。")
    common = [one.rule for one in offer.conditions]
    for own in [step.conditions for step in offer.steps] or [()]:
        said += bounds_of([*common, *(one.rule for one in own)])
    amounts = [step.benefit.amount for step in offer.steps if step.benefit.amount]
    if len(amounts) > 1 and max(amounts) >= FAR_APART * min(amounts):
        said.append("各档金额相差上千倍，请核对是不是把“万”和“亿”写混了。")
    for step in offer.steps:
        benefit = step.benefit
        if benefit.rate is not None and benefit.rate > 1:
            said.append(f"比例{benefit.rate * 100:f}%超过100%，请核对。")
        if benefit.amount is not None and benefit.cap is not None and benefit.cap < benefit.amount:
            said.append("上限比给的金额还少，请核对。")
    return list(dict.fromkeys(said))


def bounds_of(rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Thresholds of one figure between which nothing lies."""
    figures = [rule for rule in rules if rule.get("op") in LOWER | UPPER]
    for fact in dict.fromkeys(str(rule["fact"]) for rule in figures):
        lows = [
            Decimal(str(rule["value"])) for rule in figures if rule["fact"] == fact and rule["op"] in LOWER
        ]
        highs = [
            Decimal(str(rule["value"])) for rule in figures if rule["fact"] == fact and rule["op"] in UPPER
        ]
        if lows and highs and max(lows) > min(highs):
            yield f"门槛互相矛盾：既要达到{max(lows):f}，又要不超过{min(highs):f}。"


def conditions_of(offer: DraftOffer) -> dict[str, Any]:
    """Who may have any of it: what holds for all, and what one of the steps asks."""
    common = [dict(one.rule) for one in offer.conditions]
    steps = [rule_of(step) for step in offer.steps]
    asked = [rule for rule in steps if rule is not None]
    if asked and len(asked) == len(steps):
        different = [rule for place, rule in enumerate(asked) if rule not in asked[:place]]
        common.append(different[0] if len(different) == 1 else {"any": different})
    return {"all": common}


def rule_of(step: Step) -> dict[str, Any] | None:
    """What one step asks beside the common conditions."""
    rules = [dict(one.rule) for one in step.conditions]
    if not rules:
        return None
    return rules[0] if len(rules) == 1 else {"all": rules}


def to_json(draft: Draft) -> dict[str, Any]:
    """One offer as `yueban policies draft` prints it; places are counted in the whole text, from 0."""
    offer = draft.offer
    return {
        "line": draft.line,
        "clause": draft.clause,
        "title": draft.title,
        "span": _place(offer.span, draft),
        "text": draft.text[offer.span.start : offer.span.end].strip(),
        "conditions": conditions_of(offer),
        "benefits": [_benefit(step, draft) for step in offer.steps],
        "beneficiary": _value(offer.beneficiary),
        "department": _value(offer.department),
        "exclusivity": _value(offer.exclusivity),
        "first_time": offer.first_time is not None,
        "current_year": offer.current_year is not None,
        "unresolved": [told.value for told in offer.unresolved],
        "spans": _spans(draft),
        "confidence": draft.confidence,
        "reasons": draft.reasons,
        "reader": draft.reader,
    }


def _value(told: Told | None) -> str | None:
    return told.value if told is not None else None


def _place(span: Span, draft: Draft) -> list[int]:
    return [draft.start + span.start, draft.start + span.end]


def _spans(draft: Draft) -> dict[str, list[list[int]]]:
    """Which words each field was read from."""
    offer = draft.offer
    found = {
        "conditions": [one.span for one in offer.conditions],
        "unresolved": [told.span for told in offer.unresolved],
    }
    for name in ("beneficiary", "department", "exclusivity", "first_time", "current_year"):
        told: Told | None = getattr(offer, name)
        found[name] = [told.span] if told is not None else []
    return {name: [_place(span, draft) for span in spans] for name, spans in found.items() if spans}


def _benefit(step: Step, draft: Draft) -> dict[str, Any]:
    benefit: Benefit = step.benefit
    return {
        "kind": str(benefit.kind),
        "amount": plain(benefit.amount),
        "rate": plain(benefit.rate),
        "base": benefit.base or None,
        "cap": plain(benefit.cap),
        "cap_scope": benefit.cap_scope or None,
        "per": benefit.per or None,
        "label": benefit.label or None,
        "when": rule_of(step),
        "notes": list(benefit.notes),
        "span": _place(benefit.span, draft),
        "when_spans": [_place(one.span, draft) for one in step.conditions],
    }


def plain(value: Decimal | None) -> int | float | None:
    """A number as JSON has it; yuan and shares of one."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
