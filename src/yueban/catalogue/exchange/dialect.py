"""How one side of the exchange writes what the standard keeps as codes, flags and rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from yueban.catalogue import rules
from yueban.catalogue.exchange.faults import CellFault
from yueban.elements.selectors import Dictionary
from yueban.expressions import Vocabulary


class Dialect(Protocol):
    """A side of the exchange."""

    yes: str
    no: str

    def shown(self, code_list: str, code: str) -> str:
        """A code of ours as the other side writes it."""

    def code_of(self, code_list: str, text: str) -> str:
        """The code of ours for what the other side wrote; raises CellFault."""

    def basic_out(self, code: str, /) -> str:
        """Our 基本编码 as the other side writes it: digits 3 and 4 are the item type and differ with it."""

    def basic_in(self, code: str, /) -> str:
        """Our 基本编码 for the other side's."""

    def sentence(self, rule: Mapping[str, Any] | None, /) -> str | None:
        """A condition in words."""


class ExcelDialect:
    """Excel: codes with their names (01 行政许可), 是 and 否."""

    yes, no = "是", "否"

    def __init__(self, dictionary: Dictionary) -> None:
        self._vocabulary: Vocabulary = dictionary.vocabulary
        self._lists: dict[str, dict[str, str]] = {}
        for row in dictionary.code_lists:
            names = {entry.code: entry.name for entry in row.codes}
            self._lists[row.key] = names | self._lists.get(row.key, {})

    def codes(self, code_list: str) -> dict[str, str]:
        """Code and name of a list, for the drop-down."""
        return self._lists.get(code_list, {})

    def shown(self, code_list: str, code: str) -> str:
        """01 行政许可."""
        name = self.codes(code_list).get(code)
        return f"{code} {name}" if name else code

    def code_of(self, code_list: str, text: str) -> str:
        """The code itself, its name, or both as the drop-down writes them."""
        names = self.codes(code_list)
        word = text.strip()
        if word in names:
            return word
        head = word.split(maxsplit=1)[0] if word else ""
        if head in names and word == self.shown(code_list, head):
            return head
        found = [code for code, name in names.items() if name == word]
        if len(found) == 1:
            return found[0]
        choices = "、".join(self.shown(code_list, code) for code in list(names)[:12])
        raise CellFault(f"“{text}”不在代码表里。", f"请从下拉列表中选：{choices}。")

    def basic_out(self, code: str, /) -> str:
        """As it is."""
        return code

    def basic_in(self, code: str, /) -> str:
        """As it is."""
        return code

    def sentence(self, rule: Mapping[str, Any] | None, /) -> str | None:
        """A condition in words."""
        return rules.sentence(rule, self._vocabulary)
