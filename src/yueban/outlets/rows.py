"""Outlets as a city pack states them: ``outlets.yaml`` (hours, defaults of a kind) and ``outlets.csv``."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from yueban.outlets.choices import Accessibility, Equipment, HoursKind, KioskPart, OutletKind

WEEKDAYS = "一二三四五六日"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _days(text: Any) -> Any:
    """周一至周五, 周二、周四 → weekday numbers, Monday 0."""
    if not isinstance(text, str):
        return text
    whole = re.fullmatch(rf"周([{WEEKDAYS}])至周([{WEEKDAYS}])", text)
    if whole:
        first, last = (WEEKDAYS.index(sign) for sign in whole.groups())
        return tuple(range(first, last + 1))
    parts = [re.fullmatch(rf"周([{WEEKDAYS}])", part) for part in text.split("、")]
    if not all(parts):
        raise ValueError(f"“{text}”不是星期。写作“周一至周五”或“周二、周四”。")
    return tuple(WEEKDAYS.index(part[1]) for part in parts if part)


def _hour(text: Any) -> Any:
    if isinstance(text, str) and re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", text):
        hour, minute = text.split(":")
        return time(int(hour), int(minute))
    raise ValueError(f'“{text}”不是时刻。写作 "9:00"，加引号。')


def _labels(choices: type[Equipment | Accessibility | KioskPart]) -> BeforeValidator:
    """叫号机、高拍仪 → codes."""
    codes = {str(label): value for value, label in choices.choices}

    def read(given: Any) -> Any:
        words = given.split("、") if isinstance(given, str) else given
        unknown = [str(word) for word in words if word not in codes]
        if unknown:
            raise ValueError(f"不认识“{'、'.join(unknown)}”。可用： {'、'.join(codes)}。")
        return tuple(codes[word] for word in words)

    return BeforeValidator(read)


def _count(given: Any) -> Any:
    return int(given) if isinstance(given, str) and given.isascii() and given.isdecimal() else given


def _degrees(given: Any) -> Any:
    is_number = isinstance(given, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", given)
    return float(given) if is_number else given


def _in_order(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


Hour = Annotated[time, BeforeValidator(_hour)]
EquipmentCodes = Annotated[tuple[str, ...], _labels(Equipment), AfterValidator(_in_order)]
AccessibilityCodes = Annotated[tuple[str, ...], _labels(Accessibility), AfterValidator(_in_order)]
PartCodes = Annotated[tuple[str, ...], _labels(KioskPart), AfterValidator(_in_order)]
Seats = Annotated[int, BeforeValidator(_count), Field(ge=1, le=500)]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SpanRow(_Row):
    """Open from one time to another on some weekdays."""

    days: Annotated[tuple[int, ...], BeforeValidator(_days)]
    opens: Hour
    closes: Hour
    kind: HoursKind = Field(default=HoursKind.REGULAR, strict=False)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> SpanRow:
        if self.closes <= self.opens:
            raise ValueError("关门时间应晚于开门时间。")
        return self


class TimetableRow(_Row):
    """The hours of a week, under a name that outlets refer to."""

    key: str = Field(pattern=SLUG, max_length=40)
    name: str = Field(min_length=2, max_length=100)
    spans: tuple[SpanRow, ...] = Field(strict=False, min_length=1)


class KindRow(_Row):
    """What an outlet of a kind has where its own row leaves the cell empty."""

    kind: OutletKind = Field(strict=False)
    hours: str = Field(pattern=SLUG, max_length=40)
    equipment: EquipmentCodes = ()
    accessibility: AccessibilityCodes = ()


class OutletsFile(_Row):
    """``outlets.yaml``."""

    timetables: tuple[TimetableRow, ...] = Field(strict=False, min_length=1)
    kinds: tuple[KindRow, ...] = Field(strict=False, min_length=1)


class OutletRow(_Row):
    """A line of ``outlets.csv``; an empty cell means the default of the kind."""

    code: str = Field(pattern=SLUG, max_length=40)
    kind: OutletKind = Field(strict=False)
    name: str = Field(min_length=2, max_length=200)
    name_en: str = Field(default="", max_length=200)
    division: str = Field(pattern=r"^[0-9]{12}$")
    agency: str = Field(pattern=SLUG, max_length=60)
    seats: Seats
    hours: str | None = Field(default=None, pattern=SLUG)
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    equipment: EquipmentCodes | None = None
    accessibility: AccessibilityCodes | None = None
    longitude: Annotated[float | None, BeforeValidator(_degrees), Field(ge=-180, le=180)] = None
    latitude: Annotated[float | None, BeforeValidator(_degrees), Field(ge=-90, le=90)] = None
    remark: str = Field(default="", max_length=200)
    demo: bool = False

    @model_validator(mode="after")
    def _both_coordinates_or_none(self) -> OutletRow:
        if (self.longitude is None) != (self.latitude is None):
            raise ValueError("经度和纬度要么都写，要么都不写。")
        return self


class KioskRow(_Row):
    """A kiosk of the demonstration: where it stands, what it offers first, what it can read and print with."""

    code: str = Field(pattern=SLUG, max_length=40)
    outlet: str = Field(pattern=SLUG, max_length=40)
    name: str = Field(min_length=2, max_length=100)
    name_en: str = Field(default="", max_length=100)
    items: tuple[str, ...] = Field(strict=False, min_length=1)
    parts: PartCodes


class KiosksFile(_Row):
    """``kiosks.yaml``."""

    kiosks: tuple[KioskRow, ...] = Field(strict=False, min_length=1)
