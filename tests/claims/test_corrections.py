"""补正: asked once and in one go, with a day; the clock stands still, what is mended is assessed and reserved anew."""

from datetime import date
from decimal import Decimal

import pytest

from tests import people
from tests.claims import making
from tests.flows.moments import set_now
from yueban.approvals.errors import TaskTaken
from yueban.approvals.models import Task
from yueban.claims.choices import ClaimState
from yueban.claims.errors import ClaimInvalid, ClaimMoveNotPossible, ClaimNotFound, ClaimStale
from yueban.claims.models import Claim
from yueban.flows import claim, claim_correction
from yueban.flows.claim_correction import Mended
from yueban.flows.sweep import sweep
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
FIGURE = "enterprise.digital_investment"


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()
    making.offer()
    making.money()
    making.told(making.company(), {"is_dishonest": False})


def asked(asks=(FIGURE,), **changes):
    found = making.submitted(stated={FIGURE: "2000000"})
    task = making.task_of(found.number, "check")
    return claim_correction.ask(
        making.checker(),
        found.number,
        task,
        text=changes.get("text", "投入金额和发票合计不一致"),
        asks=asks,
        **changes.get("more", {}),
    )


def mended(number, **changes):
    return claim_correction.hand_in(people.actor(people.OWNER), number, Mended(**changes))


def test_all_that_is_to_be_mended_is_told_once_with_a_day_and_the_promise_stands_still():
    found = asked()
    assert (found.state, found.correct_by) == (ClaimState.CORRECTING, date(2026, 11, 30))
    told = Message.objects.get(reference_number=found.number, title="请补正申报")
    assert "11月30日前补正：投入金额和发票合计不一致" in told.body
    assert not Task.objects.filter(reference_number=found.number, state="open").exists()
    set_now(2026, 11, 26)
    found = mended(found.number, stated={FIGURE: "1500000"})
    assert found.promised_on == date(2026, 12, 1)


def test_what_is_mended_is_assessed_and_reserved_anew():
    found = asked()
    assert making.figures() == ("400000", "600000", "0", "0")
    found = mended(found.number, stated={FIGURE: "1500000"}, reply="漏了一张发票")
    assert (found.state, found.amount) == (ClaimState.CHECKING, Decimal(450000))
    assert making.figures() == ("550000", "450000", "0", "0")
    assert found.facts[FIGURE]["value"] == "1500000"
    claim.work(
        making.checker(), found.number, making.task_of(found.number, "check-again"), conforms=True, opinion=""
    )
    found = claim.propose(making.decider(), found.number)
    assert (found.state, making.figures()) == (ClaimState.NOTICED, ("550000", "0", "450000", "0"))


def test_it_is_asked_only_once():
    found = mended(asked().number, stated={FIGURE: "1500000"})
    again = making.task_of(found.number, "check-again")
    with pytest.raises(ClaimMoveNotPossible, match="一次"):
        claim_correction.ask(making.checker(), found.number, again, text="还有一处")


def test_what_was_asked_must_be_handed_in_and_nothing_else_is_taken():
    found = asked()
    with pytest.raises(ClaimInvalid) as refused:
        mended(found.number)
    assert list(refused.value.fields) == [FIGURE]
    found = mended(found.number, stated={FIGURE: "1500000", "enterprise.is_dishonest": "true"})
    assert list(found.stated) == [FIGURE]


def test_where_words_alone_were_asked_for_words_are_needed():
    found = asked(asks=())
    with pytest.raises(ClaimInvalid) as refused:
        mended(found.number)
    assert list(refused.value.fields) == ["reply"]
    assert mended(found.number, reply="合同编号已更正").state == ClaimState.CHECKING


def test_an_official_says_what_is_wrong():
    with pytest.raises(ClaimInvalid):
        asked(text="  ")
    assert Claim.objects.get().state == ClaimState.CHECKING


def test_whoever_lets_the_day_pass_is_checked_on_what_there_is():
    found = asked()
    set_now(2026, 11, 30)
    assert sweep()["failed"] == 0
    found.refresh_from_db()
    assert found.state == ClaimState.CORRECTING
    set_now(2026, 12, 1)
    assert sweep()["failed"] == 0
    sweep()
    found.refresh_from_db()
    assert (found.state, found.amount) == (ClaimState.CHECKING, Decimal(600000))
    assert Task.objects.get(reference_number=found.number, key="check-again").name == "初审（没有补正）"
    with pytest.raises(ClaimMoveNotPossible):
        mended(found.number, stated={FIGURE: "1500000"})


def test_it_may_be_withdrawn_instead_and_gives_its_money_back():
    found = asked()
    claim.withdraw(people.actor(people.OWNER), found.number)
    assert making.figures() == ("1000000", "0", "0", "0")


def test_while_it_is_mended_the_same_is_not_claimed_beside_it():
    from yueban.claims.errors import AlreadyClaimed

    asked()
    with pytest.raises(AlreadyClaimed):
        making.submitted(stated={FIGURE: "2000000"})


def test_a_second_click_of_either_changes_nothing():
    first = asked(more={"key": "click"})
    again = claim_correction.ask(making.checker(), first.number, 0, text="投入金额不一致", key="click")
    assert again.revision == first.revision
    owner, figure = people.actor(people.OWNER), Mended(stated={FIGURE: "1500000"})
    once = claim_correction.hand_in(owner, first.number, figure, key="again")
    twice = claim_correction.hand_in(owner, first.number, figure, key="again")
    assert once.revision == twice.revision
    assert Task.objects.filter(reference_number=first.number, key="check-again").count() == 1
    assert making.figures() == ("550000", "450000", "0", "0")


def test_of_two_officials_the_second_is_told_that_it_is_done():
    found = making.submitted(stated={FIGURE: "2000000"})
    task = making.task_of(found.number, "check")
    claim.work(making.checker(), found.number, task, conforms=True, opinion="", revision=0)
    with pytest.raises(ClaimStale):
        claim.work(making.expert(), found.number, task, conforms=False, opinion="不同意", revision=0)
    with pytest.raises(TaskTaken):
        claim_correction.ask(making.expert(), found.number, task, text="补一张发票")
    found.refresh_from_db()
    assert (found.state, found.correction) == (ClaimState.DECIDING, {})


def test_nobody_else_mends_a_claim():
    found = asked()
    with pytest.raises(ClaimNotFound):
        claim_correction.hand_in(people.actor(people.STRANGER), found.number, Mended(reply="我来"))
