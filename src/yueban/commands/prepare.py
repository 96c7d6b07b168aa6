"""Bring an instance up to date: migrate as the owner of the tables, load the city, collect static files."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from yueban.flows.load_city import load_city as load_city_pack
from yueban.postgres.roles import grant_rows

Progress = Callable[[str], None]


def say_nothing(_line: str) -> None:
    """The progress of work that nobody watches."""


def use_database(database: dict[str, object]) -> None:
    """Let Django's connections, of all threads, go to another database or role from now on."""
    connections.close_all()
    connections.databases["default"].update(database)


def close_database() -> None:
    """Close this process's connections, before it goes on without them."""
    connections.close_all()


def migrate(*, progress: Progress = say_nothing) -> None:
    """Apply all migrations over the current connection, which must be the owner's."""
    progress("数据库迁移 / migrating the database")
    call_command("migrate", verbosity=0, interactive=False)


def grant_to_app(owner_url: str, role: str) -> None:
    """Let the application's role work with the rows of the tables that were just migrated."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        grant_rows(connection, to=role)


def load_city(*, progress: Progress = say_nothing) -> None:
    """Load the city pack of the settings; running it again changes nothing."""
    progress(f"载入城市资料 / loading the city: {settings.CITY_DIR.name}")
    load_city_pack(settings.CITY_DIR, progress=lambda line: progress(f"  {line}"))


def load_enterprises(*, progress: Progress = say_nothing) -> None:
    """The made-up enterprises that a demo begins with; `yueban load enterprises` brings the rest."""
    from yueban.flows import load_enterprises as flow

    if settings.YUEBAN_DEMO and (settings.CITY_DIR / "enterprises.yaml").exists():
        flow.load_enterprises(settings.CITY_DIR, count=flow.AT_START, progress=progress)


def load_examples(*, progress: Progress = say_nothing) -> None:
    """A few cases at several steps, so that a demo begins with work in every inbox; only where there is none."""
    from yueban.flows import load_examples as flow

    if made := flow.load_examples(settings.CITY_DIR):
        progress(f"  写入演示办件 {made} 件")


def collect_static() -> None:
    """Put the static files where the site serves them from, under names that carry their hash."""
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
