"""暂缓拨付: what an order rests on is looked at again; one that is held back does not hold back the others."""

from datetime import date

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.batches import payer
from tests.claims import making
from tests.flows.moments import set_now
from yueban.approvals.errors import TaskNotYours
from yueban.audit import selectors as audit
from yueban.certificates import objections
from yueban.claims.choices import ClaimState
from yueban.flows import fund_claims, held_payments, pay_batches
from yueban.parties.models import EnterpriseFacts
from yueban.payments.choices import BatchState
from yueban.payments.errors import BatchStale, BudgetShort, OrderNotFound, OrderStale, PaymentInvalid
from yueban.payments.models import BudgetLine, OrderConfirmation, PaymentOrder

pytestmark = pytest.mark.django_db
MAKER, CHECKER, APPROVER, RELEASER = "one", "two", "three", "four"
LAST_DAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def november():
    making.november()
    making.nothing_known()


def paying(username: str):
    return payer(username, making.BUREAU)


def knows(username: str, expires_on: date | None = None) -> None:
    facts = {"digital_investment": 2000000, "is_dishonest": False}
    making.told(making.company(username), facts, expires_on=expires_on)


@pytest.fixture
def two_orders() -> list[PaymentOrder]:
    """Two claims agreed at once; what is known of the first holds until the end of November."""
    making.offer("instant", redemption="instant")
    making.money("5000000")
    knows(people.OWNER, LAST_DAY)
    knows(people.STRANGER)
    found = [making.submitted(username, key="instant") for username in (people.OWNER, people.STRANGER)]
    return [PaymentOrder.objects.get(reference_number=f"{claim.number}-1") for claim in found]


def make(*orders: PaymentOrder):
    numbers = [order.number for order in orders] or None
    return pay_batches.make(paying(MAKER), line_key=making.LINE, year=2026, order_numbers=numbers)


def test_a_fact_holds_on_its_last_day_and_the_day_after_it_holds_the_order_back(two_orders):
    first, second = two_orders
    set_now(2026, 11, 30)
    assert held_payments.why_not(two_orders) == {}
    set_now(2026, 12, 1)
    why = held_payments.why_not(two_orders)
    assert list(why) == [first.pk]
    assert "数字化投入" in why[first.pk]
    assert making.AUTHORITY in why[first.pk]
    with pytest.raises(BatchStale, match="已过有效期"):
        make(first)
    batch = make()
    assert [row.order_id for row in batch.rows.all()] == [second.pk]


def test_a_fact_that_expires_while_the_batch_goes_round_stops_that_payment_alone(two_orders):
    first, second = two_orders
    batch = make(first, second)
    set_now(2026, 12, 1)
    pay_batches.check(paying(CHECKER), batch.number)
    pay_batches.approve(paying(APPROVER), batch.number)
    batch = pay_batches.release(paying(RELEASER), batch.number)
    assert (batch.state, batch.count) == (BatchState.RELEASED, 1)
    dropped = batch.rows.get(order=first)
    assert dropped.state == "dropped"
    assert "已过有效期" in dropped.note


def test_whoever_decides_confirms_it_on_new_evidence_and_then_it_is_paid(two_orders):
    first, _ = two_orders
    set_now(2026, 12, 1)
    held = held_payments.held_for(making.decider())
    assert [(one.order.pk, one.claim.party_id, one.may_be_confirmed) for one in held] == [
        (first.pk, first.payee_id, True)
    ]
    with pytest.raises(TaskNotYours):
        held_payments.confirm(paying(MAKER), first.number, evidence="看了发票")
    with pytest.raises(PaymentInvalid):
        held_payments.confirm(making.decider(), first.number, evidence=" ")
    for _ in range(2):
        held_payments.confirm(making.decider(), first.number, evidence="核对了最新发票。", key="pressed")
    assert OrderConfirmation.objects.count() == 1
    assert held_payments.held_for(making.decider()) == []
    assert make(first).count == 1
    with pytest.raises(OrderStale):
        held_payments.confirm(making.decider(), first.number, evidence="核对了最新发票。")
    with pytest.raises(Error), transaction.atomic():
        OrderConfirmation.objects.update(evidence="别的")


