"""The national list of 高效办成一件事 as data: batches, entries, and what was once published of it."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Literal

from pydantic import Field

from yueban.catalogue.models import NationalList as StoredList
from yueban.kernel.changes import Changes
from yueban.kernel.rows import EMPTY, Doubt, Key, Line, Row


class Entry(Row):
    """One entry; ``name`` None = not confirmed (待核), never filled by guessing. ``is_sure`` False = as recalled."""

    number: int = Field(ge=1)
    name: Line | None = None
    side: Literal["person", "enterprise"] | None = None
    is_sure: bool = True
    note: Line | None = None


class Batch(Row):
    """One year's list, as it was published."""

    key: Key
    title: Line
    size: int = Field(ge=1)
    published_on: date | None = None
    source: Line | None = None
    entries: tuple[Entry, ...] = Field(strict=False)


class Count(Row):
    """How many of how many were in use on a day, as somebody published it."""

    done: int = Field(ge=0)
    of: int = Field(ge=1)
    dated: date | None = None
    source: Line
    note: Line | None = None


class NationalList(Row):
    """``bundles/national.yaml``."""

    title: Line
    batches: tuple[Batch, ...] = Field(strict=False, min_length=1)
    published: tuple[Count, ...] = Field(default=EMPTY, strict=False)
    unverified: tuple[Doubt, ...] = Field(default=EMPTY, strict=False)

    @property
    def size(self) -> int:
        """How many entries it has in all."""
        return sum(batch.size for batch in self.batches)


def save_national_list(*, content: NationalList) -> Changes:
    """Keep the list; the same content changes nothing."""
    stored = content.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
    last = StoredList.objects.select_for_update().first()
    if last is not None and last.content_hash == digest:
        return Changes(unchanged=1)
    if last is None:
        StoredList.objects.create(content=stored, content_hash=digest)
        return Changes(created=1)
    last.content, last.content_hash = stored, digest
    last.save()
    return Changes(changed=1)


def national_list() -> NationalList | None:
    """The list of this city; None where its pack states none."""
    stored = StoredList.objects.first()
    return NationalList.model_validate_json(json.dumps(stored.content)) if stored is not None else None
