"""Start, find again and stop one embedded PostgreSQL server in a folder."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from yueban.postgres import leftovers
from yueban.postgres.account import find_account
from yueban.postgres.binaries import find_programs
from yueban.postgres.errors import PostgresError
from yueban.postgres.homes import find_home
from yueban.postgres.memory import shared_buffers
from yueban.postgres.places import Place, find_place, forget_port
from yueban.postgres.roles import ROLES, ensure_database, ensure_roles
from yueban.processes import die_with_parent

START_SECONDS = 60.0
STOP_SECONDS = 30.0
# A test cluster is thrown away with its machine, so it need not survive a power cut.
FLEETING = (
    "shared_buffers=128MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=2GB",
)
# A failing statement is never written to the log: its values are people's numbers and names.
QUIET = ("log_min_error_statement=panic", "log_error_verbosity=terse", "log_parameter_max_length_on_error=0")
# On a disk without moving parts a page read here or there costs nearly what one costs in a row.
SETTINGS = (
    "random_page_cost=1.1",
    "max_connections=100",
    "log_min_messages=warning",
    "jit=off",
    *QUIET,
)


def _lasting() -> tuple[str, ...]:
    return (f"shared_buffers={shared_buffers()}",)


class Server:
    """One server with its data under `folder`; `fleeting` gives up durability for speed (tests)."""

    def __init__(self, folder: Path, *, fleeting: bool = False) -> None:
        self._account = find_account()
        self.home = find_home(self._account, folder.resolve())
        self._data = self.home / "pg"
        self._log = self.home / "postgres.log"
        self._fleeting = fleeting
        self._process: subprocess.Popen[bytes] | None = None
        self._place: Place | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this object started the server, rather than finding it running."""
        return self._process is not None

    def start(self) -> str:
        """Start the server, or find the one still running here; returns the superuser's address.

        Whatever a kill -9 left behind is cleared first; the data stays.
        """
        programs = find_programs(self._account, self.home)
        if not (self._data / "PG_VERSION").exists():
            self._initialise(programs)
        self._place = find_place(self.home, self._data)
        if not leftovers.is_serving(self._data, self.dsn("postgres", "admin")):
            leftovers.clear(self._data, self._place)
            self._launch_where_free(programs)
        with psycopg.connect(self.dsn("postgres", "admin"), autocommit=True) as connection:
            ensure_roles(connection, self._passwords())
        return self.dsn("postgres", "admin")

    def ensure_database(self, name: str) -> None:
        """Create the database, owned by the role `owner`, when it is missing."""
        with psycopg.connect(self.dsn("postgres", "admin"), autocommit=True) as connection:
            ensure_database(connection, name)

    def dsn(self, database: str, role: str) -> str:
        """The address of a database for `admin` (superuser), `owner` (migrations) or `app` (the application)."""
        if self._place is None:
            raise PostgresError("the server has not been started")
        user = "postgres" if role == "admin" else ROLES[role]
        query = urlencode({"host": self._place.host, "port": self._place.port})
        return f"postgresql://{user}:{quote(self._passwords()[role])}@/{quote(database)}?{query}"

    def stop(self) -> None:
        """Stop the server that this object started: sessions end, everything is written."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(STOP_SECONDS)
        self._process = None

    def _passwords(self) -> dict[str, str]:
        path = self.home / "passwords.json"
        if not path.exists():
            made = {role: secrets.token_urlsafe(24) for role in ("admin", *ROLES)}
            fresh = path.with_name(f"passwords.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(made))
            fresh.rename(path)
        found: dict[str, str] = json.loads(path.read_text())
        return found

    def _initialise(self, programs: Path) -> None:
        """Make the cluster beside its place and move it there whole, so that a killed start leaves no half."""
        fresh = self.home / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._account.own(fresh)
        password = self.home / "initial-password"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(self._passwords()["admin"])
        self._account.own(password)
        try:
            self._run(
                [
                    *(
                        str(programs / "initdb"),
                        "-D",
                        str(fresh),
                        "-U",
                        "postgres",
                        "-E",
                        "UTF8",
                        "--no-sync",
                    ),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    *("--auth=scram-sha-256", f"--pwfile={password}"),
                ]
            )
        finally:
            password.unlink(missing_ok=True)
        shutil.rmtree(self._data, ignore_errors=True)
        fresh.rename(self._data)

    def _run(self, words: list[str]) -> None:
        done = subprocess.run(  # type: ignore[call-overload]
            words,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            env=_clean(),
            **self._account.options(),
        )
        if done.returncode:
            raise PostgresError(
                f"内嵌数据库初始化失败：{done.stderr.strip() or done.stdout.strip()}"
                " / The embedded database could not be initialised."
            )

    def _launch_where_free(self, programs: Path) -> None:
        """Start; a port kept from earlier that somebody else took meanwhile is given up for another."""
        for is_last_try in (False, True):
            self._launch(programs)
            try:
                self._wait_until_ready()
            except PostgresError:
                if is_last_try or self._place is None or self._place.is_socket:
                    raise
                forget_port(self.home)
                self._place = find_place(self.home, self._data)
            else:
                return

    def _launch(self, programs: Path) -> None:
        assert self._place is not None
        settings = [*SETTINGS, *(FLEETING if self._fleeting else _lasting()), *self._place.settings()]
        words = [str(programs / "postgres"), "-D", str(self._data)]
        for setting in settings:
            words += ["-c", setting]
        self._log.touch(mode=0o600)
        self._log.chmod(0o600)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                words,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_clean(),
                process_group=0,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - only a system call, which takes no lock
                **self._account.options(),
            )

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            if leftovers.answers(self.dsn("postgres", "admin")):
                return
            time.sleep(0.03)
        self.stop()
        tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])
        raise PostgresError(
            f"内嵌数据库没有启动。记录在 {self._log}，最后几行:\n{tail}"
            " / The embedded database did not start; see that log."
        )


def _clean() -> dict[str, str]:
    """The environment without the caller's PG* variables, which would reach the server."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("PG") and key != "LD_LIBRARY_PATH"
    } | {"LC_ALL": "C"}


def _end_with_parent() -> None:
    die_with_parent(signal.SIGINT)
