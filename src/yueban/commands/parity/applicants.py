"""Made-up applicants: how one answers the questions and fills in the form, from a seed, always the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any, Literal

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.compiled import Compiled, CompiledField, CompiledSituations
from yueban.divisions import selectors as divisions
from yueban.elements.selectors import Bounds
from yueban.kernel import clock
from yueban.kernel.codes import resident_id, uscc

Manner = Literal["whole", "edges", "gaps"]
PROCEED = "proceed"
MOST_PATHS = 3000
MOST_TRIES = 200
ROUNDS = 4  # answers open further fields; no form of ours goes deeper
WRONG, EMPTY = 0.2, 0.35
ROWS_AT_EDGES = 3
PARAGRAPH = "示例内容"
BORN = date(1971, 2, 3)

EVERYBODY = ("person", "enterprise")  # whom a channel takes in, where nothing else is said


@dataclass(frozen=True)
class Applicant:
    """One applicant: who, what he answers, what he types; ``reaches_form`` = his answers end in 可以办."""

    position: int
    kind: str
    name: str
    id_number: str
    manner: Manner
    answers: Mapping[str, str]
    reaches_form: bool
    form: Mapping[str, Any]


def make(
    compiled: Compiled | CompiledBundle, *, position: int, kinds: tuple[str, ...], seed: str
) -> Applicant:
    """The n-th applicant: one fills in everything, one goes to the edges, one ends elsewhere if he can."""
    rng = Random(f"{seed}:{compiled.key}:{position}")  # noqa: S311 - to be the same each time
    turn = position % 3
    manner: Manner = ("whole", "edges", "gaps")[turn]
    if isinstance(compiled, CompiledBundle):
        answers, kind_of_end = _answers_of_bundle(compiled, rng, proceeds=turn < 2)
    else:
        answers, kind_of_end = _answers(compiled.situations, rng, proceeds=turn < 2)
    reaches = kind_of_end == PROCEED
    kind = kinds[position % len(kinds)]
    facts = catalogue.walk(compiled, answers).facts
    return Applicant(
        position=position,
        kind=kind,
        name=f"同源示例{position + 1}" if kind == "person" else f"同源示例{position + 1}有限公司",
        id_number=id_number_of(kind, position),
        manner=manner,
        answers=answers,
        reaches_form=reaches,
        form=_filled(compiled, facts, rng, manner) if reaches else {},
    )


def id_number_of(kind: str, position: int) -> str:
    """A number of a region that cannot exist, with a right check character."""
    if kind == "person":
        return resident_id.compose(f"999999{BORN:%Y%m%d}{700 + position % 299:03}")
    return uscc.compose(f"91999999MA9{70000 + position:05}X")


def _answers(tree: CompiledSituations, rng: Random, *, proceeds: bool) -> tuple[dict[str, str], str]:
    """Answers that end in 可以办, or just not; any others where no path ends so."""
    found = list(islice(_paths(tree), MOST_PATHS))
    wanted = [path for path in found if (path[1] == PROCEED) == proceeds]
    return rng.choice(wanted or found)


def _answers_of_bundle(bundle: CompiledBundle, rng: Random, *, proceeds: bool) -> tuple[dict[str, str], str]:
    """The same through the trees of all its items, one after the other: tried until one ends as wanted."""
    found: tuple[dict[str, str], str] = ({}, PROCEED)
    for _ in range(MOST_TRIES):
        found = _one_way(bundle, rng)
        if (found[1] == PROCEED) == proceeds:
            break
    return found


def _one_way(bundle: CompiledBundle, rng: Random) -> tuple[dict[str, str], str]:
    answers: dict[str, str] = {}
    path = catalogue.walk(bundle, answers)
    while path.question is not None:
        answers[path.question.key] = _said(rng.choice(path.question.options).value)
        path = catalogue.walk(bundle, answers)
    return answers, path.outcome.kind if path.outcome is not None else PROCEED


def _said(value: object) -> str:
    """The value of an option as addresses carry it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _paths(tree: CompiledSituations) -> Iterator[tuple[dict[str, str], str]]:
    """Every way through the questions with the kind of its end."""
    if tree.start is None:
        yield {}, PROCEED
        return
    open_ends: list[tuple[str, dict[str, str]]] = [(tree.start, {})]
    while open_ends:
        key, before = open_ends.pop()
        for option in tree.questions[key].options:
            answers = {**before, key: _said(option.value)}
            if option.end is not None:
                yield answers, tree.outcomes[option.end].kind
            elif option.next is not None:
                open_ends.append((option.next, answers))
            else:
                yield answers, PROCEED


