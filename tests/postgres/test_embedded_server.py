"""The embedded server: starts, is found again, survives kill -9, keeps to its own folder."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from yueban.postgres import Server, leftovers
from yueban.postgres.errors import PostgresError
from yueban.postgres.places import LONGEST_SOCKET, find_place


@pytest.fixture
def folder(tmp_path_factory) -> Path:
    """A folder that the server's account can enter; pytest's own are closed."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="yb"))
    folder.chmod(0o755)
    yield folder
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(folder):
    server = Server(folder / "home", fleeting=True)
    server.start()
    yield server
    server.stop()


def query(url: str, text: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(text).fetchone()
        return row[0] if row else None


def test_the_roles_are_no_superusers_and_keep_to_row_level_security(server):
    server.ensure_database("city")
    for role in ("owner", "app"):
        text = "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert query(server.dsn("city", role), text) is False


def test_the_owner_makes_tables_and_the_application_may_not(server):
    server.ensure_database("city")
    with psycopg.connect(server.dsn("city", "owner")) as owner:
        owner.execute("CREATE TABLE things (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(server.dsn("city", "app"), "CREATE TABLE others (id int)")


def test_text_is_utf8_and_sorted_by_code_point_on_every_machine(server):
    text = "SELECT pg_encoding_to_char(encoding) || ' ' || datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'postgres'"
    assert query(server.dsn("postgres", "admin"), text) == "UTF8 b C.UTF-8"


def test_a_wrong_password_is_refused(server):
    url = server.dsn("postgres", "admin")
    user, rest = url.split("@", 1)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        query(f"{user.rsplit(':', 1)[0]}:wrong@{rest}", "SELECT 1")


def test_passwords_and_data_are_closed_to_others(server):
    assert stat.S_IMODE((server.home / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((server.home / "pg").stat().st_mode) == 0o700


def test_a_second_start_finds_the_server_running(server, folder):
    other = Server(folder / "home", fleeting=True)
    other.start()
    assert not other.is_ours
    other.stop()
    assert query(server.dsn("postgres", "admin"), "SELECT 1") == 1


STARTER = """
import sys, time
from pathlib import Path
from yueban.postgres import Server
server = Server(Path(sys.argv[1]))
server.start()
server.ensure_database("city")
print("ready", flush=True)
time.sleep(600)
"""


def start_elsewhere(home: Path) -> subprocess.Popen:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(home)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    assert starter.stdout.readline().strip() == "ready"
    return starter


def test_the_server_ends_with_the_process_that_started_it(folder):
    home = folder / "home"
    starter = start_elsewhere(home)
    starter.kill()
    starter.communicate()
    wait_until(lambda: leftovers.find_postmaster(home / "pg") is None)


def test_after_kill_9_of_everything_the_data_is_there(folder):
    home = folder / "home"
    starter = start_elsewhere(home)
    postmaster = leftovers.find_postmaster(home / "pg")
    first = Server(home)
    first.start()
    with psycopg.connect(first.dsn("city", "owner")) as owner:
        owner.execute("CREATE TABLE things (id int)")
        owner.execute("INSERT INTO things VALUES (7)")
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    starter.kill()
    starter.communicate()
    assert (home / "pg" / "postmaster.pid").exists()

    server = Server(home)
    server.start()
    try:
        assert server.is_ours
        assert query(server.dsn("city", "owner"), "SELECT id FROM things") == 7
    finally:
        server.stop()


def test_a_lock_file_with_the_number_of_a_stranger_does_not_stop_the_start(server, folder):
    server.stop()
    pid_file = folder / "home" / "pg" / "postmaster.pid"
    # Our own number: alive, of this machine, and no server of this folder.
    pid_file.write_text(f"{os.getpid()}\n{folder / 'home' / 'pg'}\n")
    again = Server(folder / "home", fleeting=True)
    again.start()
    assert again.is_ours
    again.stop()


def test_a_start_killed_in_the_middle_of_initialising_begins_anew(folder):
    half = folder / "home" / "pg.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    server = Server(folder / "home", fleeting=True)
    server.start()
    assert query(server.dsn("postgres", "admin"), "SELECT 1") == 1
    server.stop()


def test_a_socket_path_that_is_too_long_gives_way_to_a_port_that_is_kept(folder):
    home = folder / ("很长的文件夹名" * 5)
    assert len(str(home / "pg" / ".s.PGSQL.5432").encode()) > LONGEST_SOCKET
    server = Server(home, fleeting=True)
    first = server.start()
    assert "host=127.0.0.1" in first
    server.stop()
    assert Server(home, fleeting=True).home == home
    again = Server(home, fleeting=True)
    assert again.start() == first
    again.stop()


def test_a_kept_port_taken_by_a_stranger_is_given_up(folder):
    home = folder / ("很长的文件夹名" * 5)
    server = Server(home, fleeting=True)
    server.start()
    server.stop()
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", find_place(home, home / "pg").port))
        stranger.listen()
        again = Server(home, fleeting=True)
        again.start()
        assert query(again.dsn("postgres", "admin"), "SELECT 1") == 1
        again.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its server another account")
def test_under_roots_closed_home_the_server_works_elsewhere_and_changes_nothing_above(folder, monkeypatch):
    from yueban.postgres import homes

    closed = folder / "root"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(homes, "SYSTEM_HOME", folder / "lib")
    server = Server(closed / "clone" / "var", fleeting=True)
    server.start()
    assert server.home.parent == folder / "lib"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert query(server.dsn("postgres", "admin"), "SELECT 1") == 1
    server.stop()


def wait_until(condition, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_a_user_without_an_account_gets_a_sentence(monkeypatch):
    from yueban.postgres import account

    monkeypatch.setattr(account.os, "geteuid", lambda: 987654)
    with pytest.raises(PostgresError, match=r"987654 在系统里没有账户名"):
        account.find_account()


def test_the_log_names_no_value_of_a_failing_statement_and_is_closed_to_others(server):
    server.ensure_database("city")
    with psycopg.connect(server.dsn("city", "owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE people (id text PRIMARY KEY)")
        for _ in range(2):
            try:
                owner.execute("INSERT INTO people VALUES ('99999919850316001X')")
            except psycopg.errors.UniqueViolation:
                break
        else:
            pytest.fail("the second row was taken")
    log = server.home / "postgres.log"
    assert "duplicate key" in log.read_text()
    assert "99999919850316001X" not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
