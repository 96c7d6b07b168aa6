"""Runs at once, changes while one is under way, a run that is killed: nothing lost, nothing doubled, nothing stale."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.flows.moments import at_once, set_now
from tests.matching.world import DIGITAL, HIRES, YOUNG, alone, firm, from_facts, offers, standing, tell
from yueban.matching import runs, services, table
from yueban.matching.models import ChangedParty, MatchChange, MatchResult, MatchRun, MatchState
from yueban.policies import selectors as policies

pytestmark = pytest.mark.django_db(transaction=True)
DAY = (2026, 11, 23)

STORE_AND_HANG = """
import sys, time
from datetime import datetime
from pathlib import Path
from yueban.commands.django_setup import set_up_django
set_up_django()
from django.conf import settings
from yueban.kernel import clock
from yueban.matching import runs, services

folder, mark = sys.argv[1:]
settings.DATA_DIR = Path(folder)
clock.set_source(lambda: datetime(2026, 11, 23, 10, tzinfo=clock.BEIJING))

def hang(run, begun):
    # The file of the table, the results and what was replaced are written: nothing is committed.
    assert run.results.exists()
    Path(mark).touch()
    time.sleep(600)

runs._ended = hang
services.run_all()
"""


@pytest.fixture(autouse=True)
def november():
    set_now(*DAY)
    table._held.clear()
    alone()


@pytest.fixture
def world(tmp_path):
    """Four firms of which something is known, and offers in force."""
    firms = [firm(number) for number in range(4)]
    for number, one in enumerate(firms):
        tell(one, digital_investment=number * 60_000, new_hires=number, founded_on="2025-01-01")
    rules = {"digital": DIGITAL, "both": {"all": [DIGITAL, HIRES]}, "young": {"any": [YOUNG, HIRES]}}
    return firms, offers(tmp_path, **rules)


def is_right(firms, versions):
    return standing(versions) == from_facts(versions, firms)


def test_two_full_runs_at_once_follow_one_another(world):
    firms, versions = world
    found = at_once([services.run_all, services.run_all])
    assert sorted(run.edition for run in found) == [1, 2]
    assert MatchResult.objects.filter(offer_version=versions["digital"]).count() == 2
    assert MatchState.objects.get().edition == 2
    assert is_right(firms, versions)


def test_a_clause_beside_a_full_run_is_decided_over_the_table_that_stands_then(world):
    firms, versions = world
    services.run_all()
    tell(firms[0], digital_investment=900_000)
    found = at_once([services.run_all, lambda: services.run_offers([versions["digital"].pk])])
    assert {run.kind for run in found} == {"full", "clause"}
    services.run_changed()
    assert is_right(firms, versions)


def test_a_profile_that_changes_while_a_run_is_under_way_is_there_for_the_next(world, monkeypatch):
    firms, versions = world
    services.run_all()
    rebuilt = runs.rebuilt

    def rebuilt_and_changed(state):
        found = rebuilt(state)

        def change():
            tell(firms[0], digital_investment=900_000)
            connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(change).result()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(runs, "rebuilt", rebuilt_and_changed)
        services.run_all()
    assert firms[0].pk not in standing(versions)["digital"][0]
    assert ChangedParty.objects.count() == 1
    services.run_due(policies.offer_versions([versions["digital"].pk]))
    assert firms[0].pk in standing(versions)["digital"][0]
    assert is_right(firms, versions)


def test_changes_and_runs_all_at_once_end_where_the_facts_are(world):
    firms, versions = world
    services.run_all()
    found = at_once(
        [
            lambda: tell(firms[0], digital_investment=900_000),
            lambda: tell(firms[3], digital_investment=1),
            services.run_changed,
            services.run_changed,
            services.run_all,
        ]
    )
    assert not [one for one in found if isinstance(one, Exception)]
    services.run_changed()
    assert is_right(firms, versions)
    assert not ChangedParty.objects.exists()


def test_a_change_is_written_once_however_many_runs_take_it(world):
    firms, versions = world
    services.run_all()
    tell(firms[0], digital_investment=900_000)
    found = at_once([services.run_changed] * 3)
    assert sum(run is not None for run in found) == 1
    assert MatchChange.objects.filter(offer_version=versions["digital"], party=firms[0]).count() == 1
    assert is_right(firms, versions)


def test_a_process_killed_while_it_stores_leaves_what_stood_and_the_next_run_does_it_once(
    world, own_database, tmp_path
):
    firms, versions = world
    services.run_all()
    before = MatchState.objects.values().get()
    tell(firms[0], digital_investment=900_000)
    kill_while_storing(own_database, tmp_path / "mark")
    assert MatchState.objects.values().get() == before
    assert MatchRun.objects.count() == 1
    assert ChangedParty.objects.count() == 1
    assert firms[0].pk not in standing(versions)["digital"][0]
    services.run_changed()
    assert is_right(firms, versions)
    assert MatchChange.objects.filter(offer_version=versions["digital"], party=firms[0]).count() == 1


def kill_while_storing(database, mark):
    environment = os.environ | {
        "DATABASE_URL": database.url(),
        "DJANGO_SETTINGS_MODULE": "yueban.settings.test",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    words = [sys.executable, "-c", STORE_AND_HANG, str(settings.DATA_DIR), str(mark)]
    process = subprocess.Popen(words, env=environment)
    try:
        until = time.monotonic() + 60
        while not mark.exists() and process.poll() is None:
            assert time.monotonic() < until, "waited in vain"
            time.sleep(0.05)
        assert process.poll() is None, "the program ended before it was killed"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
