"""Reads of elements: the dictionary, the vocabulary of rules, code lists."""

import uuid

from django.db.models import Prefetch

from yueban.divisions import selectors as divisions
from yueban.elements.bounds import Bounds as Bounds
from yueban.elements.choices import ElementFormat, ElementType, Profile, Sensitivity
from yueban.elements.dictionary import Dictionary as Dictionary
from yueban.elements.errors import CodeListNotFound
from yueban.elements.models import CanonicalMaterial, CodeEntry, CodeList, Element, VocabularyEdition
from yueban.elements.rows import CanonicalMaterialRow, CodeListRow, CodeRow
from yueban.elements.rows import ElementRow as ElementRow
from yueban.expressions import Vocabulary

# The one dictionary of the edition last met; another edition replaces it.
_held: dict[uuid.UUID | None, Dictionary] = {}


def dictionary() -> Dictionary:
    """Everything loaded; read again only when elements have been loaded since (one small query)."""
    stamp = VocabularyEdition.objects.values_list("stamp", flat=True).first()
    held = _held.get(stamp)
    if held is None:
        held = _read_dictionary()
        _held.clear()
        _held[stamp] = held
    return held


def vocabulary() -> Vocabulary:
    """The elements as facts of the rule language."""
    return dictionary().vocabulary


def code_list(key: str, *, profile: Profile | None = None) -> dict[str, str]:
    """Code → name of a list, the nearest profile unless one is named; raises CodeListNotFound."""
    return {entry.code: entry.name for entry in codes_in(key, profile=profile)}


def codes_in(key: str, *, profile: Profile | None = None) -> tuple[CodeRow, ...]:
    """The entries of a list in their order, the nearest profile unless one is named; raises CodeListNotFound."""
    found = dictionary().find_code_list(key, profile)
    if found is None:
        raise CodeListNotFound(f"没有代码表“{key}”。", hint="请先在 elements.yaml 的 code_lists 中登记。")
    return tuple(found.codes)


def canonical_material(key: str) -> CanonicalMaterialRow | None:
    """The entry of the 材料字典, None when there is none."""
    return dictionary().canonical_materials.get(key)


def _read_dictionary() -> Dictionary:
    entries = Prefetch("entries", queryset=CodeEntry.objects.order_by("position"))
    return Dictionary.of(
        (_element_row(row) for row in Element.objects.all()),
        (_code_list_row(row) for row in CodeList.objects.prefetch_related(entries)),
        (
            CanonicalMaterialRow(
                key=row.key,
                name=row.name,
                name_en=row.name_en,
                certificate_type=row.certificate_type or None,
            )
            for row in CanonicalMaterial.objects.all()
        ),
        divisions.names(),
    )


def _element_row(row: Element) -> ElementRow:
    return ElementRow(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        type=ElementType(row.type),
        format=ElementFormat(row.format),
        unit=row.unit or None,
        codes=row.code_list or None,
        source=row.source or None,
        sensitivity=Sensitivity(row.sensitivity),
        max_length=row.max_length,
        bounds=Bounds.model_validate(row.bounds) if row.bounds else None,
    )


def _code_list_row(row: CodeList) -> CodeListRow:
    return CodeListRow(
        key=row.key,
        name=row.name,
        profile=Profile(row.profile),
        standard=row.standard or None,
        version=row.version,
        codes=tuple(CodeRow(code=e.code, name=e.name, name_en=e.name_en) for e in row.entries.all()),
    )
