"""How much memory the embedded server may keep pages in."""

import os
from pathlib import Path
from typing import Final

MEGABYTE: Final = 2**20
LEAST: Final = 128 * MEGABYTE
MOST: Final = 2048 * MEGABYTE
# Where a container's limit stands, version 2 and 1 of control groups.
LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def shared_buffers() -> str:
    """A quarter of the memory that there is, as PostgreSQL's manual advises; it is taken only as it is used."""
    quarter = min(_physical(), *_limits()) // 4
    return f"{max(LEAST, min(quarter, MOST)) // MEGABYTE}MB"


def _physical() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _limits() -> list[int]:
    found = [path.read_text().strip() for path in LIMITS if path.exists()]
    return [int(text) for text in found if text.isdecimal()] or [_physical()]