def _filled(compiled: Applicable, facts: Mapping[str, Any], rng: Random, manner: Manner) -> dict[str, Any]:
    """What he types: every field that is shown to him, again where an answer has opened more."""
    data: dict[str, Any] = {}
    seen: set[str] = set()
    for _ in range(ROUNDS):
        cleaned = catalogue.validate_form(compiled, data, facts, partial=True).cleaned
        known = {**facts, **cleaned}
        before = len(seen)
        for section in catalogue.applicable_sections(compiled, known):
            if section.repeat is not None:
                if section.key not in seen:
                    seen.add(section.key)
                    wanted = max(section.repeat.min, 1)
                    if manner == "edges":
                        wanted = max(wanted, min(section.repeat.max, ROWS_AT_EDGES))
                    data[section.key] = [_row(section.fields, rng, manner) for _ in range(wanted)]
                continue
            for one in catalogue.applicable_fields(compiled, section, known):
                if one.element not in seen:
                    seen.add(one.element)
                    _fill(data, one, rng, manner)
        if len(seen) == before:
            break
    return data


def _row(fields: tuple[CompiledField, ...], rng: Random, manner: Manner) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for one in fields:
        if one.when is None:
            _fill(row, one, rng, manner)
    return row or {fields[0].element: _plain(fields[0], rng)}


def _fill(into: dict[str, Any], one: CompiledField, rng: Random, manner: Manner) -> None:
    chance = rng.random()
    if manner == "whole":
        into[one.element] = _plain(one, rng)
    elif manner == "gaps":
        if chance > 0.5 or one.choices:
            into[one.element] = _plain(one, rng)
    elif chance < WRONG:
        into[one.element] = _wrong(one)
    elif chance > EMPTY or one.choices:
        into[one.element] = _edge(one, rng)


def _plain(one: CompiledField, rng: Random) -> Any:
    """An ordinary value that is taken."""
    if one.type in ("code", "codes") and one.choices:
        return _chosen(one, rng)
    match one.type:
        case "text":
            return _text(one)
        case "boolean":
            return rng.choice(("true", "false"))
        case "date":
            return _day(one.bounds).isoformat()
        case "integer" | "decimal" | "money":
            return str(_number(one.bounds, whole=one.type == "integer"))
        case "division":
            return next(iter(divisions.counties())).code
        case "industry":
            return "G5430"
        case _:
            return PARAGRAPH


def _chosen(one: CompiledField, rng: Random) -> Any:
    values = [choice.value for choice in one.choices]
    if one.type == "codes":
        return sorted(rng.sample(values, rng.randint(1, min(len(values), 3))), key=values.index)
    return "resident_id" if "resident_id" in values else rng.choice(values)


TEXTS = {
    "person_name": "陈示例",
    "resident_id": id_number_of("person", 298),
    "uscc": id_number_of("enterprise", 298),
    "mobile": "13800000001",
    "phone": "0575-88000000",
    "plate": "浙D12345",
    "email": "name@example.com",
    "postcode": "312000",
}


def _text(one: CompiledField) -> str:
    return TEXTS.get(one.format) or f"示例{one.label}"[: one.max_length or 100]


def _day(bounds: Bounds | None) -> date:
    today = clock.today()
    if bounds is not None and bounds.not_before:
        return today + timedelta(days=30)
    return today - timedelta(days=30)


def _number(bounds: Bounds | None, *, whole: bool) -> Decimal:
    low, high = _limits(bounds)
    if low is None and high is None:
        return Decimal(12)
    if low is not None and high is not None:
        middle = (low + high) / 2
        return middle.to_integral_value() if whole else middle.quantize(Decimal("0.01"))
    return low + 1 if low is not None else max(high - 1, Decimal(0)) if high is not None else Decimal(12)


def _limits(bounds: Bounds | None) -> tuple[Decimal | None, Decimal | None]:
    if bounds is None:
        return None, None
    low = bounds.minimum if bounds.minimum is not None else bounds.above
    return (
        None if low is None else Decimal(low),
        None if bounds.maximum is None else Decimal(bounds.maximum),
    )


def _edge(one: CompiledField, rng: Random) -> Any:
    """The last value that is still taken."""
    if one.type == "codes" and one.choices:
        return [choice.value for choice in one.choices]
    if one.type == "code" and one.choices:
        return one.choices[-1].value
    if one.type == "text" and one.format not in TEXTS and one.max_length:
        return "边" * one.max_length
    if one.type == "date" and one.bounds is not None and (one.bounds.not_before or one.bounds.not_after):
        return clock.today().isoformat()
    low, high = _limits(one.bounds)
    if one.type in ("integer", "decimal", "money") and (low is not None or high is not None):
        return str(high if high is not None else low)
    return _plain(one, rng)


def _wrong(one: CompiledField) -> Any:
    """The first value that is no more taken."""
    if one.type in ("code", "codes") and one.choices:
        return ["没有这一项"] if one.type == "codes" else "没有这一项"
    if one.type == "text":
        return "错" if one.format in TEXTS else "边" * ((one.max_length or 5000) + 1)
    if one.type == "date":
        return _wrong_day(one.bounds)
    low, high = _limits(one.bounds)
    if one.type in ("integer", "decimal", "money"):
        return str(high + 1) if high is not None else "-1" if low is None else str(low - 1)
    return "不对"


def _wrong_day(bounds: Bounds | None) -> str:
    today = clock.today()
    if bounds is not None and bounds.not_before:
        return (today - timedelta(days=1)).isoformat()
    if bounds is not None and bounds.not_after:
        return (today + timedelta(days=1)).isoformat()
    return "2026-02-30"
