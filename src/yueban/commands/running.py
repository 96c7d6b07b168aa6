"""Which instance a command looks into: the one of this shell's DATABASE_URL, else the demo's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from yueban.commands.django_setup import set_up_django
from yueban.commands.errors import CommandError
from yueban.commands.instance import DEMO_HOME, Instance
from yueban.commands.ports import find_free_port


@contextmanager
def running_instance() -> Iterator[bool]:
    """Django set up with a reachable database until the block ends; false for a demo that is stopped now."""
    if os.environ.get("DATABASE_URL"):
        set_up_django()
        with _of_this_version():
            yield True
        return
    if not (DEMO_HOME / "prepared").exists() and not (DEMO_HOME / "running").exists():
        raise CommandError(
            "没有可用的数据库：既没有设置 DATABASE_URL,也没有运行过演示。请先运行 ./yueban demo。"
            " / No database: DATABASE_URL is not set and the demo has never run; run ./yueban demo first."
        )
    with Instance(DEMO_HOME, port=find_free_port()).attached() as is_running:
        set_up_django()
        with _of_this_version():
            yield is_running
        from yueban.commands.prepare import close_database

        close_database()


@contextmanager
def _of_this_version() -> Iterator[None]:
    """A table or column that is not there is said to be a database older than the program, which it is."""
    from django.db import ProgrammingError
    from psycopg.errors import UndefinedColumn, UndefinedTable

    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedColumn | UndefinedTable):
            raise
        raise CommandError(
            f"数据库的结构比程序旧（{error.__cause__.diag.message_primary}）。"
            "请先运行 yueban migrate；演示请重新启动 ./yueban demo。"
            " / The database is older than the program: run yueban migrate, or start ./yueban demo again."
        ) from error
