"""免申即享: listed for certain, looked at again, announced, consented to; Appendix A 11."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests import people
from tests.claims import making
from tests.flows.moments import set_now
from yueban.approvals.models import PublicNotice
from yueban.claims.choices import ClaimState, EntryState, ListState
from yueban.claims.errors import ClaimInvalid, ClaimMoveNotPossible, ClaimNotFound, SamePerson
from yueban.claims.models import AutoEntry, AutoList, Claim
from yueban.flows import auto_grant, notice
from yueban.flows.sweep import sweep
from yueban.kernel.errors import NotAllowed
from yueban.notifications.models import Message
from yueban.payments import budgets
from yueban.policies.models import Policy

pytestmark = pytest.mark.django_db

HOLDS = {"is_above_scale": True, "is_dishonest": False}
CONDITIONS = {
    "all": [
        {"fact": "enterprise.is_above_scale", "op": "eq", "value": True},
        {"fact": "enterprise.digital_investment", "op": "ge", "value": 100000},
    ]
}
THIRTY = [{"key": "prize", "label": "智能工厂", "gives": {"kind": "fixed", "amount": "300000"}}]


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()


@pytest.fixture
def offered():
    making.offer("auto", redemption="auto", conditions=CONDITIONS, benefits=THIRTY, name="智能工厂奖励")
    making.money("600000")
    making.told(making.company(), HOLDS | {"digital_investment": 2000000})


def listed():
    return auto_grant.make(making.checker(), "auto")


def asked():
    found = auto_grant.check(making.decider(), listed().number)
    set_now(2026, 12, 1)
    sweep()
    found.refresh_from_db()
    return found


def entry(username=people.OWNER):
    return AutoEntry.objects.get(party=making.company(username))


def consented(username=people.OWNER):
    return auto_grant.consent(
        people.actor(username),
        entry(username).pk,
        account=making.ACCOUNT,
        holder=making.company(username).name,
        agrees=True,
    )


def test_appendix_a_11_unknown_on_one_hard_condition_is_not_listed(offered):
    making.told(making.company(people.STRANGER), HOLDS | {"digital_investment": None})
    found = listed()
    assert [one.party for one in found.entries.all()] == [making.company()]
    assert found.not_known >= 1


def test_an_enterprises_own_word_and_what_has_expired_list_nobody(offered):
    stranger = making.company(people.STRANGER)
    making.told(stranger, HOLDS)
    making.told(stranger, {"digital_investment": 900000}, source=making.OWN_WORD)
    making.told(
        making.company(),
        HOLDS | {"digital_investment": 2000000},
        as_of=date(2025, 1, 1),
        expires_on=date(2026, 11, 22),
    )
    assert not listed().entries.exists()


def test_appendix_a_11_consent_and_account_lead_to_money_without_an_application(offered):
    found = asked()
    assert found.state == ListState.ASKING
    assert consented().state == EntryState.CONSENTED
    made = Claim.objects.get()
    assert (made.way, made.state, made.amount) == ("auto", ClaimState.AGREED, Decimal(300000))
    assert made.checked_by_id == found.made_by_id
    assert made.decided_by_id == found.checked_by_id
    assert making.figures() == ("300000", "0", "300000", "0")


def test_a_second_press_consents_once(offered):
    asked()
    assert consented().claim_id == consented().claim_id
    assert Claim.objects.count() == 1


def test_who_made_the_list_does_not_look_at_it_again(offered):
    found = listed()
    with pytest.raises(SamePerson):
        auto_grant.check(making.at_bureau("reviewer-zheng", "decider"), found.number)
    with pytest.raises(IntegrityError), transaction.atomic():
        AutoList.objects.filter(pk=found.pk).update(checked_by=found.made_by_id)


def test_a_list_is_made_by_the_department_that_is_responsible(offered):
    with pytest.raises(NotAllowed):
        auto_grant.make(making.at_bureau("reviewer-zheng", "reviewer", "yuecheng-transport"), "auto")


def test_of_a_policy_of_the_state_the_citys_department_makes_the_list(offered):
    Policy.objects.filter(key="manufacturing").update(division_code="000000000000")
    with pytest.raises(NotAllowed):
        listed()
    city = making.at_bureau("policy-gong", "reviewer", "shaoxing-economy-it")
    assert auto_grant.make(city, "auto").agency.code == "shaoxing-economy-it"


def test_only_the_lists_of_ones_own_department_are_offered(offered):
    assert ("auto", "智能工厂奖励") in auto_grant.offers_to_list(making.checker())
    elsewhere = making.at_bureau("reviewer-zheng", "reviewer", "yuecheng-transport")
    assert ("auto", "智能工厂奖励") not in auto_grant.offers_to_list(elsewhere)
    assert auto_grant.offers_to_list(people.actor(people.OWNER)) == []


def test_nobody_is_listed_twice_a_year(offered):
    listed()
    assert not listed().entries.exists()


def test_silence_is_no_consent(offered):
    found = asked()
    assert Message.objects.filter(reference_kind="auto-entry").count() == 1
    for day in (14, 21):
        set_now(2026, 12, day)
        sweep()
        sweep()
    assert entry().reminded == 2
    assert Message.objects.filter(reference_kind="auto-entry").count() == 3
    set_now(2027, 1, 4)
    sweep()
    found.refresh_from_db()
    assert (found.state, entry().state) == (ListState.CLOSED, EntryState.UNANSWERED)
    assert not Claim.objects.exists()
    with pytest.raises(ClaimMoveNotPossible):
        consented()


def test_consent_is_said_and_the_account_is_the_enterprises_own(offered):
    asked()
    with pytest.raises(ClaimInvalid):
        auto_grant.consent(
            people.actor(people.OWNER),
            entry().pk,
            account=making.ACCOUNT,
            holder="示例运输有限公司",
            agrees=False,
        )
    with pytest.raises(ClaimInvalid):
        auto_grant.consent(
            people.actor(people.OWNER), entry().pk, account=making.ACCOUNT, holder="陈示例", agrees=True
        )
    with pytest.raises(ClaimNotFound):
        auto_grant.consent(
            people.actor(people.STRANGER), entry().pk, account=making.ACCOUNT, holder="x", agrees=True
        )


def test_where_the_budget_is_short_by_one_it_is_declared_and_first_come_is_served(offered):
    making.told(making.company(people.STRANGER), HOLDS | {"digital_investment": 2000000})
    budgets.cut(line_key=making.LINE, year=2026, amount=Decimal(1), key="cut")
    found = asked()
    lines = PublicNotice.objects.get(reference_number=found.number).lines
    assert any("按确认的先后拨付" in text for label, text in lines if label == "预算说明")
    assert consented(people.STRANGER).state == EntryState.CONSENTED
    assert consented().state == EntryState.QUEUED
    assert making.figures() == ("299999", "0", "300000", "0")
    budgets.allot(line_key=making.LINE, year=2026, amount=Decimal(1), key="allot")
    assert auto_grant.serve_queue(making.LINE, 2026) == 1
    assert entry().state == EntryState.CONSENTED
    assert making.figures() == ("0", "0", "600000", "0")


def test_an_upheld_objection_takes_the_enterprise_off_the_list(offered):
    found = auto_grant.check(making.decider(), listed().number)
    published = PublicNotice.objects.get(reference_number=found.number)
    notice.object_to(
        people.actor(people.CITIZEN), published.number, name="赵样例", contact="", text="没有这条产线"
    )
    task = making.task_of(found.number, "objection")
    auto_grant.answer(making.checker(), task, is_upheld=True, reasons="核实属实", entry_ids=[entry().pk])
    set_now(2026, 12, 1)
    assert sweep()["notices_ended"] == 1
    assert entry().state == EntryState.REMOVED


def test_who_declines_is_not_paid(offered):
    asked()
    auto_grant.decline(people.actor(people.OWNER), entry().pk)
    assert entry().state == EntryState.DECLINED
    with pytest.raises(ClaimMoveNotPossible):
        consented()
