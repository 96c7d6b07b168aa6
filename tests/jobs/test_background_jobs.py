"""Background jobs: they belong to the transaction that made them, and survive a killed worker."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.workers import run_jobs
from yueban.jobs import errors, registry, selectors, services


@pytest.fixture
def note(monkeypatch):
    """A job that appends a line to a file."""
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))

    @registry.handler("tests.note")
    def append(*, path: str, line: str) -> None:
        with Path(path).open("a") as file:
            file.write(f"{line}\n")

    registry.register_handlers(app)
    yield append
    del app.tasks["tests.note"]


@pytest.fixture
def notes(tmp_path) -> Path:
    return tmp_path / "notes"


def run_all_jobs(*, stall_seconds: int = 30) -> None:
    run_jobs(stall_seconds=stall_seconds)


def waiting() -> dict[str, int]:
    """Jobs of these tests by status; the city's own are left out."""
    jobs = ProcrastinateJob.objects.filter(task_name__startswith="tests.")
    return dict(Counter(jobs.values_list("status", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_a_committed_job_runs(note, notes):
    with transaction.atomic():
        services.enqueue("tests.note", path=str(notes), line="done")
        assert waiting() == {"todo": 1}
    run_all_jobs()
    assert notes.read_text() == "done\n"
    assert selectors.counts().get("todo", 0) == 0
    assert waiting() == {}


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_no_job(note, notes):
    with pytest.raises(RuntimeError), transaction.atomic():
        services.enqueue("tests.note", path=str(notes), line="done")
        raise RuntimeError
    assert waiting() == {}


@pytest.mark.django_db
def test_a_job_without_a_handler_is_refused_before_it_is_stored():
    with pytest.raises(errors.UnknownJob, match=r"tests\.nobody"):
        services.enqueue("tests.nobody")
    assert waiting() == {}


@pytest.mark.django_db(transaction=True)
def test_a_job_that_enqueues_another_does_it_in_its_own_transaction(note, notes):
    @registry.handler("tests.half")
    def half(*, path: str) -> None:
        with transaction.atomic():
            services.enqueue("tests.note", path=path, line="from a job")
            raise ValueError("the job fails after it enqueued")

    registry.register_handlers(app)
    try:
        services.enqueue("tests.half", path=str(notes))
        run_all_jobs()
    finally:
        del app.tasks["tests.half"]
    assert waiting() == {"todo": 1}, "only the failed job itself waits for its next try"
    assert not notes.exists()


KILLED_WORKER = """
import sys, time
import django
django.setup()
from pathlib import Path
from yueban.jobs import registry
from yueban.jobs.worker import run_worker

@registry.handler("tests.note")
def hang(*, path, line):
    Path(path).write_text("begun\\n")
    time.sleep(600)

run_worker(concurrency=1, stall_seconds=3)
"""


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_is_run_again(note, notes, own_database):
    services.enqueue("tests.note", path=str(notes), line="done")
    environment = os.environ | {
        "DATABASE_URL": own_database.url(),
        "DJANGO_SETTINGS_MODULE": "yueban.settings.test",
    }
    worker = subprocess.Popen([sys.executable, "-c", KILLED_WORKER], env=environment)
    try:
        wait_until(notes.exists)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert waiting() == {"doing": 1}

    run_all_jobs(stall_seconds=1)
    wait_until(
        lambda: selectors.last_heartbeat_age().total_seconds() > 1 if selectors.last_heartbeat_age() else True
    )
    run_all_jobs(stall_seconds=1)
    assert notes.read_text() == "begun\ndone\n"


def wait_until(condition, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_one_name_has_one_handler(monkeypatch):
    monkeypatch.setattr(registry, "_handlers", {})
    registry.handler("tests.note")(lambda: None)
    with pytest.raises(ValueError, match=r"tests\.note"):
        registry.handler("tests.note")(lambda: None)


def test_work_that_comes_round_is_called_without_the_time_it_was_due(monkeypatch):
    calls = []
    monkeypatch.setattr(registry, "_handlers", {})
    registry.handler("tests.round", cron="*/5 * * * *")(lambda: calls.append("called"))
    registry._as_task(registry._handlers["tests.round"])(timestamp=1)
    assert calls == ["called"]
