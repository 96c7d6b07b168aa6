"""Where in a policy's text the fields of an offer were read from: quoted words found again, exactly once each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yueban.policies.faults import Fault, Step
from yueban.policies.reading.document import Clause, clauses_of
from yueban.policies.reading.text import Span, even

CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Placed:
    """A field of an offer and the stretch of the text that says it."""

    field: str
    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"for": self.field, "start": self.start, "end": self.end}


def clause_span(text: str, label: str) -> Span | None:
    """The clause that people cite so, with all that hangs below it; None where there is none, or more than one."""
    parts = clauses_of(text)
    for is_it in (_is_whole, _is_end):
        found = [place for place, part in enumerate(parts) if part.path and is_it(part, label)]
        if len(found) == 1:
            return _with_below(parts, found[0], text)
    return None


def _is_whole(part: Clause, label: str) -> bool:
    return even(part.label) == even(label)


def _is_end(part: Clause, label: str) -> bool:
    """第八条（一） where the chapter before it goes without saying."""
    return any(even("".join(_bare(part, start))) == even(label) for start in range(1, len(part.path)))


def _bare(part: Clause, start: int) -> Sequence[str]:
    return [mark.strip("、.．") if mark[0] == "第" else mark.rstrip(".．") for mark in part.path[start:]]


def _with_below(parts: Sequence[Clause], place: int, text: str) -> Span:
    own = parts[place].path
    last = place
    while last + 1 < len(parts) and parts[last + 1].path[: len(own)] == own:
        last += 1
    before = parts[place - 1].span.end if place else 0
    start = before + len(text[before:]) - len(text[before:].lstrip())
    return Span(start, len(text[: parts[last].span.end].rstrip()))


def place_words(
    text: str, clause: str, quotes: Sequence[tuple[str, tuple[Step, ...], str]]
) -> tuple[list[Placed], list[Fault]]:
    """Each quote (field, where it stands in the file, words) at its place in the clause; those not found are faults."""
    span = clause_span(text, clause)
    if span is None:
        fault = Fault((CLAUSE,), f"原文里找不到唯一的“{clause}”。", "请写出原文的编号，如“第八条（一）”。")
        return [], [fault]
    placed, faults = [Placed(CLAUSE, span.start, span.end)], []
    plain = even(text)
    for field, path, words in quotes:
        start = plain.find(even(words.strip()), span.start, span.end)
        if start < 0:
            faults.append(Fault(path, f"“{clause}”里没有“{words}”这些字。", "请照原文抄写，一字不差。"))
        else:
            placed.append(Placed(field, start, start + len(words.strip())))
    return placed, faults


def take_quotes(content: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, tuple[Step, ...], str]]]:
    """An offer as a file writes it, without its quoted words (``words_text``), and these with their fields."""
    bare = dict(content)
    quotes: list[tuple[str, tuple[Step, ...], str]] = []
    for field, words in _listed(bare.pop("words_text", None)):
        quotes.append((field, ("words_text", field), words))
    benefits = []
    for place, benefit in enumerate(bare.get("benefits") or ()):
        row = dict(benefit) if isinstance(benefit, Mapping) else benefit
        if isinstance(row, dict):
            words = row.pop("words_text", None)
            if isinstance(words, str):
                quotes.append((f"benefits.{row.get('key')}", ("benefits", place, "words_text"), words))
        benefits.append(row)
    if "benefits" in bare:
        bare["benefits"] = benefits
    return bare, quotes


def _listed(stated: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(stated, Mapping):
        return
    for field, words in stated.items():
        for one in words if isinstance(words, list) else [words]:
            yield str(field), str(one)
