"""What differs between readings, and who differs from most."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from yueban.commands.parity.reading import FieldSeen, Reading

Who = TypeVar("Who", bound=Hashable)
NOTHING = "没有"
ORDER = "顺序"


@dataclass(frozen=True)
class Part:
    """One thing that can be the same or not: ``what`` names it, ``told`` is how it stands in one reading."""

    what: str
    told: str


@dataclass(frozen=True)
class Odd:
    """One reader whose reading of one thing is not that of most."""

    who: object
    what: str
    expected: str
    found: str


def differences(readings: Mapping[Who, Reading], *, is_one_version: bool) -> list[Odd]:
    """Who differs in what from most; the first counts where there is no most.

    ``is_one_version`` = all read the same version, so that its number and hash must be the same, too.
    """
    parts = {who: dict(_parts(reading)) for who, reading in readings.items()}
    orders = {who: dict(_orders(reading)) for who, reading in readings.items()}
    groups = {who: _groups_told(reading) for who, reading in readings.items()}
    found = list(_odd_parts(parts, groups))
    found += _odd_orders(orders)
    if is_one_version:
        found += _odd_versions(readings)
    return found


def most(readings: Mapping[Who, Reading]) -> Reading:
    """The reading that stands for all: the most frequent of the fullest ones."""
    depth = {who: len(_groups_told(reading)) for who, reading in readings.items()}
    deepest = [reading for who, reading in readings.items() if depth[who] == max(depth.values())]
    bare = [repr(replace(one, versions={}, looked_over=frozenset())) for one in deepest]
    return deepest[bare.index(Counter(bare).most_common(1)[0][0])]


def _odd_parts(parts: Mapping[Who, Mapping[str, str]], groups: Mapping[Who, frozenset[str]]) -> Iterator[Odd]:
    """Parts that are there for some and not for others, or told in another way."""
    names = dict.fromkeys(name for told in parts.values() for name in told)
    for name in names:
        whole = name.partition(" ")[0]
        told = {who: parts[who].get(name, NOTHING) for who in parts if whole in groups[who]}
        # Whether a part is there is one difference; what is said of a part that is not there is none.
        owner = name.rpartition(" · ")[0]
        if owner:
            told = {who: text for who, text in told.items() if owner in parts[who] and name in parts[who]}
        yield from _odd(name, told)


def _odd(name: str, told: Mapping[Who, str]) -> Iterator[Odd]:
    if len(set(told.values())) > 1:
        expected = Counter(told.values()).most_common(1)[0][0]
        for who, text in told.items():
            if text != expected:
                yield Odd(who, name, expected, text)


def _odd_orders(orders: Mapping[Who, Mapping[str, tuple[str, ...]]]) -> Iterator[Odd]:
    """The order of what all have; what only some have is told as missing already."""
    for name in dict.fromkeys(name for told in orders.values() for name in told):
        told = {who: found[name] for who, found in orders.items() if name in found}
        common = frozenset.intersection(*(frozenset(keys) for keys in told.values()))
        lines = {who: "、".join(key for key in keys if key in common) for who, keys in told.items()}
        yield from _odd(f"{name} · {ORDER}", lines)


def _odd_versions(readings: Mapping[Who, Reading]) -> Iterator[Odd]:
    """Every page that names the version must name the same one, and each that should must name it."""
    shown = {
        (who, page): "没有写版本" if seen is None else f"第{seen.number}版 {seen.hash}"
        for who, reading in readings.items()
        for page, seen in reading.versions.items()
    }
    if len(set(shown.values())) > 1:
        expected = Counter(shown.values()).most_common(1)[0][0]
        for (who, page), text in shown.items():
            if text != expected:
                yield Odd(who, f"版本 {page}", expected, text)


def _groups_told(reading: Reading) -> frozenset[str]:
    """Which kinds of things this reading speaks of at all."""
    told = {
        "问题": True,
        "结果": reading.end is not None,
        "部分": reading.sections is not None,
        "字段": reading.sections is not None,
        "材料": reading.materials is not None,
        "错误": reading.errors is not None,
        "决定": reading.errors is not None and reading.missing is not None,
        "缺件": reading.missing is not None,
    }
    return frozenset(name for name, is_told in told.items() if is_told)


def _parts(reading: Reading) -> Iterator[tuple[str, str]]:
    """Everything that is told, by name."""
    for asked in reading.questions:
        yield f"问题 {asked.key}", "有"
        yield f"问题 {asked.key} · 文字", asked.text
        yield f"问题 {asked.key} · 说明", asked.help
        yield f"问题 {asked.key} · 选项", _rows(asked.options)
    if reading.end is not None:
        yield "结果 种类", reading.end.kind
        yield "结果 说明", reading.end.message
        yield "结果 去处", reading.end.where
    for section in reading.sections or ():
        yield f"部分 {section.key}", "有"
        yield f"部分 {section.key} · 标题", section.title
        yield f"部分 {section.key} · 每条", section.repeat
        for one in section.fields:
            yield from _field_parts(one)
    for material in reading.materials or ():
        yield f"材料 {material.key}", "有"
        yield f"材料 {material.key} · 名称", material.name
        yield f"材料 {material.key} · 方式", material.way
        if material.required is not None:
            yield f"材料 {material.key} · 必要", _yes(is_so=material.required)
    for path, message in (reading.errors or {}).items():
        yield f"错误 {path}", message
    if reading.missing is not None:
        yield from ((f"缺件 {key}", "有") for key in sorted(reading.missing))
        if reading.errors is not None:
            yield "决定 可以提交", _yes(is_so=not reading.errors and not reading.missing)


def _field_parts(one: FieldSeen) -> Iterator[tuple[str, str]]:
    name = f"字段 {one.name}"
    yield name, "有"
    yield f"{name} · 名称", one.label
    yield f"{name} · 说明", one.help
    yield f"{name} · 必填", _yes(is_so=one.required)
    yield f"{name} · 类型", one.control
    yield f"{name} · 单位", one.unit
    yield f"{name} · 长度", str(one.max_length or NOTHING)
    yield f"{name} · 选项", _rows(one.choices)


def _orders(reading: Reading) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "问题", tuple(asked.key for asked in reading.questions)
    if reading.sections is not None:
        before = reading.looked_over
        yield "部分", tuple(one.key for one in reading.sections if one.key not in before)
        names = (one.name for section in reading.sections for one in section.fields)
        yield "字段", tuple(name for name in names if name not in before)


def _rows(options: Iterable[tuple[str, str]]) -> str:
    return "；".join(f"{value}={label}" for value, label in options)


def _yes(*, is_so: bool) -> str:
    return "是" if is_so else "否"
