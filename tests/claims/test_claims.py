"""政策申报: handed in, checked, agreed, announced; each by another person, each fen of the budget accounted for."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests import people
from tests.claims import making
from tests.flows.moments import set_now
from yueban.approvals.models import PublicNotice, Task
from yueban.audit import proving
from yueban.claims import selectors
from yueban.claims.choices import ClaimState, Way
from yueban.claims.errors import (
    AlreadyClaimed,
    ClaimInvalid,
    ClaimMoveNotPossible,
    ClaimNotFound,
    ClaimStale,
    NotEligible,
    NotOpen,
    SamePerson,
)
from yueban.claims.models import Claim
from yueban.claims.steps import COURSES, MOVES
from yueban.flows import claim, claim_notice, notice
from yueban.flows.sweep import sweep
from yueban.notifications.models import Message
from yueban.payments.errors import BudgetShort

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()


@pytest.fixture
def ready():
    """An offer with its money, and a company that has invested two million."""
    making.offer()
    making.money()
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": False})


def checked():
    found = making.submitted()
    return claim.work(
        making.checker(), found.number, making.task_of(found.number, "check"), conforms=True, opinion=""
    )


def announced():
    return claim.propose(making.decider(), checked().number)


def test_the_amount_follows_from_the_rule_and_is_reserved(ready):
    found = making.submitted()
    assert (found.state, found.amount) == (ClaimState.CHECKING, Decimal(600000))
    assert making.figures() == ("400000", "600000", "0", "0")
    assert found.facts["enterprise.digital_investment"] == {
        "value": 2000000,
        "source": making.AUTHORITY,
        "as_of": "2026-10-01",
        "method": "import",
    }
    assert found.explanation["value"] == "true"
    assert found.promised_on == date(2026, 11, 26)


def test_what_is_agreed_is_frozen_announced_and_after_the_notice_ready_to_be_paid(ready):
    found = announced()
    assert (found.state, making.figures()) == (ClaimState.NOTICED, ("400000", "0", "600000", "0"))
    published = PublicNotice.objects.get(reference_number=found.number)
    assert ["拟支持金额", "600,000.00 元"] in published.lines
    assert (published.ends_on - published.published_on).days >= 5
    set_now(2026, 12, 1)
    assert sweep()["notices_ended"] == 1
    found.refresh_from_db()
    assert found.state == ClaimState.AGREED
    titles = list(Message.objects.filter(reference_number=found.number).values_list("title", flat=True))
    assert sorted(titles) == sorted(["已申报", "正在公示", "已审定"])


def test_who_checked_does_not_decide(ready):
    found = checked()
    same = making.at_bureau("reviewer-zheng", "decider")
    with pytest.raises(SamePerson):
        claim.propose(same, found.number)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=found.pk).update(decided_by=found.checked_by_id)


def test_a_review_has_two_more_people_side_by_side(ready):
    making.offer("reviewed", redemption="review", exclusive={"group": "other"})
    making.money("1000000", key="reviewed-line")
    found = making.submitted(key="reviewed")
    claim.work(
        making.checker(), found.number, making.task_of(found.number, "check"), conforms=True, opinion=""
    )
    experts, site = making.task_of(found.number, "experts"), making.task_of(found.number, "site")
    with pytest.raises(SamePerson):
        claim.work(making.checker(), found.number, experts, conforms=True, opinion="")
    claim.work(making.expert(), found.number, experts, conforms=True, opinion="")
    with pytest.raises(ClaimMoveNotPossible):
        claim.work(making.expert(), found.number, site, conforms=True, opinion="")
    found = claim.work(making.inspector(), found.number, site, conforms=True, opinion="")
    assert found.state == ClaimState.DECIDING


def test_an_instant_offer_is_agreed_as_soon_as_it_is_claimed(ready):
    making.offer("instant", redemption="instant")
    found = making.submitted(key="instant")
    assert (found.state, making.figures()) == (ClaimState.AGREED, ("400000", "0", "600000", "0"))
    assert not Task.objects.filter(reference_number=found.number).exists()


def test_an_instant_offer_is_not_given_on_ones_own_word(ready):
    making.offer("instant", redemption="instant")
    with pytest.raises(NotEligible):
        making.submitted(people.STRANGER, "instant", stated={"enterprise.digital_investment": "500000"})


def test_what_nobody_knows_is_asked_for_and_kept_as_the_enterprises_own_word(ready):
    stranger = people.STRANGER
    making.told(making.company(stranger), {"digital_investment": None})
    with pytest.raises(ClaimInvalid) as refused:
        making.submitted(stranger)
    assert list(refused.value.fields) == ["enterprise.digital_investment"]
    found = making.submitted(stranger, stated={"enterprise.digital_investment": "500,000"})
    assert found.amount == Decimal(150000)
    assert found.facts["enterprise.digital_investment"]["source"] == "企业申报时填写"


def test_what_an_authority_knows_is_not_replaced_by_ones_own_word(ready):
    found = making.submitted(stated={"enterprise.digital_investment": "9000000"})
    assert found.amount == Decimal(600000)


def test_a_condition_that_fails_names_itself(ready):
    making.told(making.company(), {"digital_investment": 99999})
    with pytest.raises(NotEligible, match="数字化投入"):
        making.submitted()


def test_who_is_on_the_list_of_the_dishonest_is_given_nothing(ready):
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": True})
    with pytest.raises(NotEligible, match="信用核查"):
        making.submitted()


def test_who_became_dishonest_meanwhile_is_not_agreed(ready):
    found = checked()
    making.told(making.company(), {"digital_investment": 2000000, "is_dishonest": True})
    with pytest.raises(NotEligible, match="信用核查"):
        claim.propose(making.decider(), found.number)
    found = claim.refuse(making.decider(), found.number, reason="信用核查未通过")
    assert (found.state, making.figures()) == (ClaimState.REFUSED, ("1000000", "0", "0", "0"))


def test_the_same_is_not_claimed_twice(ready):
    making.submitted()
    with pytest.raises(AlreadyClaimed):
        making.submitted()
    assert making.figures() == ("400000", "600000", "0", "0")


def test_the_same_press_gives_the_same_claim(ready):
    first = making.submitted(key="digital", project="")
    again = claim.submit(
        people.actor(people.OWNER), "digital", making.company().pk, making.handed(key=first.key)
    )
    assert again.pk == first.pk
    assert making.figures() == ("400000", "600000", "0", "0")


def test_the_database_refuses_a_second_live_claim(ready):
    found = making.submitted()
    found.pk, found.number, found.key = None, "SB-other", "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save(force_insert=True)


def test_another_amount_after_the_notice_begins_the_notice_anew(ready):
    found = announced()
    first = PublicNotice.objects.get(reference_number=found.number)
    boss = making.decider()
    found = claim.amend(boss, found.number, amount="500000", reason="核减不合规票据")
    first.refresh_from_db()
    assert (first.state, found.state) == ("suspended", ClaimState.NOTICED)
    running = PublicNotice.objects.get(reference_number=found.number, state="running")
    assert ["拟支持金额", "500,000.00 元"] in running.lines
    assert making.figures() == ("500000", "0", "500000", "0")
    set_now(2026, 12, 2)
    sweep()
    found.refresh_from_db()
    again = claim.amend(boss, found.number, amount="550000", reason="补回一张票据")
    assert again.state == ClaimState.NOTICED
    assert making.figures() == ("450000", "0", "550000", "0")


def test_no_more_is_set_than_the_rule_gives(ready):
    with pytest.raises(ClaimInvalid):
        claim.propose(making.decider(), checked().number, amount="600000.01", opinion="多给一点")


def test_an_upheld_objection_goes_back_to_who_decides(ready):
    found = announced()
    published = PublicNotice.objects.get(reference_number=found.number)
    notice.object_to(
        people.actor(people.CITIZEN), published.number, name="赵样例", contact="", text="设备是二手的"
    )
    set_now(2026, 12, 1)
    assert sweep()["notices_ended"] == 0
    task = making.task_of(found.number, "objection")
    claim_notice.answer(making.checker(), task, is_upheld=True, reasons="发票不实")
    found.refresh_from_db()
    assert found.state == ClaimState.DECIDING
    found = claim.refuse(making.decider(), found.number, reason="发票不实")
    assert (found.state, making.figures()) == (ClaimState.REFUSED, ("1000000", "0", "0", "0"))


def test_a_dismissed_objection_lets_the_notice_end(ready):
    found = announced()
    published = PublicNotice.objects.get(reference_number=found.number)
    notice.object_to(people.actor(people.CITIZEN), published.number, name="赵样例", contact="", text="不公平")
    task = making.task_of(found.number, "objection")
    claim_notice.answer(making.checker(), task, is_upheld=False, reasons="核对无误")
    set_now(2026, 12, 1)
    assert sweep()["notices_ended"] == 1


def test_a_withdrawn_claim_gives_its_money_back_and_may_be_made_again(ready):
    found = making.submitted()
    claim.withdraw(people.actor(people.OWNER), found.number)
    assert making.figures() == ("1000000", "0", "0", "0")
    assert making.submitted().state == ClaimState.CHECKING


def test_without_money_there_is_no_claim(ready):
    from yueban.payments import budgets

    budgets.cut(line_key=making.LINE, year=2026, amount=Decimal("400000.01"), key="cut")
    with pytest.raises(BudgetShort, match="余额"):
        making.submitted()
    assert not Claim.objects.exists()


def test_an_account_in_another_name_is_refused(ready):
    with pytest.raises(ClaimInvalid) as refused:
        making.submitted(holder="别的公司", account="12")
    assert set(refused.value.fields) == {"account", "holder"}


def test_a_changed_account_rests_for_a_day(ready):
    found = making.submitted()
    claim.change_account(
        people.actor(people.OWNER), found.number, account="6222999900005678", holder=found.party_name
    )
    found.refresh_from_db()
    assert found.account_tail == "5678"
    from yueban.claims import services

    assert services.is_cooling(found.account_changed_at)
    set_now(2026, 11, 25)
    assert not services.is_cooling(found.account_changed_at)


def test_nobody_else_sees_a_claim_or_does_anything_to_it(ready):
    found = making.submitted()
    stranger = people.actor(people.STRANGER)
    with pytest.raises(ClaimNotFound):
        selectors.get_claim(stranger, found.number)
    with pytest.raises(ClaimNotFound):
        claim.withdraw(stranger, found.number)
    with pytest.raises(ClaimNotFound):
        claim.propose(making.at_bureau("decider-kong", "decider", "zhuji-economy-it"), found.number)


def test_a_stale_page_and_an_agreed_claim_are_not_moved(ready):
    found = announced()
    with pytest.raises(ClaimStale):
        claim.amend(making.decider(), found.number, amount="1", reason="旧页面", revision=0)
    set_now(2026, 12, 1)
    sweep()
    with pytest.raises(ClaimMoveNotPossible):
        claim.withdraw(people.actor(people.OWNER), found.number)


def test_an_offer_without_application_and_one_that_is_over_take_no_claims(ready):
    making.offer("auto", redemption="auto")
    making.offer("over", closes_on="2026-10-31")
    for key in ("auto", "over"):
        with pytest.raises(NotOpen):
            making.submitted(key=key)


def test_appendix_a_12_four_stars_after_three_paid_twenty_pays_twenty(ready):
    honours = {"all": [{"fact": "enterprise.honours_this_year", "op": "exists", "value": True}]}
    park = {"name": "小微园星级奖励", "conditions": honours, "redemption": "instant"}
    park["exclusive"] = {"group": "park-stars", "scope": "project"}
    making.offer("stars", benefits=making.stars(200000, 400000, 600000), **park)
    making.told(making.company(), {"honours_this_year": ["sme-park.3"]})
    first = making.submitted(key="stars", project="东园")
    assert first.amount == Decimal(200000)
    Claim.objects.filter(pk=first.pk).update(state=ClaimState.PAID)
    set_now(2027, 3, 1)
    making.money(year=2027)
    making.told(making.company(), {"honours_this_year": ["sme-park.4"]}, as_of=date(2027, 2, 1))
    assert making.submitted(key="stars", project="东园").amount == Decimal(200000)


def test_every_way_begins_somewhere_and_ends_in_money_or_a_reason():
    for way in Way:
        moves = MOVES[way]
        reached, todo = set(), [COURSES[way].begins]
        while todo:
            state = todo.pop()
            if state not in reached:
                reached.add(state)
                todo += [to for (at, _event), to in moves.items() if at == state]
        assert ClaimState.PAID in reached, way
        assert reached >= {at for at, _ in moves}, way
        assert len({step.stage for step in COURSES[way].steps}) <= 4, way


def test_the_chain_of_a_claim_proves_itself_and_holds_no_account(ready):
    found = announced()
    from yueban.audit.models import Event

    rows = Event.objects.filter(reference_kind="claim", reference_number=found.number)
    assert [row.kind for row in rows.order_by("seq")][:2] == ["claim_submit", "claim_task"]
    assert making.ACCOUNT not in str(list(rows.values_list("data", flat=True)))
    assert proving is not None


def test_who_calculates_beforehand_is_taken_to_lie_where_the_offer_holds():
    from yueban.flows import offers_for
    from yueban.policies.selectors import standard_of

    place = {"fact": "enterprise.division", "op": "prefix", "value": ["330602"]}
    version = making.offer(
        conditions={"all": [place, {"fact": "enterprise.digital_investment", "op": "ge", "value": 100000}]}
    )
    result = offers_for.tried(standard_of(version), {"enterprise.digital_investment": "2000000"})
    assert (result.is_given, result.computed.amount) == (True, Decimal(600000))
    assert not offers_for.tried(standard_of(version), {"enterprise.digital_investment": "99999"}).is_given
