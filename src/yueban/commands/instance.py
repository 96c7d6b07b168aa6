"""One private instance of the whole platform on this machine: database, keys, site and worker in a folder."""

import fcntl
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import IO

from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError
from yueban.commands.ports import find_free_port
from yueban.postgres import Server

DEMO_HOME = ROOT / "var" / "demo"
DATABASE = "yueban"
FIRST_PAGE = "/"
FIRST_PAGE_SECONDS = 60.0
STOP_SECONDS = 15.0
# What the prepared state (tables, city, static files) follows from.
SOURCES = ("src/yueban/**/*", "cities/**/*", "uv.lock")


class Instance:
    """The demo's instance, or one that a journey, a check or a benchmark makes for itself in another folder.

    ``for_children`` are further variables for site and worker.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        host: str = "127.0.0.1",
        for_children: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._folder = folder
        self._for_children = for_children
        self.port = port
        self._host = host
        self._lock: IO[str] | None = None
        self._server: Server | None = None
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._sources_port = find_free_port()

    @property
    def address(self) -> str:
        """Where the site answers; on all addresses of the machine it is asked at the local one."""
        host = "127.0.0.1" if self._host in {"0.0.0.0", "::"} else self._host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def home(self) -> Path:
        """Where everything of this instance lies."""
        return self._started_server().home

    def claim(self) -> None:
        """Make this process the only one that runs the instance."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = (self._folder / "running").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            address = lock.read().strip()
            lock.close()
            raise CommandError(
                f"演示已经在运行：{address}。请直接打开它，或先在那个窗口按 Ctrl+C 停止。"
                f" / The demo is already running at {address}; open it, or stop it there with Ctrl+C."
            ) from None
        lock.truncate(0)
        lock.write(self.address)
        lock.flush()
        self._lock = lock

    @contextmanager
    def attached(self) -> Iterator[bool]:
        """Let this process look into the instance, with its settings and its database; yields whether it runs."""
        is_running = False
        try:
            self.claim()
        except CommandError:
            is_running = True
        self._server = Server(self._folder)
        self._server.start()
        os.environ.update(self._environment())
        try:
            yield is_running
        finally:
            self.stop()

    def start(self) -> None:
        """Start the database, bring it up to date when something changed, start sources, site and worker."""
        self.start_database()
        self.start_child("sources")
        self.start_child("site")
        self.start_child("worker")

    def start_database(self) -> None:
        """Start the database and bring it up to date when something changed; this process may use it now."""
        self._server = Server(self._folder)
        self._server.start()
        self._server.ensure_database(DATABASE)
        os.environ.update(self._environment())
        self._prepare()

    def start_child(self, name: str) -> int:
        """Start the site, the worker or the data sources (anew, where it has ended); returns its process id."""
        where = ("--host", self._host, "--port", str(self.port))
        words = {
            "site": ("serve", *where, "--collected", "--with-parent"),
            "worker": ("worker", "--with-parent"),
            "sources": ("sources", "--port", str(self._sources_port), "--with-parent"),
        }
        self._spawn(name, *words[name])
        return self._children[name].pid

    def kill_child(self, name: str) -> None:
        """End the site or the worker with all its processes as a power cut would; nothing is said to them."""
        child = self._children.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def address_of(self, database: str, role: str) -> str:
        """The address of a database of this instance for `app`, `owner` (its tables) or `admin` (superuser)."""
        return self._started_server().dsn(database, role)

    def wait_for_first_page(self, seconds: float = FIRST_PAGE_SECONDS) -> float:
        """Wait until the home page answers; returns the seconds waited."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            self.check_children()
            with suppress(OSError), urllib.request.urlopen(self.address + FIRST_PAGE, timeout=10) as page:
                if page.status == 200:
                    return time.monotonic() - started
            time.sleep(0.05)
        raise CommandError(
            f"网站没有在 {seconds:.0f} 秒内打开，记录见 {self.home / 'site.log'}。"
            f" / The site did not answer in time; see that log."
        )

    def check_children(self) -> None:
        """Notice a child that has ended by itself."""
        for name, child in self._children.items():
            if child.poll() is not None:
                log = self.home / f"{name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
                raise CommandError(
                    f"{name} 意外停止(代码 {child.returncode}),记录见 {log}:\n{tail}"
                    f" / {name} ended unexpectedly; see that log."
                )

    def stop(self) -> None:
        """Stop worker and site, then the database, in that order."""
        for child in reversed(self._children.values()):
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        if self._server is not None:
            self._server.stop()
        if self._lock is not None:
            self._lock.close()

    def _started_server(self) -> Server:
        assert self._server is not None
        return self._server

    def _environment(self) -> dict[str, str]:
        keys = self._keys()
        sources = hashlib.sha256(f"sources {keys['secret']}".encode()).hexdigest()
        return {
            "DJANGO_SETTINGS_MODULE": "yueban.settings.demo",
            "DATABASE_URL": self._started_server().dsn(DATABASE, "app"),
            "YUEBAN_SECRET_KEY": keys["secret"],
            "YUEBAN_FIELD_KEYS": keys["field"],
            "YUEBAN_INDEX_KEY": keys["index"],
            "YUEBAN_DATA_DIR": str(self.home / "data"),
            "YUEBAN_STATIC_ROOT": str(self.home / "static"),
            "YUEBAN_PUBLIC_URL": self.address,
            "YUEBAN_SOURCES_URL": f"http://127.0.0.1:{self._sources_port}",
            "YUEBAN_CONNECTOR_SECRETS": json.dumps({"demo": sources}),
        }

    def _keys(self) -> dict[str, str]:
        """Keys made once for this instance: without them its encrypted columns cannot be read."""
        path = self.home / "keys.json"
        if not path.exists():
            made = {name: secrets.token_hex(32) for name in ("secret", "field", "index")}
            fresh = path.with_name("keys.new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(made))
            fresh.rename(path)
        found: dict[str, str] = json.loads(path.read_text())
        return found

    def _prepare(self) -> None:
        stamp = self.home / "prepared"
        wanted = sources_hash()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        prepare_instance(self._started_server().dsn(DATABASE, "owner"))
        stamp.write_text(wanted)

    def _spawn(self, name: str, *words: str) -> None:
        """Start a child in a process group of its own, so that Ctrl+C reaches us first; it ends when we end."""
        with (self.home / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                [sys.executable, "-m", "yueban", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **self._for_children},
                process_group=0,
            )


def prepare_instance(owner_url: str) -> None:
    """Migrate as owner, load the city and collect static files as the application, in this process."""
    from yueban.commands.django_setup import set_up_django
    from yueban.commands.output import say

    set_up_django()
    from yueban.commands import prepare
    from yueban.postgres.roles import ROLES
    from yueban.settings import env

    app_url = os.environ["DATABASE_URL"]
    prepare.use_database(env.database_from(owner_url))
    prepare.migrate(progress=say)
    prepare.grant_to_app(owner_url, ROLES["app"])
    prepare.use_database(env.database_from(app_url))
    prepare.load_city(progress=say)
    prepare.load_enterprises(progress=say)
    prepare.load_examples(progress=say)
    prepare.collect_static()
    prepare.close_database()


def sources_hash() -> str:
    """A hash over everything that tables, city and static files follow from."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
