"""The vocabulary: the data elements a rule may speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yueban.expressions.errors import RuleInvalid, RuleUnknownFact
from yueban.expressions.nodes import Node


class FactKind(StrEnum):
    """The types of facts."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"
    CODE = "code"
    CODES = "codes"
    DIVISION = "division"
    INDUSTRY = "industry"


# Asked for every fact of every standard that is read.
KINDS = {kind.value: kind for kind in FactKind}


def division_prefix(code: str) -> str:
    """The significant digits of a division: 330602000000 → 330602 (levels end at 2, 4, 6, 9, 12)."""
    for end in (2, 4, 6, 9):
        if len(code) > end and not code[end:].strip("0"):
            return code[:end]
    return code


@dataclass(frozen=True, slots=True)
class FactType:
    """A data element as rules know it; ``derived`` makes it a named expression (then boolean).

    ``codes`` is the list it may take; ``names`` only says what codes are called that no list limits.
    """

    code: str
    name: str
    name_en: str = ""
    type: str = FactKind.TEXT
    unit: str | None = None
    codes: Mapping[str, str] | None = None
    source: str = ""
    sensitivity: str = "public"
    derived: Node | None = None
    names: Mapping[str, str] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.type not in KINDS:
            raise RuleInvalid(
                f"数据元“{self.code}”的类型“{self.type}”未定义。", hint=f"可用：{'、'.join(FactKind)}。"
            )
        if self.derived is not None and self.type != FactKind.BOOLEAN:
            raise RuleInvalid(f"派生数据元“{self.code}”的类型应为 boolean。", hint="请改正其类型。")

    @property
    def kind(self) -> FactKind:
        """The type as a member of the list."""
        return KINDS[self.type]

    @property
    def is_sensitive(self) -> bool:
        """Whether its value may not stand in an explanation."""
        return self.sensitivity == "sensitive"

    def name_of(self, code: str) -> str:
        """The name of a code; the code itself where nobody knows it.

        A division may stand in the list with or without its closing zeros; an industry without a name of its own
        is said with that of the nearest one it belongs to: C1751（纺织业）.
        """
        found = self.find_name(code)
        if found is not None or self.type != FactKind.INDUSTRY:
            return code if found is None else found
        above = (self.find_name(code[:end]) for end in range(len(code) - 1, 0, -1))
        nearest = next((name for name in above if name is not None), None)
        return code if nearest is None else f"{code}（{nearest}）"

    def find_name(self, code: str) -> str | None:
        """The name that a code itself has."""
        names = self.codes or self.names or {}
        if code in names or self.type != FactKind.DIVISION:
            return names.get(code)
        return names.get(code.ljust(12, "0"), names.get(division_prefix(code)))


class Vocabulary(Mapping[str, FactType]):
    """Code → FactType; immutable."""

    def __init__(self, facts: Mapping[str, FactType] | Iterable[FactType] = ()) -> None:
        types = facts.values() if isinstance(facts, Mapping) else facts
        self._facts = {fact.code: fact for fact in types}

    def __getitem__(self, code: str) -> FactType:
        return self._facts[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def get_fact(self, code: str) -> FactType:
        """The fact of a code; raises RuleUnknownFact."""
        found = self._facts.get(code)
        if found is None:
            raise RuleUnknownFact(
                f"规则引用了未定义的数据元“{code}”。", hint="请先在数据元目录中登记，或改正编码。"
            )
        return found
