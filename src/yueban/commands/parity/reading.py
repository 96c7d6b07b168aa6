"""What one channel showed to one applicant, in words that are the same for every channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class PageUnread(Exception):
    """A channel answered with something that cannot be read: a wrong status, or a part that is not there."""


@dataclass(frozen=True)
class Question:
    """One situation question as it was asked; ``options`` are (value, label)."""

    key: str
    text: str
    help: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class End:
    """What the questions came to: its kind, and what the person is told."""

    kind: str
    message: str = ""
    where: str = ""


@dataclass(frozen=True)
class FieldSeen:
    """One field of a form; ``control`` is how it is filled in: text, long, integer, decimal, date, choice …"""

    name: str
    label: str
    help: str
    required: bool
    control: str
    unit: str = ""
    max_length: int | None = None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SectionSeen:
    """One part of a form; ``repeat`` is what one row is called, empty where it is filled once."""

    key: str
    title: str
    repeat: str
    fields: tuple[FieldSeen, ...]


@dataclass(frozen=True)
class MaterialSeen:
    """One material: who sees to it (``way``), and whether it must be handed in; None where that is not said."""

    key: str
    name: str
    way: str
    required: bool | None = None


@dataclass(frozen=True)
class VersionSeen:
    """The version and the hash of the standard that a page or an object names."""

    number: int
    hash: str


@dataclass(frozen=True)
class Reading:
    """All that one channel showed; None = this applicant did not come so far there, or it is not told."""

    questions: tuple[Question, ...] = ()
    end: End | None = None
    sections: tuple[SectionSeen, ...] | None = None
    materials: tuple[MaterialSeen, ...] | None = None
    errors: Mapping[str, str] | None = None
    missing: frozenset[str] | None = None
    versions: Mapping[str, VersionSeen | None] = field(default_factory=dict)
    # What is known beforehand and shown for a look before all else: its place among the others says nothing.
    looked_over: frozenset[str] = frozenset()
