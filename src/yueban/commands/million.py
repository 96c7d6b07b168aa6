"""A kept instance whose databases hold synthetic cases by the hundred thousand, for benchmarks that need a city."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from yueban.commands.django_setup import ROOT
from yueban.commands.instance import DATABASE, Instance
from yueban.commands.measuring import Progress, running
from yueban.commands.ports import find_free_port
from yueban.postgres.roles import ROLES

HOME = ROOT / "var" / "bench" / "million"


@contextmanager
def kept_instance() -> Iterator[Instance]:
    """The instance under var/bench, its database server started; what was loaded stays for the next run."""
    HOME.mkdir(parents=True, exist_ok=True)
    with running(Instance(HOME, port=find_free_port())) as instance:
        yield instance


def ensure_cases(
    instance: Instance, name: str, *, cases: int, open_every: int, rebuild: bool, progress: Progress
) -> float:
    """The database `name` with so many synthetic cases, one in `open_every` under way.

    Made of the instance's own where it is missing, its tables brought up to date; returns the seconds that
    loading took whenever that was.
    """
    if str(ROOT) not in sys.path:  # the program of the environment does not begin in the project
        sys.path.insert(0, str(ROOT))
    from benchmarks.lists.load import load

    with psycopg.connect(instance.address_of("postgres", "admin"), autocommit=True) as connection:
        if rebuild:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        _ensure_copy(connection, name)
    _migrate(instance, name)
    progress(f"装载 {cases} 件合成办件：{name} / loading synthetic cases")
    begun = time.perf_counter()
    address = instance.address_of(name, "admin")
    return load(address, cases, open_every=open_every, begun=begun, progress=progress)


def _ensure_copy(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(ROLES["owner"]), sql.Identifier(DATABASE)
        )
    )


def _migrate(instance: Instance, name: str) -> None:
    """Apply what migrations came since it was loaded."""
    from yueban.commands.django_setup import set_up_django

    set_up_django()
    from yueban.commands import prepare
    from yueban.settings import env

    owner = instance.address_of(name, "owner")
    prepare.use_database(env.database_from(owner))
    prepare.migrate()
    prepare.grant_to_app(owner, ROLES["app"])
    prepare.close_database()
