"""目录 of a city pack: the city's agency of an item's kind owns the entry that the counties adopted from."""

from __future__ import annotations

from collections.abc import Iterator

from yueban.catalogue.services import EntryRow, definition_of
from yueban.divisions.choices import DivisionLevel
from yueban.flows.city_files import Pack


def directory_rows(pack: Pack) -> Iterator[EntryRow]:
    """One entry an item whose kind of agency the city has itself."""
    cities = {row.code for row in pack.divisions if row.level == DivisionLevel.CITY}
    owners = {row.kind: row.code for row in pack.agencies if row.division in cities}
    for file in pack.items:
        if file.standard is not None and file.standard.agency_kind in owners:
            yield EntryRow(owners[file.standard.agency_kind], definition_of(file.standard))
