"""The benchmarks do what they say, at sizes that say nothing about speed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_schemas import problems, schema_of
from yueban.commands import bench
from yueban.commands.benches.pages import TYPED, Timed, keystrokes

ROOT = Path(__file__).resolve().parents[2]
SIZES = ["--runs", "1", "--items", "40", "--cases", "6", "--requests", "5"]


def run(*words: str) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUEBAN_", "DATABASE", "DJANGO"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "yueban", "bench", *words, "--json"],
        capture_output=True,
        text=True,
        env=kept,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert problems(schema_of("bench"), found) == []
    return found


@pytest.fixture(scope="module")
def result():
    return run("pages", *SIZES)


@pytest.mark.slow
def test_both_sides_gave_the_same_bytes_and_every_figure_is_measured(result):
    assert result["checked_equal"]
    figures = {**result["ours"], **result["ratios"], **result["peers"]["bare"]}
    assert {"guide_ms", "search_p95_ms", "my_ms", "guide_vs_bare"} <= set(figures)
    assert all(value > 0 for name, value in figures.items() if "cpu" not in name)


def test_every_benchmark_is_found_by_its_name():
    known = {"pages", "cases", "lists", "clocks", "crash", "compile", "forms", "match", "consult"}
    assert known <= set(bench.find_names())


@pytest.mark.slow
def test_cases_end_in_the_same_rows_by_ours_and_by_hand_and_each_statement_is_counted():
    found = run("cases", "--runs", "1", "--cases", "4", "--threads", "2")
    assert found["checked_equal"]
    assert {"vs_spiffworkflow", "vs_raw_psycopg"} <= set(found["ratios"])
    assert found["peers"]["raw_psycopg"]["statements_per_case"] == 16
    assert found["peers"]["spiffworkflow"]["statements_per_case"] == 32
    assert found["peers"]["spiffworkflow_in_memory"]["statements_per_case"] == 8
    assert 16 < found["ours"]["statements_per_case"] < 20


@pytest.mark.slow
def test_each_act_of_a_step_gives_the_fields_it_should():
    found = run("forms", "--runs", "1", "--requests", "2", "--fields", "40")
    assert found["checked_equal"]
    acts = ("shown", "saved", "opened", "refused")
    assert found["ours"]["step_200_fields_p95_ms"] == max(found["ours"][f"{name}_p95_ms"] for name in acts)


def test_words_are_typed_letter_by_letter_up_to_the_sixth():
    asked = keystrokes()
    assert {"d", "dl", "dly", "dlys"} <= set(asked)
    assert max(len(text) for text in asked) == 6
    assert len(asked) == sum(min(len(word), 6) for word in TYPED)


def test_ninety_five_of_a_hundred_requests_stay_under_the_p95():
    timed = Timed([number / 1000 for number in range(1, 101)], cpu=0.2)
    assert timed.p95_ms == 96
    assert timed.mean_ms == pytest.approx(50.5)
    assert timed.cpu_ms == pytest.approx(2)


@pytest.mark.slow
def test_bundles_have_just_the_fields_they_were_made_of():
    found = run("compile", "--runs", "1", "--sizes", "4", "8")
    assert found["checked_equal"]
    assert found["ours"]["bundle_4_items_fields"] == 4 * 15 + 10
    assert found["ours"]["growth"] > 0


@pytest.mark.slow
def test_no_application_is_blocked_while_sources_fail_and_lag():
    found = run("proofs", "--applications", "20", "--sources", "40", "--threads", "2")
    assert found["checked_equal"]
    assert found["ours"]["blocked"] == 0


@pytest.mark.slow
def test_matching_by_bits_and_by_the_function_for_one_agree_and_each_act_is_measured():
    found = run(
        "match", "--runs", "1", "--enterprises", "300", "--clauses", "20", "--peers", "--growth", "500"
    )
    assert found["checked_equal"]
    ours = found["ours"]
    acts = ("full_cold", "full_warm", "near_miss", "one_clause", "one_profile")
    assert all(ours[f"{act}_ms"] > 0 for act in acts)
    grown = ours["growth"]["500"]
    assert grown["matches"] > 0
    assert min(grown[f"{act}_{figure}"] for act in ("cold", "warm") for figure in ("s", "cpu_s")) >= 0
    assert grown["peak_rss_mb"] > grown["columns_mb"]


def test_a_peer_that_takes_too_long_is_stopped_and_said_to_have_been(tmp_path):
    from benchmarks.match.run import Engine, NotFinished

    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    with pytest.raises(NotFinished):
        Engine(str(slow), "slow", 1, 1, limit=1)


@pytest.mark.slow
def test_the_search_of_the_consultation_is_measured_beside_its_peers():
    found = run("consult", "--units", "700", "--embed", "64", "--questions", "40")
    assert found["checked_equal"]
    assert set(found["peers"]) == {"tantivy", "bm25s", "fts5_trigram"}
    assert {"recall10_vs_bm25s", "p95_vs_tantivy"} <= set(found["ratios"])
    assert found["ours"]["recall10"] > 0.8
    assert found["ours"]["growth"]["units"] == 700
