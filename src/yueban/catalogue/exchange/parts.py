"""The parts of a workbook, looked at before they are read: a file of a few lines must not fill the memory.

A spreadsheet's reader makes a cell of every place in a merged or linked area, and keeps every cell and row there is.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from openpyxl.utils import range_boundaries

MOST_ELEMENTS = 2_000_000
# Of all merged and linked areas of a file together.
MOST_AREA = 20_000
CHUNK = 64 * 1024
AREAS = frozenset({"mergeCell", "hyperlink"})


class _Harmful(Exception):
    """There is no need to read on."""


@dataclass
class PartsCounted:
    """What was counted so far over all parts of one file."""

    elements: int = 0
    area: int = 0

    def is_harmless(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
        """Whether a part may be read, whatever it is called; one that is no XML breaks off before it does harm."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._count
        try:
            with packed.open(part) as opened:
                while chunk := opened.read(CHUNK):
                    parser.Parse(chunk, False)
        except expat.ExpatError:
            return True
        except (
            _Harmful,
            ValueError,
            LookupError,
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            RuntimeError,
            NotImplementedError,
        ):
            return False
        return True

    def _count(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.elements += 1
        if local in AREAS and "ref" in attributes:
            self.area += _area_of(attributes["ref"])
        if self.elements > MOST_ELEMENTS or self.area > MOST_AREA:
            raise _Harmful


def _refuse(*_: object) -> None:
    raise _Harmful


def _area_of(reference: str) -> int:
    """How many cells a reference names; whole rows and columns are endless."""
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        return MOST_AREA + 1
    return int((right - left + 1) * (bottom - top + 1))
