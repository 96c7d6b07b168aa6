"""Bring a database up to date: migrate as the owner of its tables, load the city's content."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command

Progress = Callable[[str], None]


def say_nothing(_line: str) -> None:
    """The progress of work that nobody watches."""


def migrate(*, progress: Progress = say_nothing) -> None:
    """Apply all migrations over the current connection, which must be the owner's."""
    progress("数据库迁移")
    call_command("migrate", verbosity=0, interactive=False)


def load_city(*, progress: Progress = say_nothing) -> None:
    """Load the city pack; running it again changes nothing."""
    progress(f"载入城市资料 {settings.CITY_DIR.name}")
