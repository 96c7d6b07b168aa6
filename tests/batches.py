"""Claims' money for tests: payment orders of one budget line, and the four people who pay them."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from tests import people
from tests.certificates.holders import make_enterprise
from tests.payments.budget_lines import KEY, YEAR, claim, make_line, words
from yueban.accounts.models import User
from yueban.flows import pay_batches, recover
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.parties.models import Party
from yueban.payments import budgets, services
from yueban.payments.models import BudgetLine, PaymentBatch, PaymentOrder, Recovery

DIVISION = "330602000000"
MAKER, CHECKER, APPROVER, RELEASER = "batch-maker", "batch-checker", "batch-approver", "batch-releaser"
GOOD, RETURNS, LAGS, FAILS = "1234", "0001", "0002", "0003"


def payer(username: str, agency: str = "test-transport") -> Actor:
    """Somebody who pays for the line's agency."""
    user, _ = User.objects.get_or_create(username=username, defaults={"name": username})
    post = PostHeld(roles.PAYER, agency, agency, DIVISION)
    return Actor(user_id=user.pk, name=username, posts=(post,), channel="desk")


def decider() -> Actor:
    """Who decided on the claims, and so made their orders."""
    user, _ = User.objects.get_or_create(username="claims-decider", defaults={"name": "决定人"})
    return Actor(user_id=user.pk, name="决定人", channel="desk")


def make_order(
    number: int,
    amount: str = "100.00",
    *,
    tail: str = GOOD,
    party: Party | None = None,
    due_on: date | None = None,
    line: BudgetLine | None = None,
) -> PaymentOrder:
    """A claim's money frozen, and the order to pay it."""
    line = line or BudgetLine.objects.filter(key=KEY, year=YEAR).first() or make_line("100000")
    with transaction.atomic():
        asked = words(number, amount, "", year=line.year) | {"line_key": line.key}
        budgets.reserve(**asked | {"key": f"reserve-{number}"})
        use = budgets.freeze(**asked | {"key": f"freeze-{number}"})
        return services.prepare_order(
            reference=claim(f"{number}-1"),
            name="数字化改造补助",
            payee=party or Party.objects.filter(number="test-enterprise").first() or make_enterprise(),
            account=f"62220000{number:04d}{tail}",
            amount=Decimal(amount),
            basis={},
            payer_agency_id=line.agency_id,
            funded_by_id=None,
            division_code=line.division_code,
            actor=decider(),
            budget_use=use,
            due_on=due_on,
        )


def made(*orders: PaymentOrder) -> PaymentBatch:
    """A batch of these orders, made by the first of the four."""
    return pay_batches.make(
        payer(MAKER), line_key=KEY, year=YEAR, order_numbers=[order.number for order in orders]
    )


def approved(*orders: PaymentOrder) -> PaymentBatch:
    """The same, checked and approved."""
    batch = made(*orders)
    pay_batches.check(payer(CHECKER), batch.number)
    return pay_batches.approve(payer(APPROVER), batch.number)


def released(*orders: PaymentOrder) -> PaymentBatch:
    """The same, released: its file waits for the job."""
    return pay_batches.release(payer(RELEASER), approved(*orders).number)


CITY_LINE = ("digital-economy", 2026)
CITY_PAYERS = ("payer-xi", "payer-lang", "payer-lei", "payer-tong")


def city_payer(username: str) -> Actor:
    """One of the demonstration's four payers."""
    return people.actor(username, channel="desk")


def city_order(
    number: int, amount: str = "300000.00", *, tail: str = GOOD, party: Party | None = None
) -> PaymentOrder:
    """A claim to be paid from a line of the city."""
    key, year = CITY_LINE
    return make_order(number, amount, tail=tail, party=party, line=BudgetLine.objects.get(key=key, year=year))


def city_batch(*orders: PaymentOrder) -> PaymentBatch:
    """A batch of these orders, paid by the four; the bank has answered."""
    maker, checker, approver, releaser = (city_payer(name) for name in CITY_PAYERS)
    key, year = CITY_LINE
    numbers = [order.number for order in orders]
    batch = pay_batches.make(maker, line_key=key, year=year, order_numbers=numbers)
    pay_batches.check(checker, batch.number)
    pay_batches.approve(approver, batch.number)
    pay_batches.release(releaser, batch.number)
    pay_batches.send(batch.number)
    batch.refresh_from_db()
    return batch


def city_recovery(order: PaymentOrder) -> Recovery:
    """Half of a paid order asked back, and the payee told."""
    recovery = recover.propose(
        city_payer("payer-xi"),
        order.number,
        amount=str(order.amount / 2),
        reason="relocated",
        facts="企业三年内迁出本市。",
        due_on=clock.today() + timedelta(days=30),
    )
    return recover.confirm(city_payer("payer-lang"), recovery.number)


def city_waiting(*orders: PaymentOrder) -> PaymentBatch:
    """A batch that waits for the second of the four."""
    key, year = CITY_LINE
    numbers = [order.number for order in orders]
    return pay_batches.make(city_payer("payer-xi"), line_key=key, year=year, order_numbers=numbers)


def came_back(recovery: Recovery, amount: str, note: str = "回单") -> Recovery:
    """Money that one of the four says has come back, and another finds on the account."""
    recover.repay(payer(MAKER), recovery.number, amount=amount, note=note)
    return recover.check_receipt(payer(CHECKER), recovery.number, is_there=True)
