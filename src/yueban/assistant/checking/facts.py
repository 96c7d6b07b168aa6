"""Which facts of a sentence do not stand in the text that it cites.

Numbers, times, money, numbers to call, materials, places and laws must stand there with the same value; may and may
not, need and need not, free and charged must not be turned round. Where the cited text says several values of one
kind, the value must be that of the clause that speaks of the same thing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from yueban.assistant.checking.names import NO_NAMES, Vocabulary, names_in
from yueban.assistant.checking.plain_text import evened, pairs_of
from yueban.assistant.checking.polarity import Stand, stands_in
from yueban.assistant.checking.quantities import Quantity, quantities_in

__all__ = ["Fact", "Vocabulary", "unsupported"]
LOCAL_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Fact:
    """What does not stand in the cited text: its kind, its words, and how it fails.

    ``how`` is absent (it is nowhere), elsewhere (it is said of something else) or denied (the opposite is said).
    """

    kind: str
    text: str
    how: str = "absent"


class _InClause(Protocol):
    @property
    def clause(self) -> str: ...


One = TypeVar("One", bound=_InClause)


def unsupported(sentence: str, quote: str, vocabulary: Vocabulary = NO_NAMES) -> list[Fact]:
    """The facts of the sentence that the quote does not say; empty when it stands there whole."""
    said, cited = evened(sentence), evened(quote)
    return [
        *_quantities(quantities_in(said), quantities_in(cited)),
        *_stands(stands_in(said), stands_in(cited)),
        *_names(said, cited, vocabulary),
    ]


def _quantities(said: Sequence[Quantity], cited: Sequence[Quantity]) -> Iterator[Fact]:
    for one in said:
        alike = [other for other in cited if _is_comparable(one, other)]
        right = [other for other in alike if _is_same(one, other)]
        if one.is_weak and not alike:
            continue
        if not right:
            yield Fact(one.kind, one.text)
        elif not any(other in right for other in _nearest(one, alike)):
            yield Fact(one.kind, one.text, "elsewhere")
        elif not any(_is_bound_alike(one, other) for other in right):
            yield Fact(one.kind, one.text, "denied")


def _is_comparable(one: Quantity, other: Quantity) -> bool:
    """Whether both could be values of the same thing."""
    if {one.kind, other.kind} <= {"number", "money"}:
        (_, unit), (_, other_unit) = _pair(one), _pair(other)
        return unit in ("", other_unit) or (unit, other_unit) in {("号", "日"), ("日", "号")}
    return one.kind == other.kind


def _pair(one: Quantity) -> tuple[object, str]:
    assert isinstance(one.value, tuple)
    return one.value


def _is_same(one: Quantity, other: Quantity) -> bool:
    if one.kind == "date":
        assert isinstance(one.value, tuple)
        assert isinstance(other.value, tuple)
        return all(mine in (None, theirs) for mine, theirs in zip(one.value, other.value, strict=True))
    if one.kind == "phone":
        mine, theirs = str(one.value), str(other.value)
        is_local = len(mine) >= LOCAL_DIGITS and theirs.startswith("0") and len(theirs) - len(mine) in (3, 4)
        return mine == theirs or (is_local and theirs.endswith(mine))
    if one.kind in ("number", "money"):
        return _pair(one)[0] == _pair(other)[0]
    return one.value == other.value


def _is_bound_alike(one: Quantity, other: Quantity) -> bool:
    """Up to 5万元 is not from 5万元; and of money, neither is it 5万元."""
    if {one.bound, other.bound} == {"most", "least"}:
        return False
    return one.bound == other.bound or one.kind not in ("money", "percent")


def _nearest(one: _InClause, others: Iterable[One]) -> list[One]:
    """Those in the clauses that speak most of what the clause of this one speaks of."""
    about = pairs_of(one.clause)
    shared = [(len(about & pairs_of(other.clause)), other) for other in others]
    most = max((count for count, _ in shared), default=0)
    return [other for count, other in shared if count == most]


def _stands(said: Sequence[Stand], cited: Sequence[Stand]) -> Iterator[Fact]:
    for one in said:
        alike = [other for other in cited if other.idea == one.idea]
        if not alike and one.is_denied:
            yield Fact(one.idea, one.text)
        elif alike and not any(other.is_denied == one.is_denied for other in _nearest(one, alike)):
            yield Fact(one.idea, one.text, "denied")


def _names(said: str, cited: str, vocabulary: Vocabulary) -> Iterator[Fact]:
    stands: Callable[[str], bool] = cited.__contains__
    for name in names_in(said, vocabulary):
        if not any(map(stands, name.forms)):
            yield Fact(name.kind, name.text)
