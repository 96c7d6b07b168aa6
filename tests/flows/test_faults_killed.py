"""A process is killed with -9 in the middle: what was half done is as if it had never begun, and is done once after."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import benefits, people, village
from tests.workers import run_jobs
from yueban.audit.selectors import verify_all
from yueban.cases.choices import CaseState
from yueban.documents import selectors as documents
from yueban.documents.choices import DocumentState
from yueban.files.models import StoredFile
from yueban.flows import assist, pay, review
from yueban.kernel.reference import Reference
from yueban.payments.choices import OrderState
from yueban.payments.models import DemoTransfer

pytestmark = pytest.mark.django_db(transaction=True)

ACCEPT_AND_HANG = """
import sys, time
from pathlib import Path
from yueban.commands.django_setup import set_up_django
set_up_django()
from django.db import connection
from tests import people
from yueban.cases.models import Case
from yueban.flows import message_texts, review

number, mark = sys.argv[1:]

def hang(case):
    # All rows are written, the last word to the applicant is not: nothing is committed.
    assert Case.objects.get(number=number).state == "accepted"
    connection.cursor().execute("SELECT 1")
    Path(mark).touch()
    time.sleep(600)

message_texts.accepted = hang
review.accept(people.actor(people.CLERK), number)
"""

SUBMIT_AND_HANG = """
import sys, time
from pathlib import Path
from yueban.commands.django_setup import set_up_django
set_up_django()
from tests import village
from yueban.cases.models import Case
from yueban.flows import assist, review

number, mark = sys.argv[1:]

def hang(actor, number, **words):
    # The case is written, it is not yet received: nothing is committed.
    assert Case.objects.get(number=number).state == "applied"
    Path(mark).touch()
    time.sleep(600)

review.receive = hang
assist.submit(village.actor(village.HELPER), number)
"""

RENDER_AND_HANG = """
import sys, time
from pathlib import Path
from yueban.commands.django_setup import set_up_django
set_up_django()
from django.conf import settings
from yueban.documents import services
from yueban.jobs.worker import run_worker

folder, mark = sys.argv[1:]
settings.DATA_DIR = Path(folder)
store = services.files.store_file

def store_and_hang(**words):
    stored = store(**words)
    Path(mark).touch()
    time.sleep(600)
    return stored

services.files.store_file = store_and_hang
run_worker(concurrency=1, stall_seconds=1)
"""


PAY_AND_HANG = """
import sys, time
from pathlib import Path
from yueban.commands.django_setup import set_up_django
set_up_django()
from yueban.jobs.worker import run_worker
from yueban.payments import services

mark = sys.argv[1]

def hang(**words):
    # The bank has paid; that it did is not written down yet.
    assert words["answer"].state == "paid"
    Path(mark).touch()
    time.sleep(600)

services.record_answer = hang
run_worker(concurrency=1, stall_seconds=1)
"""


@pytest.fixture
def kill_in_the_middle(own_database, tmp_path: Path):
    """Run a program on this test's database until it touches its mark, then kill it with -9."""

    def run(program: str, *words: str) -> None:
        mark = tmp_path / "mark"
        environment = os.environ | {
            "DATABASE_URL": own_database.url(),
            "DJANGO_SETTINGS_MODULE": "yueban.settings.test",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        process = subprocess.Popen([sys.executable, "-c", program, *words, str(mark)], env=environment)
        try:
            wait_until(lambda: mark.exists() or process.poll() is not None)
            assert process.poll() is None, "the program ended before it was killed"
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    return run


def wait_until(condition: Callable[[], bool], seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of our own tables, and the queue."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("yueban.")]
    found = {model.__name__: list(model.objects.order_by("pk").values()) for model in ours}
    return found | {"jobs": list(ProcrastinateJob.objects.order_by("pk").values("id", "status", "task_name"))}


def test_a_web_process_killed_before_the_commit_leaves_no_half_state(kill_in_the_middle):
    case = people.received()
    before = everything()
    kill_in_the_middle(ACCEPT_AND_HANG, case.number)
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    # The lock went with the process: the clerk's next click works, and gets the number that was given back.
    assert review.accept(people.actor(people.CLERK), case.number).state == CaseState.ACCEPTED
    acceptance = documents.documents_of(Reference("case", case.number)).get(kind="acceptance")
    assert acceptance.number.endswith("〕1号")
    assert verify_all().ok


def test_a_helpers_submission_killed_before_it_is_received_leaves_the_draft(kill_in_the_middle):
    village.settle()
    draft = village.draft()
    village.mandate(draft)
    before = everything()
    kill_in_the_middle(SUBMIT_AND_HANG, draft.number)
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    case = assist.submit(village.actor(village.HELPER), draft.number)
    assert case.state == CaseState.RECEIVED


def test_a_worker_killed_in_the_middle_of_a_document_leaves_it_waiting_and_it_is_made_once(
    kill_in_the_middle, data_dir: Path
):
    run_jobs(stall_seconds=1)  # the certificates of the cast
    case = people.received()
    (receipt,) = documents.documents_of(Reference("case", case.number))
    uploads = StoredFile.objects.count()
    blobs = stored_under(data_dir)
    kill_in_the_middle(RENDER_AND_HANG, str(data_dir))
    receipt.refresh_from_db()
    assert (receipt.state, receipt.file) == (DocumentState.PENDING, None)
    assert StoredFile.objects.count() == uploads
    written = stored_under(data_dir) - blobs
    assert len(written) == 1, "the bytes were on the disk when the worker died"

    def made() -> bool:
        run_jobs(stall_seconds=1)
        receipt.refresh_from_db()
        return receipt.is_ready

    wait_until(made)
    assert StoredFile.objects.count() == uploads + 1
    assert stored_under(data_dir) - blobs == written, "the same bytes, the same file"
    assert receipt.sha256 in next(iter(written))


def stored_under(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if path.is_file()}


def test_a_worker_killed_after_the_bank_paid_neither_loses_nor_doubles_the_payment(kill_in_the_middle):
    _, order = benefits.granted()
    pay.approve(benefits.payer("payer-one"), order.number)
    pay.release(benefits.payer("payer-two"), order.number)
    kill_in_the_middle(PAY_AND_HANG)
    order.refresh_from_db()
    assert order.state == OrderState.SENT
    time.sleep(1.2)  # the dead worker's last sign of life is older than a second now
    run_jobs(stall_seconds=1)
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert [(row.state, row.asked) for row in DemoTransfer.objects.all()] == [("paid", 2)]
    assert [entry.kind for entry in order.entries.order_by("pk")] == ["owed", "sent", "paid"]
