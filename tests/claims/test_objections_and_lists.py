"""数据异议 and 免申即享: who objects to a fact is not listed by it, is held, and comes back when it is answered."""

from datetime import date

import pytest

from tests import people
from tests.claims import making
from tests.flows.moments import set_now
from yueban.certificates.models import DataObjection
from yueban.claims.choices import ClaimState, EntryState, ListState
from yueban.claims.errors import AlreadyClaimed, ClaimMoveNotPossible
from yueban.claims.models import AutoEntry, Claim
from yueban.flows import auto_grant, auto_holds, claim
from yueban.flows.sweep import sweep
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
FIGURE = "enterprise.digital_investment"
CONDITIONS = {"all": [{"fact": FIGURE, "op": "ge", "value": 100000}]}
THIRTY = [{"key": "prize", "label": "智能工厂", "gives": {"kind": "fixed", "amount": "300000"}}]


@pytest.fixture(autouse=True)
def offered():
    making.november()
    making.nothing_known()
    making.offer("auto", redemption="auto", conditions=CONDITIONS, benefits=THIRTY, name="智能工厂奖励")
    making.money("900000")
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": False})


def listed():
    return auto_grant.make(making.checker(), "auto")


def announced():
    return auto_grant.check(making.decider(), listed().number)


def entry():
    found = AutoEntry.objects.filter(party=making.company()).order_by("-pk").first()
    assert found is not None
    return found


def objected(source=making.AUTHORITY):
    made = DataObjection.objects.create(
        number=f"YY{DataObjection.objects.count()}",
        party=making.company(),
        source=source,
        element=FIGURE,
        about="数字化投入",
        text="多算了一笔",
        agency=making.checker_agency(),
        made_at=making.clock.now(),
    )
    auto_holds.hold(made.party_id, made.about)
    return made


def answered(made, state):
    made.state, made.answered_at, made.answer = state, making.clock.now(), "已核实"
    made.save()
    auto_holds.release(made.party_id)


def consented():
    company = making.company()
    return auto_grant.consent(
        people.actor(people.OWNER), entry().pk, account=making.ACCOUNT, holder=company.name, agrees=True
    )


def test_who_objects_to_a_fact_is_not_listed_by_it():
    objected()
    found = listed()
    assert not found.entries.exists()
    assert found.not_known >= 1


def test_what_another_source_was_objected_to_for_keeps_nobody_off():
    objected(source=making.OWN_WORD)
    assert listed().entries.count() == 1


def test_an_entry_is_held_and_the_second_look_announces_it_again_when_the_data_are_right():
    found = listed()
    made = objected()
    assert (entry().state, entry().reason[:2]) == (EntryState.HELD, "企业")
    with pytest.raises(ClaimMoveNotPossible):
        auto_grant.check(making.decider(), found.number)
    answered(made, "dismissed")
    assert entry().state == EntryState.LISTED
    auto_grant.check(making.decider(), found.number)
    assert entry().is_announced


def test_what_is_held_when_the_list_is_announced_waits_for_the_supplementary_list():
    stranger = making.company(people.STRANGER)
    making.told(stranger, {"digital_investment": 900000, "is_dishonest": False})
    found = listed()
    made = objected()
    auto_grant.check(making.decider(), found.number)
    answered(made, "dismissed")
    assert (entry().state, entry().reason) == (EntryState.REMOVED, "异议已经核实，符合条件，列入补充名单")
    assert [one.party for one in listed().entries.all()] == [making.company()]


def test_an_announced_entry_is_not_asked_before_the_answer_and_asked_after_it():
    found = announced()
    made = objected()
    set_now(2026, 12, 1)
    assert sweep()["failed"] == 0
    found.refresh_from_db()
    assert (found.state, entry().state) == (ListState.ASKING, EntryState.HELD)
    with pytest.raises(ClaimMoveNotPossible, match="正在核实"):
        consented()
    answered(made, "dismissed")
    assert entry().state == EntryState.ASKED
    assert Message.objects.filter(title="请确认是否享受").count() == 1
    assert consented().state == EntryState.CONSENTED


def test_after_the_last_day_to_consent_it_waits_for_the_supplementary_list():
    announced()
    made = objected()
    for day in (date(2026, 12, 1), date(2027, 1, 4)):
        set_now(day.year, day.month, day.day)
        sweep()
    assert entry().state == EntryState.HELD
    answered(made, "dismissed")
    assert entry().state == EntryState.REMOVED


def test_what_was_found_wrong_lists_nobody_until_the_source_says_something_newer():
    listed()
    answered(objected(), "upheld")
    assert entry().state == EntryState.REMOVED
    assert not listed().entries.exists()
    making.told(making.company(), {"digital_investment": 400000}, as_of=date(2026, 11, 23))
    assert listed().entries.count() == 1


def test_who_was_given_the_same_meanwhile_is_not_given_it_again_by_consent():
    group = {"group": "factories", "scope": "year"}
    making.offer("other", redemption="auto", benefits=THIRTY, conditions=CONDITIONS, exclusive=group)
    making.offer("fast", exclusive=group)
    found = auto_grant.make(making.checker(), "other")
    auto_grant.check(making.decider(), found.number)
    made = making.submitted(key="fast")
    set_now(2026, 12, 1)
    sweep()
    with pytest.raises(AlreadyClaimed):
        consented()
    Claim.objects.filter(pk=made.pk).update(state=ClaimState.PAID)
    with pytest.raises(AlreadyClaimed):
        consented()
    Claim.objects.filter(pk=made.pk).update(state=ClaimState.CHECKING)
    claim.withdraw(people.actor(people.OWNER), made.number)
    assert consented().state == EntryState.CONSENTED
