"""Runs: what is kept of them is what the facts say, whichever way it came about."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.matching.world import (
    AS_OF,
    DIGITAL,
    HIRES,
    REGISTER,
    TAX,
    YOUNG,
    alone,
    firm,
    from_facts,
    offers,
    standing,
    tell,
)
from yueban.kernel import clock
from yueban.matching import selectors, services, store, table
from yueban.matching.backtest import backtest
from yueban.matching.errors import NotKeptThatLong
from yueban.matching.explain import explain, explain_run
from yueban.matching.models import ChangedParty, MatchChange, MatchResult, MatchRun, MatchState
from yueban.parties.models import EnterpriseFacts
from yueban.policies import selectors as policies

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_a_day():
    set_day(TODAY)
    table._held.clear()
    alone()


def set_day(day: date) -> None:
    clock.set_source(lambda: datetime.combine(day, datetime.min.time(), clock.BEIJING) + timedelta(hours=9))


def test_a_full_run_finds_who_meets_an_offer_and_lists_nobody_of_whom_too_little_is_known(tmp_path):
    rich, poor, silent = firm(1), firm(2), firm(3)
    tell(rich, digital_investment=500_000)
    tell(poor, digital_investment=500)
    tell(silent, new_hires=9)
    versions = offers(tmp_path, digital={"all": [DIGITAL]})
    run = services.run_all()
    assert (
        standing(versions)
        == {"digital": ({rich.pk}, {silent.pk})}
        == from_facts(versions, (rich, poor, silent))
    )
    result = run.results.get(offer_version=versions["digital"])
    assert (result.true_count, result.unknown_count, result.near_count) == (1, 1, 1)
    assert run.enterprises == 3


def test_one_clause_is_decided_alone_against_the_table_that_stands(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    services.run_all()
    versions = offers(tmp_path, digital=DIGITAL)
    run = services.run_offers([versions["digital"].pk])
    assert (run.kind, run.offers, run.edition) == ("clause", 1, MatchState.objects.get().edition)
    assert standing(versions)["digital"] == ({rich.pk}, set())


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "digital_investment": st.sampled_from([0, 99_999, 100_000, 500_000, None, {"absent": True}]),
        "new_hires": st.sampled_from([0, 3, None]),
        "founded_on": st.sampled_from(["2025-01-01", "2010-01-01", None]),
    },
)
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([TAX, REGISTER]),
        FACTS,
        st.sampled_from([None, TODAY - timedelta(days=1), TODAY]),
    ),
    min_size=1,
    max_size=8,
)


@examples(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(steps=STEPS, cuts=st.sets(st.integers(0, 7)))
def test_run_after_run_over_changes_stands_where_one_full_run_stands(tmp_path, steps, cuts):
    sid = transaction.savepoint()
    try:
        alone()
        firms = [firm(number) for number in range(4)]
        for one in firms:
            tell(one, "企业填报（演示）", employees=5)
        versions = offers(
            tmp_path,
            one=DIGITAL,
            both={"all": [DIGITAL, HIRES]},
            none={"none": [DIGITAL, YOUNG]},
            young={"any": [YOUNG, HIRES]},
        )
        services.run_all()
        for place, (who, source, facts, expires_on) in enumerate(steps):
            if not facts and place % 2:
                EnterpriseFacts.objects.filter(party=firms[who], source=source).delete()
                services.facts_changed([firms[who].pk])
            else:
                tell(firms[who], source, expires_on=expires_on, **facts)
            if place in cuts:
                services.run_changed()
        services.run_changed()
        after_changes = standing(versions)
        assert after_changes == from_facts(versions, firms)
        services.run_all()
        assert standing(versions) == after_changes
        assert services.run_changed() is None
    finally:
        transaction.savepoint_rollback(sid)
        table._held.clear()


def test_a_new_day_decides_everything_anew_since_facts_expire(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000, expires_on=TODAY)
    versions = offers(tmp_path, digital=DIGITAL)
    services.run_all()
    assert standing(versions)["digital"] == ({rich.pk}, set())
    set_day(TODAY + timedelta(days=1))
    run = services.run_changed()
    assert run.kind == "full"
    assert standing(versions)["digital"][0] == set()


def test_an_enterprise_that_has_ended_is_listed_nowhere_and_keeps_its_slot_empty(tmp_path):
    gone, stays = firm(1), firm(2)
    tell(gone, digital_investment=500_000)
    tell(stays, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL, anybody={"none": [YOUNG]})
    services.run_all()
    slot = table.current_profiles().slots[stays.pk]
    gone.ended_on = TODAY
    gone.save()
    services.facts_changed([gone.pk])
    services.run_changed()
    assert standing(versions)["digital"] == ({stays.pk}, set())
    services.run_all()
    assert standing(versions)["digital"] == ({stays.pk}, set())
    assert table.current_profiles().slots == {stays.pk: slot}


def test_a_killed_run_leaves_what_stood_and_the_changes_for_the_next(tmp_path, monkeypatch):
    rich = firm(1)
    tell(rich, digital_investment=500)
    versions = offers(tmp_path, digital=DIGITAL)
    services.run_all()
    before = MatchState.objects.get()
    tell(rich, digital_investment=500_000)

    def die(*_args, **_more):
        raise KeyboardInterrupt

    from yueban.matching import runs

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(runs, "_decide_changed", die)
        services.run_changed()
    state = MatchState.objects.get()
    assert (state.stamp, state.edition) == (before.stamp, before.edition)
    assert standing(versions)["digital"] == (set(), set())
    assert ChangedParty.objects.count() == 1
    services.run_changed()
    assert standing(versions)["digital"] == ({rich.pk}, set())


def test_a_lost_file_is_built_again_from_the_database(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL)
    services.run_all()
    store.path_of(MatchState.objects.get().stamp).unlink()
    table._held.clear()
    assert standing(versions)["digital"] == ({rich.pk}, set())


def test_a_lost_file_leaves_every_place_to_whom_it_was_given(tmp_path):
    gone, rich, late = firm(1), firm(2), firm(3)
    for one in (late, rich, gone):
        tell(one, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL)
    EnterpriseFacts.objects.filter(party=late).delete()
    services.run_all()
    tell(late, digital_investment=500_000)
    services.run_changed()
    gone.ended_on = TODAY
    gone.save()
    services.facts_changed([gone.pk])
    services.run_changed()
    slots = table.current_profiles().slots
    lose_the_file()
    assert standing(versions)["digital"] == ({rich.pk, late.pk}, set())
    assert table.current_profiles().slots == slots


def lose_the_file():
    store.path_of(MatchState.objects.get().stamp).unlink()
    table._held.clear()


def test_what_changed_before_a_file_was_lost_is_not_lost_with_it(tmp_path):
    rich, poor = firm(1), firm(2)
    tell(rich, digital_investment=500_000)
    tell(poor, digital_investment=500)
    versions = offers(tmp_path, digital=DIGITAL)
    services.run_all()
    tell(poor, digital_investment=500_000)
    lose_the_file()
    table.current_profiles()
    services.run_changed()
    assert standing(versions)["digital"] == ({rich.pk, poor.pk}, set())


def test_a_past_match_whose_facts_were_lost_is_not_explained_by_later_ones(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL)
    then = services.run_all()
    tell(rich, digital_investment=1_000)
    lose_the_file()
    services.run_changed()
    with pytest.raises(NotKeptThatLong):
        explain_run(rich.pk, versions["digital"], then)
    assert explain_run(rich.pk, versions["digital"], MatchRun.objects.last()).value == "false"


def test_a_bulk_load_that_was_noted_part_by_part_is_matched_whole_and_the_past_stays_explained(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL)
    then = services.run_all()
    EnterpriseFacts.objects.filter(party=rich).update(facts={"enterprise.digital_investment": 1_000})
    EnterpriseFacts.objects.create(
        party=firm(2), source=TAX, facts={"enterprise.digital_investment": 300_000}, as_of=AS_OF
    )
    for _part in range(2):
        services.note_all_changed()
    run = services.run_changed()
    assert (run.kind, run.edition) == ("full", then.edition + 1)
    assert standing(versions)["digital"] == ({firm(2).pk}, set())
    assert services.run_changed() is None
    assert explain_run(rich.pk, versions["digital"], then).value == "true"
    assert explain_run(rich.pk, versions["digital"], run).value == "false"


def test_a_past_match_is_explained_by_the_facts_of_then(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL)
    then = services.run_all()
    set_day(TODAY + timedelta(days=1))
    tell(rich, digital_investment=1_000)
    services.run_changed()
    now = explain(rich.pk, versions["digital"], clock.today())
    past = explain_run(rich.pk, versions["digital"], then)
    assert (now.value, past.value) == ("false", "true")
    assert "数字化投入不低于10万元（实际：50万元；来源：税务部门申报信息（演示））" in past.text
    assert "来源：税务部门申报信息（演示），2026年1月1日" in now.text
    assert "原文：“当年数字化投入（软件、硬件、网络、云服务）10万元以上”" in now.text
    assert "依据：诸暨市加快建设先进制造业强市若干政策第一条" in now.text
    assert selectors.found_for([versions["digital"].pk], until=then)[versions["digital"].pk].true.any()


def test_an_offer_whose_conditions_cannot_be_read_is_left_out_and_named(tmp_path):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL, lost={"fact": "enterprise.nothing", "op": "ge", "value": 1})
    run = services.run_all()
    assert list(run.unreadable) == ["try-lost"]
    assert standing(versions)["digital"] == ({rich.pk}, set())
    assert standing(versions)["lost"] == (set(), set())


def test_unknown_facts_are_named_and_so_is_the_one_condition_that_is_missing(tmp_path):
    poor = firm(1)
    tell(poor, digital_investment=500, founded_on="2001-01-01")
    versions = offers(
        tmp_path, near={"all": [DIGITAL]}, unknown={"all": [HIRES]}, far={"all": [DIGITAL, YOUNG]}
    )
    found = {
        match.offer_version_id: match
        for match in selectors.matches_of(poor.pk, TODAY, list(versions.values()))
    }
    near, unknown, far = (found[versions[name].pk] for name in ("near", "unknown", "far"))
    assert (near.value, near.missing, near.near) == ("false", ("enterprise.digital_investment",), True)
    assert (unknown.value, unknown.missing) == ("unknown", ("enterprise.new_hires",))
    assert (far.value, far.missing, far.near) == ("false", (), False)


def test_changes_and_signatures_are_handed_over_within_the_transaction(tmp_path):
    from procrastinate.contrib.django.models import ProcrastinateJob

    before = ProcrastinateJob.objects.count()
    rich = firm(1)
    sid = transaction.savepoint()
    tell(rich, digital_investment=500_000)
    assert ProcrastinateJob.objects.count() == before + 1
    transaction.savepoint_rollback(sid)
    assert ProcrastinateJob.objects.count() == before
    services.offer_signed(offers(tmp_path, digital=DIGITAL)["digital"])
    assert ProcrastinateJob.objects.filter(task_name=services.OFFERS_JOB).count() == 1
    assert (
        not MatchRun.objects.exists()
        and not MatchResult.objects.exists()
        and not MatchChange.objects.exists()
    )
    assert connection.in_atomic_block


def test_reading_what_stands_takes_few_questions_however_many_offers(tmp_path, django_assert_num_queries):
    rich = firm(1)
    tell(rich, digital_investment=500_000)
    versions = offers(tmp_path, digital=DIGITAL, hires=HIRES, young=YOUNG)
    services.run_all()
    with django_assert_num_queries(2):
        assert len(selectors.counts_of([version.pk for version in versions.values()])) == 3


def test_an_offer_is_tried_out_on_the_table_that_stands_beside_the_offers_in_force(tmp_path):
    rich, poor = firm(1), firm(2)
    tell(rich, digital_investment=500_000)
    tell(poor, digital_investment=500)
    versions = offers(tmp_path, digital=DIGITAL, hires=HIRES, same={"all": [DIGITAL]})
    services.run_all()
    found = backtest(
        policies.standard_of(versions["digital"]), previous=policies.standard_of(versions["hires"])
    )
    assert (found.true, found.near, found.unknown) == (1, 1, 0)
    assert (found.cost.total, found.cost.undecided) == (150_000, 0)
    assert ("try-same", 1) in [(one.key, one.enterprises) for one in found.overlaps]
    assert (found.change.gains, found.change.loses) == (1, 0)
