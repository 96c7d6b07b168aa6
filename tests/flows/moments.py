"""Setting the clock, and doing several things in the same moment with real transactions."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from django.db import connection

from yueban.kernel import clock

LONGEST_WAIT = 20


def set_now(year: int, month: int, day: int, hour: int = 10) -> None:
    """It is this day and hour in Beijing, until the test ends."""
    moment = datetime(year, month, day, hour, tzinfo=clock.BEIJING)
    clock.set_source(lambda: moment)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """What each act gave, or the exception it raised; all begin together, each on a connection of its own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            together.wait(LONGEST_WAIT)
            return act()
        except Exception as error:  # noqa: BLE001 - handed to the test, which says what it expects
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
