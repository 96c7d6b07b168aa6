"""What a 12-digit division code says by itself: prefix, level, ancestors. No database."""

import re

from yueban.divisions.choices import DivisionLevel

# Digits that count at each level (统计用区划代码: 2 province, 4 city, 6 county, 9 town, 12 village).
_LENGTHS = (2, 4, 6, 9, 12)
_LEVELS = {
    4: DivisionLevel.CITY,
    6: DivisionLevel.COUNTY,
    9: DivisionLevel.TOWN,
    12: DivisionLevel.VILLAGE,
}


def is_code(text: str) -> bool:
    """Whether the text has the form of a division code."""
    return re.fullmatch(r"[0-9]{12}", text) is not None


def prefix_of(code: str) -> str:
    """The significant digits of a code: 330602000000 → 330602; none of the whole country's, 000000000000."""
    return next(code[:length] for length in (0, *_LENGTHS) if not code[length:].strip("0"))


def level_of(code: str) -> DivisionLevel | None:
    """The level a code stands at; None for a province."""
    return _LEVELS.get(len(prefix_of(code)))


def ancestry(code: str) -> tuple[str, ...]:
    """The code itself and those above it, nearest first, up to the city."""
    prefix = prefix_of(code)
    return tuple(
        prefix[:length].ljust(12, "0") for length in reversed(_LENGTHS) if 4 <= length <= len(prefix)
    )


def is_within(code: str, whole: str) -> bool:
    """Whether the division of ``code`` lies in the division of ``whole`` (or is the same)."""
    return code.startswith(prefix_of(whole))
