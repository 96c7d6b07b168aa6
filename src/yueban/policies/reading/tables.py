"""Tables in a clause: a ladder becomes steps, row by row; anything else is shown as it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yueban.policies.reading.benefits import Benefit, Kind
from yueban.policies.reading.conditions import (
    comparison_of,
    find_honours,
    find_industries,
    find_phrases,
    value_of,
)
from yueban.policies.reading.draft import Condition, Step
from yueban.policies.reading.lexicon import Honour, Lexicon, Measure
from yueban.policies.reading.numbers import SCALE, Number, Unit, find_numbers
from yueban.policies.reading.text import Span

# Between two cells of a row, as imported documents have it.
CELL = " | "
COUNTS_ROWS = re.compile(r"^\s*(?:序号|编号|No\.?)\s*$", re.IGNORECASE)
LIMITS = re.compile(r"最高|上限|封顶|限额")
GIVES = re.compile(r"奖|补|资助|标准|金额|额度|支持|比例")
HEAD_UNIT = re.compile(r"(?P<scale>亿|万)?元|(?P<share>%)")
BARE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Table:
    """A head and at least one row of as many cells."""

    span: Span
    head: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]


def find_tables(plain: str) -> list[Table]:
    """Lines of cells, one below the other."""
    tables: list[Table] = []
    block: list[tuple[Span, ...]] = []
    for line in re.finditer(r"[^\n]+", plain):
        cells = tuple(_cells(plain, Span(*line.span())))
        if block and len(cells) != len(block[0]):
            tables += _table(block)
            block = []
        if len(cells) > 1:
            block.append(cells)
    return [*tables, *_table(block)]


def _table(block: Sequence[tuple[Span, ...]]) -> Iterator[Table]:
    if len(block) > 1:
        yield Table(Span(block[0][0].start, block[-1][-1].end), block[0], tuple(block[1:]))


def _cells(plain: str, line: Span) -> Iterator[Span]:
    if "|" not in plain[line.start : line.end]:
        return
    for cell in re.finditer(r"[^|]+", plain[line.start : line.end]):
        said = cell[0]
        if said.strip():
            start = line.start + cell.start() + len(said) - len(said.lstrip())
            yield Span(start, start + len(said.strip()))


def steps_of(plain: str, table: Table, lexicon: Lexicon, before: Honour | None) -> list[Step]:
    """What each row gives and asks; nothing where one of the rows is not understood.

    ``before`` is what the words before the table named: a row that says 国家级 speaks of it.
    """
    figures = {
        place: numbers
        for place in range(len(table.head))
        if (numbers := _figures(plain, table, place)) and GIVES.search(_said(plain, table.head[place]))
    }
    names = [
        place
        for place, cell in enumerate(table.head)
        if place not in figures and not COUNTS_ROWS.match(_said(plain, cell))
    ]
    if not figures or not names:
        return []
    steps = []
    for at, row in enumerate(table.rows):
        asked = [
            condition
            for place in names
            for condition in _asked(plain, table.head[place], row[place], lexicon, before)
        ]
        benefit = _benefit(plain, table, {place: numbers[at] for place, numbers in figures.items()})
        if not asked or benefit is None:
            return []
        label = _said(plain, row[names[0]])
        steps.append(Step(Benefit(**{**benefit.__dict__, "label": label}), tuple(asked)))
    return steps


def _said(plain: str, cell: Span) -> str:
    return plain[cell.start : cell.end]


def _figures(plain: str, table: Table, place: int) -> list[Number]:
    """The one number of each row in a column; nothing where a row has none or several."""
    found = [_numbers_in(plain, table.head[place], row[place]) for row in table.rows]
    is_figure = all(len(numbers) == 1 and numbers[0].unit in {Unit.MONEY, Unit.PERCENT} for numbers in found)
    return [numbers[0] for numbers in found] if is_figure else []


def _numbers_in(plain: str, head: Span, cell: Span) -> list[Number]:
    """The numbers of a cell; those without a unit have the one that the head of the column says."""
    said = _said(plain, cell)
    own = [
        Number(one.value, one.unit, Span(cell.start + one.span.start, cell.start + one.span.end))
        for one in find_numbers(said)
    ]
    unit = HEAD_UNIT.search(_said(plain, head))
    if own or unit is None:
        return own
    scale = Decimal("0.01") if unit["share"] else Decimal(SCALE.get(unit["scale"] or "", 1))
    kind = Unit.PERCENT if unit["share"] else Unit.MONEY
    return [
        Number(Decimal(bare[0]) * scale, kind, Span(cell.start + bare.start(), cell.start + bare.end()))
        for bare in BARE.finditer(said)
    ]


def _benefit(plain: str, table: Table, figures: dict[int, Number]) -> Benefit | None:
    """A share with its cap, an amount, or only a cap."""
    rate = amount = cap = None
    base = ""
    for place, number in figures.items():
        head = _said(plain, table.head[place])
        if number.unit is Unit.PERCENT:
            rate, base = number, head
        elif LIMITS.search(head):
            cap = number
        else:
            amount = number
    limit = cap.value if cap is not None else None
    if rate is not None and amount is None:
        return Benefit(Kind.RATIO, rate.span, rate=rate.value, base=base, cap=limit)
    if amount is not None and rate is None:
        return Benefit(Kind.FIXED, amount.span, amount=amount.value, cap=limit)
    if cap is not None and rate is None:
        return Benefit(Kind.UP_TO, cap.span, cap=limit)
    return None


def _asked(
    plain: str, head: Span, cell: Span, lexicon: Lexicon, before: Honour | None
) -> Iterator[Condition]:
    """The conditions that a cell says, its figures being those that the head names."""
    honours, _ = find_honours(plain, cell.start, cell.end, lexicon, before)
    phrases = find_phrases(plain, cell.start, cell.end, lexicon)
    industries = find_industries(plain, cell.start, cell.end, lexicon)
    rules = [one.condition.rule for one in (*honours, *phrases, *industries)]
    if len(honours) > 1:
        rules = [{"any": rules}]
    yield from (Condition(rule, cell) for rule in rules)
    numbers = _numbers_in(plain, head, cell)
    measure = _measure(_said(plain, head) + _said(plain, cell), numbers, lexicon)
    if measure is None or honours:
        return
    if len(numbers) == 2:
        low, high = numbers
        yield Condition(_bound(measure, "ge", low), low.span)
        yield Condition(_bound(measure, "lt", high), high.span)
    elif len(numbers) == 1:
        yield Condition(
            _bound(measure, comparison_of(plain, numbers[0]) or "ge", numbers[0]), numbers[0].span
        )


def _bound(measure: Measure, op: str, number: Number) -> dict[str, Any]:
    return {"fact": measure.fact, "op": op, "value": value_of(number)}


def _measure(said: str, numbers: Sequence[Number], lexicon: Lexicon) -> Measure | None:
    """The figure that the head or the cell names, the longest name first."""
    if not numbers:
        return None
    unit = str(numbers[0].unit)
    named = [
        (word, one) for one in lexicon.measures if one.unit == unit for word in one.words if word in said
    ]
    return max(named, key=lambda pair: len(pair[0]))[1] if named else None
