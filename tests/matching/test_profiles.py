"""The table of enterprises: what it says of each is what their facts say, however it came to be."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.expressions.rules import ON, RULES, VOCABULARY
from tests.matching.tables import cities, rank, statements
from yueban.expressions import ABSENT, Truth, evaluate
from yueban.expressions.columns import Judge, unpack
from yueban.matching import store
from yueban.matching.merging import Stated, merge
from yueban.matching.near import missing_one, movable, near_by_condition
from yueban.matching.profiles import build, changed


def merged_of(city, on=ON):
    return [merge(rows, on=on, rank=rank) for _, rows in sorted(city.items())]


def table_of(city, on=ON):
    return build(merged_of(city, on), VOCABULARY, on=on)


def said(profiles):
    return {party: profiles.facts_at(slot, VOCABULARY) for party, slot in profiles.slots.items()}


def truths(profiles, rule):
    verdicts = Judge(profiles.table, VOCABULARY, profiles.on).decide(rule)
    rows = len(profiles.party_ids)
    true, false = unpack(verdicts.true, rows), unpack(verdicts.false, rows)
    return {
        party: Truth.TRUE if true[slot] else Truth.FALSE if false[slot] else Truth.UNKNOWN
        for party, slot in profiles.slots.items()
    }


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), RULES)
def test_the_table_decides_what_the_facts_of_each_enterprise_decide(city, rule):
    found = truths(table_of(city), rule)
    for one in merged_of(city):
        assert found[one.party_id] is evaluate(rule, one.facts, on=ON, vocabulary=VOCABULARY).value


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), st.data(), RULES)
def test_a_changed_table_says_what_a_new_one_says(city, data, rule):
    before = table_of(city)
    moved = data.draw(st.lists(st.sampled_from(sorted(city)), unique=True))
    gone = set(data.draw(st.lists(st.sampled_from(sorted(city)), unique=True))) - set(moved)
    now = {party: rows for party, rows in city.items() if party not in gone}
    fresh = {**{party: data.draw(statements(party)) for party in moved}, 99: data.draw(statements(99))}
    now |= fresh
    after = changed(before, merged_of(fresh), VOCABULARY, on=ON, gone=gone)
    assert truths(after, rule) == truths(table_of(now), rule)
    assert said(after) == said(table_of(now))
    assert {p: s for p, s in after.slots.items() if p in before.slots and p not in gone} == {
        p: s for p, s in before.slots.items() if p not in gone
    }


def test_a_table_built_again_keeps_the_slots_and_marks_who_left():
    rows = {n: [Stated(n, "market", {"count": n}, ON, None)] for n in (3, 5, 8)}
    before = table_of(rows)
    after = build(
        merged_of({n: rows[n] for n in (3, 8)} | {4: [Stated(4, "market", {"count": 4}, ON, None)]}),
        VOCABULARY,
        on=ON,
        kept=before.party_ids,
    )
    assert after.party_ids.tolist() == [3, 0, 8, 4]
    assert said(after)[4] == ({"count": 4}, {"count": "market"})


def test_a_fact_is_good_through_its_last_day_and_unknown_after_it():
    rows = {7: [Stated(7, "market", {"count": 1}, ON, ON), Stated(7, "tax", {"mass": 3.5}, ON, None)]}
    assert said(table_of(rows))[7][0] == {"count": 1, "mass": 3.5}
    next_day = ON + timedelta(days=1)
    assert said(table_of(rows, next_day))[7][0] == {"mass": 3.5}


def test_the_best_source_is_believed_and_an_empty_value_says_nothing():
    rows = {
        7: [
            Stated(7, "tax", {"count": 2, "mass": 4.5, "name": "甲公司"}, ON, None),
            Stated(7, "market", {"count": None, "mass": {"absent": True}, "name": ""}, ON, None),
        ]
    }
    facts, sources = said(table_of(rows))[7]
    assert facts == {"count": 2, "mass": ABSENT, "name": "甲公司"}
    assert sources == {"count": "tax", "mass": "market", "name": "tax"}


def test_a_value_of_the_wrong_type_says_nothing(caplog):
    rows = {7: [Stated(7, "tax", {"count": "many", "mass": True, "place": "330602"}, ON, None)]}
    assert said(table_of(rows))[7][0] == {"place": "330602"}
    assert "wrong type" in caplog.text


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cities(), RULES)
def test_who_misses_by_one_is_the_same_alone_and_for_all(city, rule):
    profiles = table_of(city)
    judge = Judge(profiles.table, VOCABULARY, ON)
    rows = len(profiles.party_ids)
    near = unpack(judge.near(rule, movable(VOCABULARY)), rows)
    by = [
        (predicate, unpack(bits, rows))
        for predicate, bits in near_by_condition(judge, rule, profiles.alive, movable(VOCABULARY))
    ]
    for one in merged_of(city):
        slot = profiles.slots[one.party_id]
        alone = set(missing_one(rule, one.facts, on=ON, vocabulary=VOCABULARY))
        assert bool(near[slot]) == bool(alone)
        assert {predicate for predicate, bits in by if bits[slot]} == alone


@examples(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cities())
def test_a_table_comes_back_from_its_file_as_it_was(settings, tmp_path, city):
    settings.DATA_DIR = tmp_path
    profiles, stamp = table_of(city), uuid4()
    store.save(profiles, stamp)
    again = store.load(stamp)
    assert said(again) == said(profiles)
    assert again.on == profiles.on == date(2026, 11, 22)
    assert again.party_ids.tolist() == profiles.party_ids.tolist()


def test_old_files_go_and_the_one_that_stands_stays(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    profiles = table_of({7: [Stated(7, "tax", {"count": 1}, ON, None)]})
    stamps = [uuid4() for _ in range(5)]
    for stamp in stamps:
        store.save(profiles, stamp)
    (store.folder() / "killed.part").write_bytes(b"half")
    store.drop_old(stamps[0])
    assert store.load(stamps[0]) is not None
    assert len(list(store.folder().iterdir())) == 1 + store.KEPT
    assert store.load(uuid4()) is None
