"""The only source of now in the product; the demonstration and the tests may set another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Final

# Beijing time is a fixed +08:00 (no summer time since 1991); a zone name would need tzdata, which a
# minimal system lacks.
BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """The present moment, aware, in Beijing time."""
    return (_source() if _source is not None else datetime.now(BEIJING)).astimezone(BEIJING)


def years_since(day: date) -> int:
    """Whole years from a day to today: how old somebody born on it is."""
    now = today()
    return now.year - day.year - ((now.month, now.day) < (day.month, day.day))


def today() -> date:
    """The present day in Beijing."""
    return now().date()


def written(day: date) -> str:
    """2026年11月22日: a day as papers and pages write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def set_source(source: Callable[[], datetime] | None) -> None:
    """Replace the source of now (it must give aware datetimes); None brings back the system's clock."""
    global _source
    _source = source
