"""`yueban match` as it is typed: what it prints has the promised shape and says what stands in the database."""

import json
from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from tests.commands.test_schemas import problems, schema_of
from tests.matching.world import DIGITAL, HIRES, REGISTER, alone, firm, offers, tell
from yueban import cli
from yueban.commands import match, running
from yueban.kernel import clock
from yueban.matching import services, table
from yueban.policies import selectors as policies

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def world(tmp_path, monkeypatch):
    """Three firms, one rich, one poor, one of which nothing is told that matters; two offers."""
    clock.set_source(lambda: datetime.combine(TODAY, datetime.min.time(), clock.BEIJING) + timedelta(hours=9))
    monkeypatch.setattr(match, "running_instance", lambda: nullcontext(True))
    table._held.clear()
    alone()
    rich, poor, silent = firm(1), firm(2), firm(3)
    tell(rich, digital_investment=500_000, new_hires=4)
    tell(poor, digital_investment=500, new_hires=1)
    tell(silent, new_hires=2)
    return offers(tmp_path, digital=DIGITAL, both={"all": [DIGITAL, HIRES]})


def printed(capsys, *words):
    """The exit code, the object, and what a person reads."""
    code = cli.main(["match", *words, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out.splitlines()[-1]), err


def found(capsys, schema, *words):
    code, printed_object, err = printed(capsys, *words)
    assert code == 0
    assert problems(schema_of(schema), printed_object) == []
    return printed_object, err


def test_a_full_run_says_how_many_pairs_there_are_of_each_kind(capsys):
    done, said = found(capsys, "match-run", "run")
    assert (done["ok"], done["enterprises"], done["unreadable"], done["on"]) == (True, 3, {}, "2026-11-23")
    assert (done["true"], done["offers"]) == (2, len(policies.offers_in_force(TODAY)))
    assert "符合 2" in said


def test_an_offer_that_cannot_be_read_is_named_and_the_command_fails(capsys, tmp_path):
    (tmp_path / "more").mkdir()
    offers(tmp_path / "more", lost={"fact": "enterprise.nothing", "op": "ge", "value": 1})
    code, done, said = printed(capsys, "run")
    assert (code, done["ok"], done["true"]) == (1, False, 2)
    assert list(done["unreadable"]) == ["try-lost"]
    assert "try-lost 的条件读不懂" in said
    assert problems(schema_of("match-run"), done) == []
    code, done, said = printed(capsys, "clause", "try-lost")
    assert (code, done["true"], done["enterprises"]) == (1, 0, [])
    assert problems(schema_of("match-clause"), done) == []


def test_an_offer_tells_who_meets_it_and_how_many_are_unknown_or_near(capsys):
    done, said = found(capsys, "match-clause", "clause", "try-digital")
    assert (done["true"], done["unknown"], done["near"], done["of"]) == (1, 1, 1, 3)
    assert done["enterprises"] == ["e-match-1"]
    assert done["in_force"]
    assert "符合 1，待核实 1，差一项 1" in said
    done, _ = found(capsys, "match-clause", "clause", "try-digital", "--show", "0")
    assert (done["true"], done["enterprises"]) == (1, [])


def test_an_enterprise_is_found_by_number_or_code_and_its_offers_are_counted(capsys):
    done, said = found(capsys, "match-enterprise", "enterprise", "e-match-1")
    assert {one["offer"] for one in done["matches"] if one["value"] == "true"} == {"try-digital", "try-both"}
    assert done["true"] == 2
    assert done["true"] + done["unknown"] + done["false"] == len(done["matches"])
    assert "符合 试行digital" in said
    by_code, _ = found(capsys, "match-enterprise", "enterprise", "91999999MA99M00002")
    assert (by_code["enterprise"], by_code["true"]) == ("e-match-2", 0)
    near = {
        one["offer"]: one["missing"] for one in by_code["matches"] if one["near"] and one["value"] == "false"
    }
    assert len(near) == by_code["near"]
    assert near["try-digital"] == ["enterprise.digital_investment"]
    assert "try-both" not in near


def parts_of(tree):
    yield tree
    for part in tree.get("parts", ()):
        yield from parts_of(part)


def test_an_explanation_gives_value_tree_what_is_missing_and_the_text(capsys):
    why, said = found(capsys, "match-explain", "explain", "e-match-3", "try-digital")
    assert (why["value"], why["missing"]) == ("unknown", ["enterprise.digital_investment"])
    assert why["text"] in said
    why, _ = found(capsys, "match-explain", "explain", "e-match-2", "try-both")
    each = list(parts_of(why["tree"]))
    assert [part["value"] for part in each] == ["false", "false", "false"]
    assert all(problems(schema_of("match-explain")["$defs"]["part"], part) == [] for part in each)
    assert {part["source"].partition("，")[0] for part in each[1:]} == {"税务部门申报信息（演示）"}


def test_a_past_day_is_explained_by_what_was_known_then(capsys):
    found(capsys, "match-run", "run")
    clock.set_source(lambda: datetime(2026, 11, 25, 9, tzinfo=clock.BEIJING))
    tell(firm(2), REGISTER, digital_investment=900_000)
    found(capsys, "match-run", "run")
    now, _ = found(capsys, "match-explain", "explain", "e-match-2", "try-digital")
    then, _ = found(capsys, "match-explain", "explain", "e-match-2", "try-digital", "--at", "2026-11-23")
    assert (now["value"], then["value"]) == ("true", "false")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["clause", "try-digitl"], "没有已签发的惠企事项“try-digitl”。相近的有：try-digital"),
        (["clause", "zzzz"], "没有已签发的惠企事项“zzzz”。请核对事项的 key。"),
        (["clause", "try-digital", "--show", "-1"], "--show 不能小于 0"),
        (["enterprise", "nobody"], "没有企业“nobody”。请核对企业编号或统一社会信用代码。"),
        (["explain", "nobody", "try-digital"], "没有企业“nobody”"),
        (["explain", "e-match-1", "zzzz"], "没有已签发的惠企事项“zzzz”"),
        (["explain", "e-match-1", "try-digital", "--at", "2026-11-24"], "2026-11-24 还没有到"),
        (["explain", "e-match-1", "try-digital", "--at", "2020-01-01"], "在 2020-01-01 还没有签发"),
        (["explain", "e-match-1", "try-digital", "--at", "2026-11-23"], "那时还没有匹配记录"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence_and_with_json_as_an_object(capsys, words, sentence):
    code, done, err = printed(capsys, *words)
    assert code == 1
    assert done["ok"] is False
    assert sentence in done["error"]
    assert err.strip() == done["error"]


def test_a_day_that_is_none_is_refused_before_anything_is_asked(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["match", "explain", "e-match-1", "try-digital", "--at", "11/23"])
    assert stopped.value.code == 2
    assert "“11/23”不是日期" in capsys.readouterr().err


@pytest.mark.parametrize("act", ["run", "clause", "enterprise"])
def test_the_help_says_in_which_unit_times_are(capsys, act):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["match", act, "--help"])
    assert stopped.value.code == 0
    assert "毫秒" in capsys.readouterr().out


def test_a_database_older_than_the_program_is_said_to_be(capsys, monkeypatch):
    def ask_for_a_column_to_come():
        with connection.cursor() as cursor:
            cursor.execute("SELECT yet_to_come FROM matching_matchrun")

    monkeypatch.setattr(match, "running_instance", running.running_instance)
    monkeypatch.setenv("DATABASE_URL", "as the tests have it")
    monkeypatch.setattr(running, "set_up_django", lambda: None)
    monkeypatch.setattr(services, "run_all", ask_for_a_column_to_come)
    with transaction.atomic():
        code, done, _ = printed(capsys, "run")
        transaction.set_rollback(True)
    assert code == 1
    assert '数据库的结构比程序旧（column "yet_to_come" does not exist）' in done["error"]
    assert "yueban migrate" in done["error"]