def test_somebody_elsewhere_finds_no_order_to_confirm(two_orders):
    set_now(2026, 12, 1)
    elsewhere = making.at_bureau("decider-chu", "decider", "zhuji-economy-it")
    with pytest.raises(OrderNotFound):
        held_payments.confirm(elsewhere, two_orders[0].number, evidence="看了")
    assert held_payments.held_for(elsewhere) == []


def test_new_data_of_the_source_lets_the_order_go(two_orders):
    set_now(2026, 12, 1)
    knows(people.OWNER, date(2027, 11, 30))
    assert held_payments.why_not(two_orders) == {}


def test_a_fact_under_objection_holds_the_order_back_until_it_is_answered(two_orders):
    first, _ = two_orders
    objection = objections.make(
        party=first.payee,
        source=making.AUTHORITY,
        about="数字化投入",
        text="投入不是这么多。",
        agency=first.payer_agency,
        actor=people.actor(people.OWNER),
        element="enterprise.digital_investment",
    )
    (why,) = held_payments.why_not(two_orders).values()
    assert "有异议正在核实" in why
    assert [row.order_id for row in make().rows.all()] == [two_orders[1].pk]
    objection.state = "dismissed"
    objection.save()
    assert held_payments.why_not(two_orders) == {}


def test_what_the_decision_does_not_rest_on_may_expire(two_orders):
    EnterpriseFacts.objects.update(expires_on=None)
    making.told(making.company(), {"export": 5}, source="海关", expires_on=date(2026, 11, 24))
    set_now(2026, 12, 1)
    assert held_payments.why_not(two_orders) == {}


def test_the_questions_do_not_grow_with_the_orders(two_orders):
    set_now(2026, 12, 1)
    counts = []
    for orders in (two_orders, two_orders, two_orders[:1]):
        with CaptureQueriesContext(connection) as asked:
            held_payments.why_not(orders)
        counts.append(len(asked))
    assert counts[1] == counts[2] < 10


def without_line(**changed: object):
    """A claim agreed at once whose offer does not say from what it is paid."""
    making.offer("bare", redemption="instant", **({"budget_line": None} | changed))
    knows(people.OWNER)
    return making.submitted(key="bare")


@pytest.mark.parametrize("line", [None, "of-another-year"])
def test_an_agreed_claim_without_a_line_is_seen_and_waits_for_a_choice(line):
    found = without_line(budget_line=line)
    assert found.state == ClaimState.AGREED
    assert not PaymentOrder.objects.exists()
    for actor in (making.decider(), paying(MAKER)):
        assert [one.number for one in fund_claims.without_line(actor)] == [found.number]
    assert "claim_without_line" in [event.kind for event in audit.events_of(found.reference)]
    making.money("600000")
    for _ in range(2):
        fund_claims.choose(paying(MAKER), found.number, making.LINE, key="pressed")
    assert making.figures() == ("0", "0", "600000", "0")
    assert PaymentOrder.objects.get().reference_number == f"{found.number}-1"
    assert not fund_claims.without_line(paying(MAKER)).exists()


def test_a_line_that_does_not_reach_is_not_chosen():
    found = without_line()
    making.money("599999")
    with pytest.raises(BudgetShort):
        fund_claims.choose(paying(MAKER), found.number, making.LINE)
    assert making.figures() == ("599999", "0", "0", "0")
    assert fund_claims.without_line(paying(MAKER)).exists()


def test_the_line_of_another_agency_is_not_chosen():
    found = without_line()
    making.money("600000")
    with pytest.raises(TaskNotYours):
        fund_claims.choose(making.at_bureau("supervisor-ji", "supervisor"), found.number, making.LINE)
    assert BudgetLine.objects.get(key=making.LINE).frozen == 0
