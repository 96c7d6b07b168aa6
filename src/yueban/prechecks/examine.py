"""What may be wrong with a document, told from the rows that were read on it. Pure: no file, no clock, no database."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from yueban.kernel.codes import resident_id, uscc
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.masking import Edges, mask
from yueban.prechecks.choices import Doubt
from yueban.prechecks.kinds import DocumentKind

Rows = Sequence[Sequence[str]]
# Of less nothing can be said.
LEAST_TEXT: Final = 8
TITLE, KNOWN_BY_WORDS = 4, 3
# A title stands nearly alone in its row; in a sentence another document speaks of it.
BESIDE_TITLE: Final = 12
NO_TITLE_BEFORE: Final = re.compile(r"^(号|复印件|编号|原件)")
DAY: Final = re.compile(r"(\d{4})[年.\-/](\d{1,2})(?:[月.\-/](\d{1,2}))?")
BEGINS: Final = re.compile(r"日?[-—~至]")
PERSON_NUMBER: Final = re.compile(r"(?<![0-9A-Z])\d{17}[0-9X](?![0-9A-Z])")
CODE: Final = re.compile(r"(?<![0-9A-Z])[0-9][0-9A-Z]{17}(?![0-9A-Z])")
NOT_IN_NAMES: Final = re.compile(r"[^\w]|_")
HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
LONG_NAME: Final = 6
NAME_OF_PERSON: Final = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt; ``said`` is what stands on the document, masked, ``on`` the day it ended."""

    doubt: Doubt
    said: str = ""
    on: str = ""

    def as_dict(self) -> dict[str, str]:
        """As it is kept."""
        return {"doubt": self.doubt.value, "said": self.said, "on": self.on}


@dataclass(frozen=True, slots=True)
class Examined:
    """The kind of document that was seen, if any, and the doubts."""

    seen: str
    findings: tuple[Finding, ...]


def examine(
    rows: Rows,
    *,
    kinds: Sequence[DocumentKind],
    wanted: Sequence[DocumentKind],
    names: Iterable[str],
    today: date,
) -> Examined:
    """Hold a page against what is wanted: the kind of document first, then what stands on it."""
    plain = [[tidy(part) for part in row] for row in rows]
    lines = ["".join(row) for row in plain]
    if sum(map(len, lines)) < LEAST_TEXT:
        return Examined("", (Finding(Doubt.NO_TEXT),))
    seen = recognise(lines, kinds)
    if wanted and seen not in wanted:
        return Examined("" if seen is None else seen.key, tuple(_other(lines, seen, wanted)))
    if seen is None:
        return Examined("", ())
    found = [*_number(lines, seen), *_last_day(lines, seen, today)]
    if wanted:
        found = [*_name(plain, seen, names), *found]
    return Examined(seen.key, tuple(found))


def _other(
    lines: Sequence[str], seen: DocumentKind | None, wanted: Iterable[DocumentKind]
) -> Iterator[Finding]:
    """Not what is wanted; a page that says nearly as much of what is wanted is left to the person."""
    best = max(score(lines, kind) for kind in wanted)
    if seen is not None and score(lines, seen) - best >= KNOWN_BY_WORDS:
        yield Finding(Doubt.OTHER_DOCUMENT)
    elif best == 0:
        yield Finding(Doubt.NOT_RECOGNISED)


