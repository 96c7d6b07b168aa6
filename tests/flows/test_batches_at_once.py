"""Two payment runs at once, and one that is killed: nobody is paid twice, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests.batches import CHECKER, KEY, MAKER, RELEASER, YEAR, approved, make_order, payer, released
from tests.payments.budget_lines import figures, yuan
from yueban.flows import pay_batches
from yueban.kernel.errors import ServiceError
from yueban.payments import batch_answers, batches, selectors
from yueban.payments.choices import BatchState
from yueban.payments.models import (
    BatchAnswer,
    BatchRow,
    DemoTransfer,
    LedgerEntry,
    PaymentAttempt,
    PaymentBatch,
)

AT_ONCE = 4
pytestmark = pytest.mark.django_db(transaction=True)


def run_at_once(work):
    """What each of AT_ONCE people got: True, or False for a refusal."""
    together = Barrier(AT_ONCE)

    def one(position: int) -> bool:
        try:
            together.wait(timeout=60)
            work(position)
        except ServiceError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_two_batches_made_at_once_of_the_same_orders_are_one():
    numbers = [make_order(number).number for number in range(3)]
    makers = [payer(f"{MAKER}-{position}") for position in range(AT_ONCE)]
    said = run_at_once(
        lambda position: pay_batches.make(makers[position], line_key=KEY, year=YEAR, order_numbers=numbers)
    )
    assert sum(said) == 1
    assert PaymentBatch.objects.count() == 1
    assert BatchRow.objects.count() == 3


def test_a_batch_released_by_many_at_once_is_sent_once():
    batch = approved(make_order(1), make_order(2))
    people = [payer(f"{RELEASER}-{position}") for position in range(AT_ONCE)]
    assert sum(run_at_once(lambda position: pay_batches.release(people[position], batch.number))) == 1
    assert PaymentAttempt.objects.count() == 2
    assert figures() == yuan("100000", "99800", "0", "0", "200")


def test_jobs_that_send_at_once_pay_each_row_once():
    batch = released(make_order(1), make_order(2))
    run_at_once(lambda _position: pay_batches.send(batch.number))
    batch.refresh_from_db()
    assert batch.state == BatchState.ANSWERED
    assert DemoTransfer.objects.count() == 2
    assert LedgerEntry.objects.filter(kind="paid").count() == 2
    assert BatchAnswer.objects.count() == 1
    assert selectors.find_budget_faults() == []


def test_a_run_that_died_between_the_bank_and_the_books_is_finished_by_the_next(monkeypatch):
    batch = released(make_order(1))
    with monkeypatch.context() as broken:

        def die(**_words):
            raise MemoryError

        broken.setattr(batch_answers, "read_answer", die)
        with pytest.raises(MemoryError):
            pay_batches.send(batch.number)
    assert DemoTransfer.objects.get().state == "paid"
    assert BatchRow.objects.get().state == "sent"
    pay_batches.send(batch.number)
    assert DemoTransfer.objects.count() == 1
    assert BatchRow.objects.get().state == "paid"


def test_a_check_that_dies_before_its_end_leaves_the_batch_as_it_was():
    order = make_order(1)
    batch = pay_batches.make(payer(MAKER), line_key=KEY, year=YEAR, order_numbers=[order.number])
    with pytest.raises(MemoryError), transaction.atomic():
        locked = batches.lock_any_batch(number=batch.number)
        batches.check(batch=locked, actor=payer(CHECKER))
        raise MemoryError
    batch.refresh_from_db()
    order.refresh_from_db()
    assert (batch.state, order.state) == ("made", "prepared")
