"""What all tests share: a server, a database per worker cloned from the template, a live site, a browser."""

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests import workers
from tests.databases import Cluster, worker_database
from tests.sites import Site, serve_site
from yueban.commands.chromium import find_chromium
from yueban.postgres import Server

# How long an example takes says more about the machine's other work than about the code.
hypothesis_settings.register_profile("yueban", deadline=None)
hypothesis_settings.load_profile("yueban")

ROOT = Path(__file__).resolve().parents[1]
SERVER = pytest.StashKey[Server]()
CLUSTER_URL = "YUEBAN_TEST_CLUSTER"


def pytest_configure(config: pytest.Config) -> None:
    """Once per run, not per xdist worker: find the server named by DATABASE_URL or start the embedded one.

    Consultation searches by words, here and in the processes that tests start: the vectors of a whole city take
    minutes, and what makes and reads them is tested by itself (tests/assistant/index).
    """
    os.environ.setdefault("YUEBAN_VECTORS", "0")
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    url = os.environ.get("DATABASE_URL", "")
    if not url or url.endswith("/unset"):
        server = Server(ROOT / "var" / "test", fleeting=True)
        url = server.start()
        config.stash[SERVER] = server
    os.environ[CLUSTER_URL] = url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this run started."""
    if SERVER in config.stash:
        config.stash[SERVER].stop()


# What takes longest begins first, so that no worker is left alone with it at the end. The expressions need no
# database: one worker goes through them while the other fills the template for both.
LONGEST_FIRST = (
    "tests/browser/test_pages.py",
    "tests/expressions/",
    "tests/parity/test_every_item.py",
    "tests/commands/",
    "tests/browser/",
    "tests/flows/",
    "tests/channels/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules in the order of LONGEST_FIRST, otherwise as they were found."""

    def place(item: pytest.Item) -> int:
        return next(
            (n for n, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path)), len(LONGEST_FIRST)
        )

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """The modules and the thousands of tests stay to the end: nobody need look for garbage among them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Content is no name: bytes may differ from process to process, and xdist then finds different tests."""
    if isinstance(val, bytes):
        return f"{argname}-of-{len(val)}-bytes"
    if isinstance(val, str) and len(val) > 60:
        return f"{argname}-of-{len(val)}-characters"
    return None


@dataclass(frozen=True)
class OwnDatabase:
    """This worker's database: a clone of `template`, replaced by a fresh clone where a test has written to it."""

    cluster: Cluster
    template: str
    name: str

    def url(self, role: str = "app") -> str:
        """Its address, for a process that a test starts."""
        return self.cluster.url(self.name, role)

    def renew(self) -> None:
        """Throw away what was written."""
        from django.db import connections

        connections.close_all()
        self.cluster.clone(self.template, self.name)


def _point_django_at(cluster: Cluster, database: str, role: str) -> None:
    from yueban.commands.prepare import use_database
    from yueban.settings import env

    use_database(env.database_from(cluster.url(database, role)) | {"CONN_MAX_AGE": 0})


def _build_template(cluster: Cluster, name: str) -> None:
    from yueban.commands.prepare import close_database, load_city, migrate

    _point_django_at(cluster, name, "owner")
    migrate()
    load_city()
    _forget_the_index()
    close_database()


def _forget_the_index() -> None:
    """The index of consultation that loading asks for is made by the tests that ask questions."""
    from django.db import connection

    connection.cursor().execute(workers.WITHOUT_KNOWLEDGE)


