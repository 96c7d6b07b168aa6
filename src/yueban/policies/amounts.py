"""What an offer gives an enterprise: each step worked out, capped, and set against what was given before.

Pure: the standard, facts and earlier payments in; amounts with their workings out. Amounts in yuan, rounded half up to
the fen. A benefit whose condition or figure is not known gives nothing yet and names what is missing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yueban.expressions import Truth, Vocabulary, evaluate, parse
from yueban.expressions.values import Absent, is_unknown, read
from yueban.kernel.money import rounded, to_text
from yueban.policies.standard import Benefit, Exclusive, Fixed, OfferStandard, PerUnit, Ratio, UpTo

ZERO = Decimal(0)


@dataclass(frozen=True)
class Paid:
    """What was given before: by which offer of which group, in which year, for which project."""

    offer: str
    group: str
    year: int
    project: str
    amount: Decimal


@dataclass(frozen=True)
class Working:
    """One line of the working out: what for, how, how much."""

    label: str
    text: str
    amount: Decimal


@dataclass(frozen=True)
class Computed:
    """What is given now. ``missing`` are facts that could still change it; ``most`` is what a person may set up to."""

    amount: Decimal
    workings: tuple[Working, ...] = ()
    missing: tuple[str, ...] = ()
    most: Decimal | None = None


def compute(
    offer: OfferStandard,
    facts: Mapping[str, object],
    *,
    on: date,
    vocabulary: Vocabulary,
    paid: Sequence[Paid] = (),
    project: str = "",
) -> Computed:
    """The amount for an enterprise that meets the conditions; what it met before is taken off where it excludes."""
    given: list[Working] = []
    extra: list[Working] = []
    missing: list[str] = []
    most = ZERO
    for benefit in offer.benefits:
        worked, unknown = _worked(benefit, facts, on, vocabulary)
        missing += unknown
        if worked is None:
            continue
        if isinstance(benefit.gives, UpTo):
            most = max(most, worked.amount)
        elif benefit.extra:
            extra.append(worked)
        else:
            given.append(worked)
    chosen = given if offer.picks == "sum" else sorted(given, key=lambda one: one.amount)[-1:]
    chosen += extra
    total, limits = _limited(offer, sum((one.amount for one in chosen), ZERO), paid, on.year, project)
    within, narrowed = _limited(offer, most, paid, on.year, project)
    told = (*limits, *(narrowed if not chosen else ()))
    return Computed(total, (*chosen, *told), tuple(dict.fromkeys(missing)), within if most else None)


def _worked(
    benefit: Benefit, facts: Mapping[str, object], on: date, vocabulary: Vocabulary
) -> tuple[Working | None, Sequence[str]]:
    """One benefit worked out; nothing where its condition does not hold, and what is missing where it may."""
    if benefit.when is not None:
        outcome = evaluate(parse(benefit.when), facts, on=on, vocabulary=vocabulary)
        if outcome.value is not Truth.TRUE:
            return None, outcome.missing
    figures: dict[str, Decimal] = {}
    for element in benefit.figures:
        raw = facts.get(element)
        if isinstance(raw, Absent):
            return None, ()
        if is_unknown(raw):
            return None, (element,)
        figures[element] = Decimal(str(read(raw, vocabulary.get_fact(element))))
    amount, text = _gift(benefit, figures)
    limits = [one for one in (benefit.cap, figures.get(benefit.within or "")) if one is not None]
    if limits and amount > min(limits):
        amount = max(min(limits), ZERO)
        text = f"{text}，最高{to_text(amount)}"
    return Working(benefit.label, text, amount), ()


def _gift(benefit: Benefit, figures: Mapping[str, Decimal]) -> tuple[Decimal, str]:
    gives = benefit.gives
    match gives:
        case Fixed() | UpTo():
            return gives.amount, to_text(gives.amount)
        case PerUnit():
            figure, told = _difference(gives, figures, lambda count: f"{count:f}")
            count = min(figure, Decimal(gives.most)) if gives.most is not None else figure
            most = f"（最多{gives.most}）" if gives.most is not None and figure > gives.most else ""
            return rounded(gives.amount * count), f"{to_text(gives.amount)} × {told}{most}"
        case Ratio():
            figure, told = _difference(gives, figures, to_text)
            base = max(figure - gives.above, ZERO)
            if gives.above:
                told = f"（{told} − {to_text(gives.above)}）"
            if gives.most is not None and base > gives.most:
                base, told = gives.most, f"{told}中的{to_text(gives.most)}"
            return rounded(base * gives.rate), f"{told} × {gives.rate * 100:f}%"
    raise AssertionError(gives)


def _difference(
    gives: PerUnit | Ratio, figures: Mapping[str, Decimal], say: Callable[[Decimal], str]
) -> tuple[Decimal, str]:
    """The figure, less another one where only the growth counts; never below zero."""
    figure = figures[gives.of]
    if gives.less is None:
        return figure, say(figure)
    return max(figure - figures[gives.less], ZERO), f"（{say(figure)} − {say(figures[gives.less])}）"


def _limited(
    offer: OfferStandard, amount: Decimal, paid: Sequence[Paid], year: int, project: str
) -> tuple[Decimal, list[Working]]:
    """What is left after exclusion and caps, with a line for each that took something."""
    lines: list[Working] = []
    left = amount
    if offer.exclusive is not None:
        before = sum((one.amount for one in _same(offer.exclusive, paid, year, project)), ZERO)
        if before:
            left = ZERO if offer.exclusive.way == "once" else max(amount - before, ZERO)
            why = "不重复享受" if offer.exclusive.way == "once" else "就高不重复，已享受的扣除"
            lines.append(Working(why, f"已享受{to_text(before)}", left - amount))
    own = [one for one in paid if one.offer == offer.key]
    for cap, counted, label in (
        (offer.caps.year, [one for one in own if one.year == year], "每年上限"),
        (offer.caps.project, [one for one in own if one.project == project], "单个项目上限"),
        (offer.caps.ever, own, "累计上限"),
    ):
        if cap is None:
            continue
        room = max(cap - sum((one.amount for one in counted), ZERO), ZERO)
        if left > room:
            lines.append(Working(label, f"{to_text(cap)}，还可享受{to_text(room)}", room - left))
            left = room
    return left, lines


def _same(exclusive: Exclusive, paid: Iterable[Paid], year: int, project: str) -> list[Paid]:
    return [
        one
        for one in paid
        if one.group == exclusive.group
        and (exclusive.scope not in {"year", "project_year"} or one.year == year)
        and (exclusive.scope not in {"project", "project_year"} or one.project == project)
    ]


def instalments(offer: OfferStandard, amount: Decimal) -> list[tuple[int, Decimal]]:
    """Months after the decision and amounts; together exactly the whole, the last takes what rounding left."""
    if not offer.instalments:
        return [(0, amount)]
    parts = [(one.months, rounded(amount * one.share)) for one in offer.instalments]
    rest = amount - sum((part for _, part in parts[:-1]), ZERO)
    return [*parts[:-1], (parts[-1][0], rest)]