def tidy(text: str) -> str:
    """One way of writing each character, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def recognise(lines: Sequence[str], kinds: Iterable[DocumentKind]) -> DocumentKind | None:
    """The kind that most speaks for; None where too little does, or two alike."""
    ranked = sorted(((score(lines, kind), kind) for kind in kinds), key=lambda one: -one[0])
    if not ranked or ranked[0][0] < KNOWN_BY_WORDS:
        return None
    if len(ranked) > 1 and ranked[1][0] == ranked[0][0]:
        return None
    return ranked[0][1]


def score(lines: Sequence[str], kind: DocumentKind) -> int:
    """How much speaks for a kind: its title counts as much as several of its words."""
    whole = "".join(lines)
    titled = any(_is_titled(line, title) for line in lines for title in kind.titles)
    return TITLE * titled + sum(word in whole for word in kind.words)


def _is_titled(line: str, title: str) -> bool:
    if len(line) > len(title) + BESIDE_TITLE:
        return False
    for start in range(len(line) - len(title) + 1):
        part = line[start : start + len(title)]
        wrong = sum(one != other for one, other in zip(part, title, strict=True))
        # One character in five may be misread.
        if wrong <= len(title) // 5 and not NO_TITLE_BEFORE.match(line[start + len(title) :]):
            return True
    return False


def _number(lines: Sequence[str], kind: DocumentKind) -> Iterator[Finding]:
    if kind.number == "resident-id":
        yield from _checked(PERSON_NUMBER, lines, resident_id.check_character)
    elif kind.number == "uscc":
        # The code knows neither letter, so they are digits misread.
        read = [line.replace("O", "0").replace("I", "1") for line in lines]
        yield from _checked(CODE, read, uscc.check_character)


def _checked(
    pattern: re.Pattern[str], lines: Iterable[str], character: Callable[[str], str]
) -> Iterator[Finding]:
    found = [number for line in lines for number in pattern.findall(line)]
    if found and not any(_is_sound(number, character) for number in found):
        yield Finding(Doubt.BAD_NUMBER, said=Edges(0, 4).mask(found[0]))


def _is_sound(number: str, character: Callable[[str], str]) -> bool:
    try:
        return character(number[:-1]) == number[-1]
    except CodeError:
        return False


def _last_day(lines: Sequence[str], kind: DocumentKind, today: date) -> Iterator[Finding]:
    """The latest day beside a label counts; a document without end ends on none."""
    days: list[date] = []
    for place, line in enumerate(lines):
        label = next((label for label in kind.until if label in line), None)
        if label is None:
            continue
        beside = line.split(label, 1)[1]
        below = lines[place + 1] if place + 1 < len(lines) else ""
        if "长期" in beside or (not DAY.search(beside) and "长期" in below):
            return
        days += _days(beside) or _days(below)
    if days and max(days) < today:
        yield Finding(Doubt.EXPIRED, on=max(days).isoformat())


def _days(text: str) -> list[date]:
    """The days in a text; none where one is misread, or the last is only where the time begins."""
    found = list(DAY.finditer(text))
    days = [_day(*match.groups()) for match in found]
    if None in days or (found and BEGINS.match(text[found[-1].end() :])):
        return []
    return [day for day in days if day is not None]


def _day(year: str, month: str, day: str | None) -> date | None:
    """A month without a day lasts to its end."""
    try:
        if day is not None:
            return date(int(year), int(month), int(day))
        first = date(int(year), int(month), 1)
    except ValueError:
        return None
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _name(rows: Rows, kind: DocumentKind, names: Iterable[str]) -> Iterator[Finding]:
    expected = [_letters(name) for name in names if name]
    whole = _letters("".join("".join(row) for row in rows))
    if not expected or any(name in whole for name in expected):
        return
    for label in kind.holder:
        said = _beside(rows, label)
        if len(HAN.findall(said)) < 2:
            continue
        if not any(_is_alike(said, name) for name in expected):
            yield Finding(Doubt.OTHER_NAME, said=_masked(said))
        return


def _beside(rows: Rows, label: str) -> str:
    """What follows a label: in the same part, the next part, or the row below."""
    for place, row in enumerate(rows):
        for at, part in enumerate(row):
            if not part.startswith(label):
                continue
            rest = _letters(part[len(label) :])
            below = rows[place + 1][0] if place + 1 < len(rows) and rows[place + 1] else ""
            return rest or _letters(row[at + 1] if at + 1 < len(row) else below)
    return ""


def _letters(text: str) -> str:
    return NOT_IN_NAMES.sub("", tidy(text))


def _is_alike(said: str, name: str) -> bool:
    """Whether a name may be the same, misread: a rare character of a person's, two of a long one."""
    if len(name) >= LONG_NAME:
        return _distance(said, name) <= 2
    if len(said) != len(name):
        return False
    return all(one == other or _is_rare(other) for one, other in zip(said, name, strict=True))


def _is_rare(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _distance(one: str, other: str) -> int:
    """How many characters are to be changed, added or left out."""
    before = list(range(len(other) + 1))
    for row, mine in enumerate(one, 1):
        now = [row]
        for column, theirs in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (mine != theirs)))
        before = now
    return before[-1]


def _masked(name: str) -> str:
    return mask("name", name) if len(name) <= NAME_OF_PERSON else Edges(2, 2).mask(name[:40])
