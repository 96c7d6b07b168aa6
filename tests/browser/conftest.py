"""Fixtures of the browser tests: people at devices, background work done at once."""

from collections.abc import Callable, Iterator

import pytest

from tests import workers
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
    return workers.run_jobs
