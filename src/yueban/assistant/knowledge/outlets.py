"""Pieces of an outlet: where it is, when it is open, how it is called by telephone, what stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yueban.assistant.choices import Element
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.wording import sentence
from yueban.outlets.choices import HoursKind

DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
CALLED = {
    HoursKind.NOON: "中午有人值班",
    HoursKind.SATURDAY: "周六也开放",
    HoursKind.EXTENDED: "晚上延时服务",
}


@dataclass(frozen=True, slots=True)
class OutletSource:
    """One outlet as it stands."""

    code: str
    name: str
    name_en: str
    division: str
    agency: str
    address: str
    phone: str
    spans: tuple[Mapping[str, Any], ...]
    equipment: tuple[str, ...]
    accessibility: tuple[str, ...]


def outlet_pieces(source: OutletSource) -> Iterator[Piece]:
    """All that may be said of an outlet."""

    def piece(element: Element, said: list[str]) -> Piece:
        return Piece(
            subject=f"outlet:{source.code}",
            element=element,
            name=source.name,
            name_en=source.name_en,
            title=f"{source.name} · {element.label}",
            sentences=tuple(sentence(one) for one in said),
            version="",
            owner=source.agency,
            division=source.division,
        )

    if source.address:
        yield piece(Element.WHERE, [f"{source.name}的地址：{source.address}"])
    yield piece(Element.HOURS, [f"{source.name}的开放时间：{hours_words(source.spans)}", "法定节假日休息"])
    if source.phone:
        yield piece(Element.PHONE, [f"{source.name}的电话：{source.phone}"])
    has = [
        f"{name}：{'、'.join(things)}"
        for name, things in (("有这些设备", source.equipment), ("无障碍和便民设施有", source.accessibility))
        if things
    ]
    if has:
        yield piece(Element.SUMMARY, [f"{source.name}{has[0]}", *has[1:]])


def hours_words(spans: tuple[Mapping[str, Any], ...]) -> str:
    """周一至周五 9:00-12:00、13:30-17:00;中午有人值班（12:00-13:30）;… in the order of the week."""
    groups: dict[tuple[str, str], list[int]] = {}
    for span in spans:
        hours = f"{_clock(span['opens'])}-{_clock(span['closes'])}"
        groups.setdefault((span["kind"], hours), []).append(span["weekday"])
    by_kind: dict[str, list[str]] = {}
    for (kind, hours), days in groups.items():
        called = CALLED.get(HoursKind(kind), "")
        said = f"{_days(sorted(days))}{hours}"
        by_kind.setdefault(called, []).append(said)
    return "；".join(
        (f"{called}（{'、'.join(said)}）" if called else "、".join(said)) for called, said in by_kind.items()
    )


def _clock(time: str) -> str:
    """9:00, the way it is said, for 09:00."""
    return time.removeprefix("0")


def _days(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]}至{DAYS[days[-1]]}"
    return "、".join(DAYS[day] for day in days)
