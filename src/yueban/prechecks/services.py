"""Writes of prechecks: one is asked for when a file is put up, and answered by the worker."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from yueban.files import selectors as files
from yueban.files.errors import FileNotFound
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.prechecks import reader
from yueban.prechecks.choices import READABLE, PrecheckState
from yueban.prechecks.examine import Examined, examine
from yueban.prechecks.kinds import documents
from yueban.prechecks.models import Precheck

logger = logging.getLogger(__name__)
# Beyond the CPU time that a page may take: the machine may be busy.
MOST_SECONDS: Final = 90


def ask(*, file: StoredFile, material: str) -> Precheck | None:
    """Have a file looked at for this canonical material; None for what a machine does not read."""
    if file.media_type not in READABLE:
        return None
    found, is_new = Precheck.objects.get_or_create(
        file=file, defaults={"material": material, "asked_at": clock.now()}
    )
    return found if is_new else None


def answer(*, precheck: Precheck, names: Iterable[str]) -> Precheck:
    """Look at the file and keep the doubts; whatever goes wrong, the file stands as it is.

    ``names`` are those that may stand on it. What was read is forgotten here and written nowhere.
    """
    if not reader.is_installed():
        return _settle(precheck, PrecheckState.ABSENT)
    rows = _read(precheck.file)
    if rows is None:
        return _settle(precheck, PrecheckState.FAILED)
    known = documents()
    examined = examine(
        rows,
        kinds=known.documents,
        wanted=known.serving(precheck.material),
        names=names,
        today=clock.today(),
    )
    state = PrecheckState.DOUBTS if examined.findings else PrecheckState.FINE
    return _settle(precheck, state, examined)


def _settle(precheck: Precheck, state: PrecheckState, examined: Examined | None = None) -> Precheck:
    precheck.state, precheck.done_at = state, clock.now()
    if examined is not None:
        precheck.seen = examined.seen
        precheck.findings = [one.as_dict() for one in examined.findings]
    precheck.save(update_fields=["state", "done_at", "seen", "findings"])
    return precheck


def _read(stored: StoredFile) -> Sequence[Sequence[str]] | None:
    """What stands on the first page, read in a process of its own; None where that came to nothing."""
    try:
        with files.open_file(stored) as content:
            path = Path(content.name)
        done = subprocess.run(
            [sys.executable, "-m", reader.__name__, str(path), stored.media_type],
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        rows: Sequence[Sequence[str]] = json.loads(done.stdout)["rows"]
    except (subprocess.SubprocessError, FileNotFound, ValueError, KeyError) as error:
        # Not a word of what was read: only which file, and of what kind the trouble was.
        logger.warning("precheck failed", extra={"file": stored.number, "error": type(error).__name__})
        return None
    return rows
