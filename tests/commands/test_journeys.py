"""The journeys end well: on a running demo up to where days would have to pass, on their own instance to the end."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.commands.test_schemas import problems, schema_of
from tests.workers import run_jobs
from yueban.commands import journey
from yueban.commands.journeys import village_helper
from yueban.commands.prepare import say_nothing

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def worker(site):
    """Jobs are run as they come, until the test ends."""
    is_over = threading.Event()

    def work():
        while not is_over.is_set():
            run_jobs()
            time.sleep(0.2)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_on_a_running_demo_the_villagers_case_goes_as_far_as_the_notice_and_waits(site):
    told = village_helper.walk(base_url=site.url, is_private=False, progress=say_nothing)
    assert problems(schema_of("journey"), told) == []
    statuses = [step["status"] for step in told["steps"]]
    assert statuses.count("waiting") == 1
    assert set(statuses) == {"ok", "waiting"}
    assert told["ok"]
    assert told["result"]["audit_verified"]
    assert told["result"]["payments"] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", journey.find_names())
def test_each_journey_ends_well_on_an_instance_of_its_own(name):
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("YUEBAN_", "DATABASE", "DJANGO"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "yueban", "journey", name, "--json"],
        capture_output=True,
        text=True,
        env=kept,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert problems(schema_of("journey"), told) == []
    assert {step["status"] for step in told["steps"]} == {"ok"}
