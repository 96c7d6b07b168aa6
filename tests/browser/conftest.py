"""Fixtures of the browser tests: people at devices, background work done at once."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.browser.visits import Visits


@pytest.fixture
def visits(browser, site) -> Iterator[Visits]:
    """People at their devices; a test ends with no complaint of any browser."""
    opened = Visits(browser, site.url)
    yield opened
    opened.close()
    assert opened.complaints == []


@pytest.fixture(scope="session")
def run_jobs() -> Callable[[], None]:
    """Do all background work that waits, as `yueban worker` does."""
    return run_all_jobs


def run_all_jobs() -> None:
    """In a thread of its own, for Playwright keeps an event loop in ours."""
    from django.db import connections

    from yueban.jobs.worker import run_worker

    failed: list[BaseException] = []

    def work() -> None:
        try:
            run_worker(concurrency=1, stall_seconds=30, until_empty=True)
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
