"""Every page of a pdf as lines, read in a process of its own; needs no Django."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from yueban.prechecks import reader

MOST_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``is_recognised`` = its letters were read from a picture, None = they could not be."""

    lines: tuple[str, ...]
    is_recognised: bool | None


def read_pages(path: Path) -> list[Page] | None:
    """The pages in order; None where the file could not be read."""
    words = [sys.executable, "-m", reader.__name__, str(path), "application/pdf", "all"]
    try:
        done = subprocess.run(words, capture_output=True, timeout=MOST_SECONDS, check=True)
        rows = json.loads(done.stdout)["pages"]
    except (subprocess.SubprocessError, ValueError, KeyError):
        return None
    return [Page(tuple(row["lines"]), row["recognised"]) for row in rows]
