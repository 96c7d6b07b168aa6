"""The second wall: the database itself shows a connection only what its scope may see (row-level security).

A request begins as nobody; `flows/identify` lets in whoever acts, once; the end of the request shuts again, so that
a pooled connection never keeps anybody. Workers and commands act as the platform. See docs/decisions/0012.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from psycopg.pq import TransactionStatus

NOBODY, PARTY, STAFF, SYSTEM = "nobody", "party", "staff", "system"
ENTER = "SELECT wall_enter(%s, %s, %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
LEAVE = "SELECT " + ", ".join(
    f"set_config('yueban.{name}', '', false)"
    for name in ("scope", "who", "parties", "agencies", "intakes", "divisions", "tasks", "roles", "codes")
)
SCOPE = "SELECT set_config('yueban.scope', %s, false)"


@dataclass(frozen=True, slots=True)
class Wall:
    """Whose rows may be seen: those of parties, and for staff those of agencies, by what their posts do there."""

    scope: str = NOBODY
    who: int | None = None
    parties: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()
    """Codes of the agencies whose decisions, …"""
    intakes: tuple[str, ...] = ()
    """… and of those whose intake the posts reach."""
    divisions: tuple[str, ...] = ()
    """Prefixes of division codes over which somebody watches city-wide."""
    tasks: tuple[str, ...] = ()
    """Codes of the agencies whose tasks the posts see, …"""
    roles: tuple[str, ...] = ()
    """… and the roles through whose tasks they see the thing itself."""


class _State(threading.local):
    """What this thread's connection has been told."""

    wall: Wall | None = None  # None: outside a request
    scope: str = NOBODY
    is_told: bool = False


_state = _State()
_process_scope = NOBODY


def trust_process() -> None:
    """What this process does outside requests, it does as the platform: a worker, a command, a test."""
    global _process_scope
    _process_scope = SYSTEM


def enter(wall: Wall) -> None:
    """From here to the end of the request the connection sees what this wall lets through.

    Outside a request the process has its own scope, and nothing changes.
    """
    if _state.wall is None:
        return
    _state.wall = wall
    connection.ensure_connection()
    _tell_wall()


@contextmanager
def platform() -> Iterator[None]:
    """The platform's own look or act within somebody's request: what it answers is narrower than what it sees."""
    connection.ensure_connection()
    before = _state.scope
    if before == SYSTEM:
        yield
        return
    _tell_scope(SYSTEM)
    try:
        yield
    finally:
        _tell_scope(before)


def begin_request(**_: Any) -> None:
    """A request begins as nobody, whatever the connection was left with."""
    _state.wall = Wall()
    _shut()


def end_request(**_: Any) -> None:
    """Nothing of the request stays on the connection."""
    _state.wall = None
    _shut()


def tell_new_connection(**_: Any) -> None:
    """A connection that was just opened, perhaps in the middle of a request, learns where it is."""
    _state.is_told, _state.scope = False, NOBODY
    _tell_wall()


def _shut() -> None:
    if connection.connection is None:
        _state.is_told, _state.scope = False, NOBODY
        return
    try:
        _tell_wall()
    except DatabaseError:
        connection.close()


def _tell_wall() -> None:
    wall = _state.wall
    if wall is not None and wall.scope != NOBODY:
        lists = (wall.agencies, wall.intakes, [f"{one}%" for one in wall.divisions], wall.tasks, wall.roles)
        _run(ENTER, (wall.scope, wall.who, list(wall.parties), *(list(one) for one in lists)))
        _state.scope, _state.is_told = wall.scope, True
        return
    scope = _process_scope if wall is None else NOBODY
    if _state.is_told:
        _run(LEAVE)
        _state.scope, _state.is_told = NOBODY, False
    if scope != NOBODY:
        _tell_scope(scope)


def _tell_scope(scope: str) -> None:
    raw = connection.connection
    # In a transaction that has failed nothing can be said; its end takes back what was said inside it.
    if raw is not None and raw.info.transaction_status != TransactionStatus.INERROR:
        _run(SCOPE, (scope,))
    _state.scope, _state.is_told = scope, True


def _run(statement: str, values: Iterable[object] = ()) -> None:
    """Straight to the driver: whose rows are seen stands in no log of statements."""
    raw = connection.connection
    assert raw is not None
    with connection.wrap_database_errors:
        raw.execute(statement, tuple(values))
