"""The dictionary: elements with their code lists, and canonical materials, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from yueban.elements.choices import ElementType, Profile
from yueban.elements.rows import CanonicalMaterialRow, CodeListRow, CodeRow, ElementRow
from yueban.expressions import FactType, Vocabulary

# The code list of industries (GB/T 4754): names of what elements of that type say.
INDUSTRIES = "industries"
_NEARNESS = {Profile.LOCAL: 0, Profile.PROVINCIAL: 1, Profile.NATIONAL: 2}


@dataclass(frozen=True)
class Dictionary:
    """Everything an item, a form or a rule may speak of."""

    elements: Mapping[str, ElementRow]
    code_lists: tuple[CodeListRow, ...]
    canonical_materials: Mapping[str, CanonicalMaterialRow]
    divisions: Mapping[str, str] = field(default_factory=dict)
    """Code → name of every division, so that rules can be said with names."""

    @classmethod
    def of(
        cls,
        elements: Iterable[ElementRow],
        code_lists: Iterable[CodeListRow],
        canonical_materials: Iterable[CanonicalMaterialRow],
        divisions: Mapping[str, str] | None = None,
    ) -> Dictionary:
        """Index rows by their codes and keys."""
        return cls(
            {row.code: row for row in elements},
            tuple(code_lists),
            {row.key: row for row in canonical_materials},
            divisions or {},
        )

    def find_code_list(self, key: str, profile: Profile | None = None) -> CodeListRow | None:
        """The newest edition of the list, of the nearest profile (市标, 省标, 国标) unless one is named."""
        editions = [row for row in self.code_lists if row.key == key and profile in (None, row.profile)]
        return min(editions, key=_preference, default=None)

    def codes_of(self, element: str) -> tuple[CodeRow, ...]:
        """The codes an element may take, in the list's order; empty for elements without a list."""
        row = self.elements[element]
        found = self.find_code_list(row.codes) if row.codes else None
        return found.codes if found else ()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The elements as facts of the rule language."""
        return Vocabulary({code: self._fact(row) for code, row in self.elements.items()})

    @cached_property
    def _names(self) -> Mapping[ElementType, Mapping[str, str]]:
        """What codes are called that no list of an element limits."""
        industries = self.find_code_list(INDUSTRIES)
        named = {entry.code: entry.name for entry in industries.codes} if industries else {}
        return {ElementType.DIVISION: self.divisions, ElementType.INDUSTRY: named}

    def _fact(self, row: ElementRow) -> FactType:
        codes = {entry.code: entry.name for entry in self.codes_of(row.code)}
        return FactType(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            type=str(row.type),
            unit=row.unit,
            codes=codes or None,
            source=row.source or "",
            sensitivity=str(row.sensitivity),
            names=self._names.get(row.type),
        )


def _preference(row: CodeListRow) -> tuple[int, tuple[int, str]]:
    # Versions are numbers or years; the greatest comes first, so the order is turned round.
    number = int(row.version) if row.version.isdecimal() else 0
    return _NEARNESS[row.profile], (-number, row.version)
