"""Profiles of codes: the national one, and the demonstration's with regions that cannot exist.

People and enterprises of the demonstration carry numbers whose check digits are right but whose
region starts with 99, so that no number can belong to anybody.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

PROVINCES: Final = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"}
    | {"41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"}
)
DEMO_REGION: Final = "99"


class Profile(StrEnum):
    """Which regions are taken as real."""

    NATIONAL = "national"
    DEMO = "demo"


_current = Profile.NATIONAL


def set_current(profile: Profile | str) -> None:
    """Choose the profile of this process; the settings do so once at start."""
    global _current
    _current = Profile(profile)


def get_current() -> Profile:
    """The profile used where a caller names none."""
    return _current


def is_region(digits: str, *, also: frozenset[str] = frozenset(), profile: Profile | None = None) -> bool:
    """Whether a code may start with this region (GB/T 2260); ``also`` adds prefixes of one family."""
    if not digits.isdecimal() or not digits.isascii():
        return False
    if digits.startswith(DEMO_REGION):
        return (profile or _current) is Profile.DEMO
    return digits[:2] in PROVINCES or digits[:2] in also
