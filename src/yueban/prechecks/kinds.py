"""The documents that a machine knows by sight, as the city's ``documents.yaml`` states them."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE: Final = "documents.yaml"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentKind(_Row):
    """One kind of document: the words it is known by, and what can be checked on it."""

    key: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    name: str = Field(min_length=2, max_length=60)
    titles: tuple[str, ...] = Field(min_length=1)
    """What stands on it in large letters."""
    words: tuple[str, ...] = ()
    """What else stands on it: labels that few other documents have together."""
    materials: tuple[str, ...] = ()
    """The canonical materials that it may serve as."""
    holder: tuple[str, ...] = ()
    """Labels before the name; none where it may well be somebody else's."""
    number: Literal["resident-id", "uscc"] | None = None
    until: tuple[str, ...] = ()
    """Labels before its last day."""


class Documents(_Row):
    """All kinds that this city states."""

    documents: tuple[DocumentKind, ...] = ()

    def serving(self, material: str) -> tuple[DocumentKind, ...]:
        """The kinds that may serve as this canonical material."""
        return tuple(one for one in self.documents if material in one.materials)


def documents() -> Documents:
    """The file of this instance's city, read again when it has changed; empty where there is none."""
    path = settings.CITY_DIR / FILE
    return _read(path, path.stat().st_mtime) if path.exists() else Documents()


@lru_cache(maxsize=4)
def _read(path: Path, _changed_at: float) -> Documents:
    return Documents.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def check_file(path: Path, *, canonicals: Iterable[str]) -> list[str]:
    """What is wrong with the file, in words."""
    if not path.exists():
        return []
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        stated = Documents.model_validate(content)
    except (ValidationError, yaml.YAMLError) as error:
        return [f"{FILE}：读不懂：{error}"]
    return list(_problems(stated, set(canonicals)))


def _problems(stated: Documents, canonicals: set[str]) -> Iterator[str]:
    keys = [one.key for one in stated.documents]
    yield from (f"{FILE}：“{key}”写了两次。" for key in sorted({key for key in keys if keys.count(key) > 1}))
    named = {material for one in stated.documents for material in one.materials}
    yield from (f"{FILE}：材料字典里没有“{one}”。" for one in sorted(named - canonicals))
