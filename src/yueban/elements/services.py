"""Writes of elements, code lists and canonical materials."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models

from yueban.elements.models import CanonicalMaterial, CodeEntry, CodeList, Element, VocabularyEdition
from yueban.elements.rows import CanonicalMaterialRow as CanonicalMaterialRow
from yueban.elements.rows import CodeListRow as CodeListRow
from yueban.elements.rows import ElementRow as ElementRow
from yueban.elements.rows import ElementsFile as ElementsFile
from yueban.kernel.changes import Changes


def save_elements(*, file: ElementsFile) -> Changes:
    """Create and update everything of the file; the same file again changes nothing."""
    changes = (
        _save_code_lists(file.code_lists)
        + _save(Element, "code", [_element_fields(row) for row in file.elements])
        + _save(CanonicalMaterial, "key", [_material_fields(row) for row in file.canonical_materials])
    )
    if changes.created or changes.changed:
        renew_vocabulary()
    return changes


def renew_vocabulary() -> None:
    """Every process reads the dictionary again: elements changed, or the names of divisions that it says."""
    edition = VocabularyEdition.objects.select_for_update().first() or VocabularyEdition()
    edition.stamp = uuid.uuid4()
    edition.save()


def _element_fields(row: ElementRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "type": str(row.type),
        "format": str(row.format),
        "unit": row.unit or "",
        "code_list": row.codes or "",
        "source": row.source or "",
        "sensitivity": str(row.sensitivity),
        "max_length": row.max_length,
        "bounds": row.bounds.model_dump(mode="json", exclude_none=True) if row.bounds else {},
    }


def _material_fields(row: CanonicalMaterialRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "name_en": row.name_en,
        "certificate_type": row.certificate_type or "",
    }


def _save(model: type[Element] | type[CanonicalMaterial], key: str, rows: list[dict[str, Any]]) -> Changes:
    """Create and update rows by their key, in two statements whatever their number."""
    manager: models.Manager[Any] = model._default_manager
    stored = {getattr(row, key): row for row in manager.all()}
    fresh = [model(**row) for row in rows if row[key] not in stored]
    altered = [row for row in rows if row[key] in stored and _differs(stored[row[key]], row)]
    manager.bulk_create(fresh)
    for row in altered:
        for name, value in row.items():
            setattr(stored[row[key]], name, value)
    if altered:
        manager.bulk_update([stored[row[key]] for row in altered], [n for n in rows[0] if n != key])
    return Changes(len(fresh), len(altered), len(rows) - len(fresh) - len(altered))


def _differs(stored: models.Model, row: dict[str, Any]) -> bool:
    return any(getattr(stored, name) != value for name, value in row.items())


def _save_code_lists(rows: Iterable[CodeListRow]) -> Changes:
    changes = Changes()
    editions = CodeList.objects.prefetch_related("entries")
    stored = {(row.key, row.profile, row.version): row for row in editions}
    for row in rows:
        found = stored.get((row.key, str(row.profile), row.version))
        if found is None:
            _write_codes(CodeList(key=row.key, profile=row.profile, version=row.version), row)
            changes += Changes(created=1)
        elif _stated(found) != _wanted(row):
            _write_codes(found, row)
            changes += Changes(changed=1)
        else:
            changes += Changes(unchanged=1)
    return changes


def _stated(row: CodeList) -> tuple[object, ...]:
    codes = [(entry.code, entry.name, entry.name_en) for entry in row.entries.all()]
    return row.name, row.standard, codes


def _wanted(row: CodeListRow) -> tuple[object, ...]:
    return row.name, row.standard or "", [(entry.code, entry.name, entry.name_en) for entry in row.codes]


def _write_codes(code_list: CodeList, row: CodeListRow) -> None:
    code_list.name, code_list.standard = row.name, row.standard or ""
    code_list.save()
    code_list.entries.all().delete()
    CodeEntry.objects.bulk_create(
        CodeEntry(code_list=code_list, code=e.code, name=e.name, name_en=e.name_en, position=position)
        for position, e in enumerate(row.codes)
    )
