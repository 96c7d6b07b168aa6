"""What an earlier server may have left: still running, half gone, or only its lock files."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from yueban.postgres.errors import PostgresError
from yueban.postgres.places import SOCKET_PORT, Place

PATIENCE_SECONDS = 20.0


def answers(dsn: str) -> bool:
    """Whether a server takes our password at this address."""
    try:
        with psycopg.connect(dsn, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def is_serving(data: Path, dsn: str) -> bool:
    """Whether the server of this data folder is still running and answers; one starting or ending is awaited."""
    until = time.monotonic() + PATIENCE_SECONDS
    while find_postmaster(data) is not None and time.monotonic() < until:
        if answers(dsn):
            return True
        time.sleep(0.1)
    return False


def find_postmaster(data: Path) -> int | None:
    """The process id of the living server of this folder; a stale or foreign number counts as none."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid > 1 and _works_in(pid, data) else None


def clear(data: Path, place: Place) -> None:
    """Stop what still works in the folder and remove lock files that no living server holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    pids = _find_processes(data)
    for pid in pids:
        _signal(pid, signal.SIGINT)
    while pids and time.monotonic() < until:
        time.sleep(0.05)
        pids = [pid for pid in pids if _works_in(pid, data)]
    for pid in pids:
        # SIGQUIT ends a server at once; its next start replays the log, nothing committed is lost.
        _signal(pid, signal.SIGQUIT)
    if pids:
        time.sleep(1.0)
    # The number in the file may belong to somebody else by now, and PostgreSQL would then refuse to start.
    (data / "postmaster.pid").unlink(missing_ok=True)
    if place.is_socket:
        for name in (f".s.PGSQL.{SOCKET_PORT}", f".s.PGSQL.{SOCKET_PORT}.lock"):
            (Path(place.host) / name).unlink(missing_ok=True)


def _find_processes(data: Path) -> list[int]:
    """Server processes that work in the folder: the postmaster, or its children after it was killed."""
    proc = Path("/proc")
    if not proc.is_dir():
        pid = find_postmaster(data)
        return [] if pid is None else [pid]
    return [
        int(entry.name)
        for entry in proc.iterdir()
        if entry.name.isdigit() and _works_in(int(entry.name), data)
    ]


def _works_in(pid: int, data: Path) -> bool:
    """PostgreSQL makes its data folder the working folder of all its processes."""
    link = Path(f"/proc/{pid}/cwd")
    try:
        return link.readlink() == data and "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except FileNotFoundError:
        return not Path("/proc/self").exists() and _is_alive(pid)
    except PermissionError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)
    if not _is_alive(pid):
        return
    if not os.access(f"/proc/{pid}", os.R_OK) and os.geteuid() != 0:
        raise PostgresError(f"process {pid} of another user holds the data folder")