@pytest.fixture(scope="session")
def own_database(django_test_environment, django_db_blocker, request) -> Iterator[OwnDatabase]:
    """The clone this worker runs on."""
    from yueban.accounts import walls

    # What a test does itself it does as the platform; its requests begin as nobody, as everywhere.
    walls.trust_process()
    cluster = Cluster(os.environ[CLUSTER_URL])
    name = worker_database(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    with django_db_blocker.unblock():
        template = cluster.find_template(lambda fresh: _build_template(cluster, fresh))
        cluster.clone(template, name)
        _point_django_at(cluster, name, "app")
    yield OwnDatabase(cluster, template, name)
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
        cluster.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(own_database: OwnDatabase) -> Iterator[None]:
    """In place of pytest-django's: no creation, no flush; a transactional test's leavings go with its clone."""
    from django.test import TransactionTestCase

    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: own_database.renew()
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """What a module's world writes once for all its tests, each of which is undone over it; gives its files' folder.

    Not for a module with a transactional test: that throws the database away, and this with it.
    """
    from django.db import transaction
    from django.test import override_settings

    from yueban.accounts import walls

    folder = tmp_path_factory.mktemp("shared")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        walls.end_request()
        yield folder
        transaction.set_rollback(True)


def _made_once(stage: str) -> Iterator[None]:
    """The owner's case at this stage, made once for a module: each test that asks for one starts with it."""
    from tests import people, stock

    made = getattr(people, stage)()
    with stock.kept(stage, people.OWNER, made):
        yield


@pytest.fixture(scope="module")
def submitted_once(rows_of_module) -> Iterator[None]:
    """`people.submitted()` gives every test of the module the same case as it was made."""
    yield from _made_once("submitted")


@pytest.fixture(scope="module")
def received_once(rows_of_module) -> Iterator[None]:
    """The same of `people.received()`."""
    yield from _made_once("received")


@pytest.fixture(scope="module")
def accepted_once(rows_of_module) -> Iterator[None]:
    """The same of `people.accepted()`."""
    yield from _made_once("accepted")


@pytest.fixture(scope="module")
def granted_once(rows_of_module) -> Iterator[None]:
    """The same of `people.granted()`."""
    yield from _made_once("granted")


@pytest.fixture(autouse=True)
def nothing_taken() -> None:
    """Each test may take its module's case."""
    from tests import stock

    stock.begin_test()


@pytest.fixture
def owner_connection(own_database: OwnDatabase):
    """A session of the tables' owner in this worker's database, for tests that tamper; needs a transactional test."""
    import psycopg

    with psycopg.connect(own_database.cluster.url(own_database.name, "owner"), autocommit=True) as connection:
        yield connection


@pytest.fixture(autouse=True)
def data_dir(request, tmp_path: Path, settings) -> Path:
    """Each test stores files in a folder of its own, or in that of its module's case."""
    if "rows_of_module" in request.fixturenames:
        return request.getfixturevalue("rows_of_module")
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


@pytest.fixture(autouse=True)
def true_clock() -> Iterator[None]:
    """A test that sets the clock sets it for itself alone."""
    from yueban.kernel import clock

    yield
    clock.set_source(None)


@pytest.fixture(autouse=True)
def outside_requests() -> None:
    """A test begins as the platform, also after one whose last answer was never closed."""
    from yueban.accounts import walls

    walls.end_request()


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No page kept by one test is shown in another."""
    from django.core.cache import caches

    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def site(transactional_db) -> Iterator[Site]:
    """The whole site on a port, served by threads through the real WSGI application, as in the demo."""
    with serve_site() as served:
        yield served


# Without a graphics card Debian's own words draw every page with an emulated one, at twice the cost.
BROWSER_WORDS = ("--no-sandbox", "--disable-gpu", "--disable-gpu-rasterization", "--disable-gpu-compositing")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all browser tests of a worker."""
    from playwright.sync_api import sync_playwright

    program = find_chromium()
    if program is None:
        pytest.fail("没有找到 Chromium;请运行 ./yueban test,它会安装或说明如何安装。")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(program), args=list(BROWSER_WORDS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, site: Site):
    """A fresh page at a computer's width; relative addresses are the live site's."""
    context = browser.new_context(base_url=site.url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser, site: Site):
    """A fresh page at a phone's width."""
    context = browser.new_context(
        base_url=site.url, viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True
    )
    yield context.new_page()
    context.close()
