"""What people should do by rule: for one person, for a village at once, never for a matter already under way."""

from datetime import date, datetime

import pytest
from django.conf import settings

from tests import village
from yueban.cases.choices import CaseState
from yueban.catalogue import selectors as catalogue
from yueban.certificates import selectors as certificates
from yueban.elements import selectors as elements
from yueban.flows import due_things
from yueban.kernel import clock
from yueban.kernel.codes import resident_id
from yueban.parties import services as parties

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def villager():
    clock.set_source(lambda: datetime(2026, 11, 23, 9, 0, tzinfo=clock.BEIJING))
    return village.settle()


def test_every_rule_of_the_city_speaks_of_known_things():
    rules = due_things.read_rules(settings.CITY_DIR / due_things.FILE)
    types = [row.key for row in certificates.certificate_types()]
    assert rules
    assert due_things.check_rules(rules, elements.vocabulary(), types) == []
    assert {rule.reminder.item for rule in rules} <= set(
        catalogue.item_names({r.reminder.item for r in rules})
    )


def test_a_rule_over_unknown_things_is_named():
    stated = due_things.Reminder(
        key="wrong",
        item="x",
        when={"fact": "no.such", "op": "eq", "value": "1"},
        sentence="",
        by_fact="no.date",
    )
    rule = due_things.Rule(stated, due_things.parse(stated.when))
    problems = due_things.check_rules([rule], elements.vocabulary(), [])
    assert len(problems) == 2
    assert all("wrong" in problem for problem in problems)


def test_the_villager_is_due_for_his_subsidy_until_it_is_asked_for(villager):
    (thing,) = due_things.due_for(villager)
    assert (thing.item, thing.by) == (village.ITEM, date(2027, 2, 21))
    assert "就业困难人员" in thing.sentence
    village.handed_in()
    assert due_things.due_for(villager) == []


def test_what_was_decided_is_not_due_again_within_the_year(villager):
    case = village.handed_in()
    case.state, case.ended_at = CaseState.DELIVERED, clock.now()
    case.save(update_fields=["state", "ended_at"])
    assert due_things.due_for(villager) == []
    clock.set_source(lambda: datetime(2027, 11, 24, 9, 0, tzinfo=clock.BEIJING))
    assert [thing.item for thing in due_things.due_for(villager)] == [village.ITEM]


def test_a_man_who_pays_himself_hears_of_his_retirement_from_sixty_on():
    born = resident_id.compose("99999919661124001")
    man = parties.save_party(
        number="man",
        kind="person",
        name="到龄",
        id_kind="resident_id",
        id_number=born,
        division_code=village.PLACE,
    )
    facts = {"person.sex": "1", "employment.insurance_way": "self_employee"}
    parties.save_profile(party=man, source="缴费记录", facts=facts, as_of=date(2026, 11, 1))
    assert due_things.due_for(man) == [], "sixty tomorrow"
    clock.set_source(lambda: datetime(2026, 11, 24, 9, 0, tzinfo=clock.BEIJING))
    (thing,) = due_things.due_for(man)
    assert (thing.item, thing.by) == ("employee-retirement", date(2029, 11, 24))


def test_who_has_turned_eighty_is_told_of_the_allowance():
    born = resident_id.compose("99999919461124001")
    old = parties.save_party(
        number="old",
        kind="person",
        name="高龄",
        id_kind="resident_id",
        id_number=born,
        division_code=village.PLACE,
    )
    assert due_things.due_for(old) == [], "eighty tomorrow"
    clock.set_source(lambda: datetime(2026, 11, 24, 9, 0, tzinfo=clock.BEIJING))
    (thing,) = due_things.due_for(old)
    assert (thing.item, thing.by) == ("old-age-allowance", date(2027, 11, 24))


def test_a_whole_village_asks_no_more_questions_than_one_person(villager, django_assert_max_num_queries):
    helper = village.actor(village.HELPER)
    due_things.due_in(helper, village.PLACE)  # the vocabulary is read once
    with django_assert_max_num_queries(8):
        before = due_things.due_in(helper, village.PLACE)
    for at in range(12):
        number = resident_id.compose(f"9999991940{at % 9 + 1:02}01{at:03}")
        parties.save_party(
            number=f"more-{at}",
            kind="person",
            name="村民",
            id_kind="resident_id",
            id_number=number,
            division_code=village.PLACE,
        )
    with django_assert_max_num_queries(8):
        after = due_things.due_in(helper, village.PLACE)
    assert len(after) == len(before) + 12
    assert villager.number in {thing.party.number for thing in after}


def test_nobody_looks_into_another_village():
    assert due_things.due_in(village.actor(village.NEIGHBOUR), village.PLACE) == []
