"""A private instance: one at a time, its children end with it, its data outlives kill -9."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from yueban.commands.errors import CommandError
from yueban.commands.instance import Instance
from yueban.commands.ports import find_free_port
from yueban.postgres import leftovers

RUN = """
import json, sys, time
from pathlib import Path
from yueban.commands.instance import DATABASE, Instance
instance = Instance(Path(sys.argv[1]), port=int(sys.argv[2]))
instance.claim()
instance.start()
instance.wait_for_first_page()
children = {name: child.pid for name, child in instance._children.items()}
print(json.dumps({"children": children, "owner": instance._server.dsn(DATABASE, "owner")}), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="yb") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "instance"


def run_elsewhere(folder: Path, port: int) -> tuple[subprocess.Popen, dict]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("YUEBAN_", "DATABASE", "DJANGO"))
    }
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder), str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env=kept,
        start_new_session=True,
    )
    line = process.stdout.readline()
    assert line, "the instance did not start"
    return process, json.loads(line)


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    with suppress(OSError):
        return "State:\tZ" not in status.read_text()
    return False


def wait_until(condition, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_after_kill_9_of_everything_the_same_command_brings_all_data_back(folder):
    port = find_free_port()
    process, told = run_elsewhere(folder, port)
    with psycopg.connect(told["owner"]) as owner:
        owner.execute("CREATE TABLE kept (word text)")
        owner.execute("INSERT INTO kept VALUES ('越')")
    postmaster = leftovers.find_postmaster(folder / "pg")
    for pid in (process.pid, *told["children"].values(), postmaster):
        os.kill(pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not any(is_running(pid) for pid in told["children"].values()))

    process, told = run_elsewhere(folder, port)
    try:
        with psycopg.connect(told["owner"]) as owner:
            assert owner.execute("SELECT word FROM kept").fetchone() == ("越",)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert json.load(answer)["ok"]
    finally:
        process.kill()
        process.communicate()


def test_children_end_when_their_parent_is_killed(folder):
    process, told = run_elsewhere(folder, find_free_port())
    process.kill()
    process.communicate()
    wait_until(lambda: not any(is_running(pid) for pid in told["children"].values()))
    wait_until(lambda: leftovers.find_postmaster(folder / "pg") is None)


def test_a_second_start_names_the_address_of_the_first(tmp_path):
    first = Instance(tmp_path / "instance", port=8123)
    first.claim()
    try:
        with pytest.raises(CommandError, match=r"已经在运行：http://127\.0\.0\.1:8123"):
            Instance(tmp_path / "instance", port=8124).claim()
    finally:
        first.stop()
    again = Instance(tmp_path / "instance", port=8124)
    again.claim()
    again.stop()
