"""拨付批次: four people, one file, each row paid once; what does not fit is refused and loses nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.batches import (
    APPROVER,
    CHECKER,
    FAILS,
    LAGS,
    MAKER,
    RELEASER,
    RETURNS,
    approved,
    decider,
    made,
    make_order,
    payer,
    released,
)
from tests.flows.moments import set_now
from tests.payments.budget_lines import figures, yuan
from yueban.audit import selectors as audit
from yueban.flows import pay, pay_batches
from yueban.flows.payables import OF_KIND, Payable
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.parties.models import Party
from yueban.payments import batch_files, batches, selectors, services
from yueban.payments.banks import BankState
from yueban.payments.batch_files import AnswerRow
from yueban.payments.choices import BatchState, OrderState, RowState
from yueban.payments.errors import (
    BankUnavailable,
    BatchFileUnsound,
    BatchNotFound,
    BatchStale,
    OrderStale,
    SamePerson,
)
from yueban.payments.models import BatchAnswer, DemoTransfer, LedgerEntry, PaymentAttempt, PaymentBatch

pytestmark = pytest.mark.django_db
STEPS = {CHECKER: pay_batches.check, APPROVER: pay_batches.approve, RELEASER: pay_batches.release}


@pytest.fixture(autouse=True)
def november():
    set_now(2026, 11, 23)


def states(batch: PaymentBatch) -> list[str]:
    return list(batch.rows.order_by("position").values_list("state", flat=True))


def answer_to(batch: PaymentBatch, **changed: object) -> bytes:
    """The bank's answer that pays every row; a keyword puts something else in its place."""
    batch.refresh_from_db()
    rows = [
        AnswerRow(row.number, row.amount, BankState.PAID, "B1") for row in batch.rows.order_by("position")
    ]
    words = {"number": batch.number, "batch_sha": batch.file_sha, "rows": rows} | changed
    return batch_files.write_answer(words["number"], words["batch_sha"], words["rows"])


def books() -> list[object]:
    """Everything that a refused file must leave as it was."""
    return [
        figures(),
        LedgerEntry.objects.count(),
        list(PaymentAttempt.objects.order_by("pk").values_list("state", flat=True)),
        BatchAnswer.objects.count(),
    ]


def test_four_people_pay_a_batch_and_the_budget_follows():
    orders = [make_order(number) for number in range(3)]
    assert figures() == yuan("100000", "99700", "0", "300", "0")
    batch = released(*orders)
    assert figures() == yuan("100000", "99700", "0", "0", "300")
    pay_batches.send(batch.number)
    batch.refresh_from_db()
    assert (batch.state, batch.count, batch.total) == (BatchState.ANSWERED, 3, Decimal(300))
    assert states(batch) == ["paid"] * 3
    for order in orders:
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert [entry.kind for entry in selectors.entries_of([order])] == ["owed", "sent", "paid"]
    assert selectors.find_budget_faults() == []
    kinds = [event.kind for event in audit.events_of(Reference("batch", batch.number))]
    assert sorted(kinds) == sorted(
        ["batch_made", "check_batch", "approve_batch", "release_batch", "batch_answered"]
    )


@pytest.mark.parametrize(
    ("who", "steps"),
    [
        (MAKER, [CHECKER]),
        (MAKER, [CHECKER, APPROVER]),
        (CHECKER, [CHECKER, APPROVER]),
        (MAKER, [CHECKER, APPROVER, RELEASER]),
        (CHECKER, [CHECKER, APPROVER, RELEASER]),
        (APPROVER, [CHECKER, APPROVER, RELEASER]),
    ],
)
def test_nobody_takes_two_steps(who, steps):
    batch = made(make_order(1))
    *before, last = steps
    for person in before:
        STEPS[person](payer(person), batch.number)
    with pytest.raises(SamePerson):
        STEPS[last](payer(who), batch.number)


@pytest.mark.parametrize("field", ["checked_by", "approved_by", "released_by"])
def test_the_database_refuses_one_person_at_two_steps(field):
    batch = approved(make_order(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(**{field: batch.made_by_id})


def test_who_decided_on_a_claim_does_not_check_its_payment():
    batch = made(make_order(1))
    user = decider()
    with pytest.raises(SamePerson):
        pay_batches.check(payer("claims-decider"), batch.number)
    assert user.user_id == batch.rows.get().order.made_by_id


def test_steps_are_taken_in_their_order_and_a_key_takes_a_step_once():
    batch = made(make_order(1))
    with pytest.raises(BatchStale):
        pay_batches.release(payer(RELEASER), batch.number)
    for _ in range(2):
        pay_batches.check(payer(CHECKER), batch.number, key="pressed")
    with pytest.raises(BatchStale):
        pay_batches.approve(payer(APPROVER), batch.number, revision=0)


def test_pressing_make_twice_makes_one_batch():
    order = make_order(1)
    words = {"line_key": "test-line", "year": 2026, "order_numbers": [order.number]}
    numbers = {pay_batches.make(payer(MAKER), **words, key="pressed").number for _ in range(2)}
    assert len(numbers) == 1
    with pytest.raises(BatchStale):
        pay_batches.make(payer(MAKER), **words, key="another")


def test_an_order_of_a_budget_line_is_not_paid_by_itself():
    order = make_order(1)
    with pytest.raises(OrderStale):
        pay.approve(payer(CHECKER), order.number)


def test_an_instalment_falls_due_on_its_day():
    order = make_order(1, due_on=date(2026, 12, 1))
    with pytest.raises(BatchStale):
        made(order)
    set_now(2026, 12, 1)
    assert made(order).count == 1


def test_what_the_bank_returns_is_corrected_and_paid_anew():
    good, bad = make_order(1), make_order(2, tail=RETURNS)
    batch = released(good, bad)
    pay_batches.send(batch.number)
    assert states(batch) == ["paid", "returned"]
    assert figures() == yuan("100000", "99800", "0", "100", "100")
    bad.refresh_from_db()
    assert bad.state == OrderState.RETURNED
    pay.correct(payer(MAKER), bad.number, account="622200001234", reason="与企业电话核对。")
    again = made(bad)
    assert again.rows.get().number == f"{bad.number}-02"
    pay_batches.check(payer(CHECKER), again.number)
    pay_batches.approve(payer(APPROVER), again.number)
    pay_batches.release(payer(RELEASER), again.number)
    pay_batches.send(again.number)
    bad.refresh_from_db()
    assert (bad.state, figures()) == (OrderState.PAID, yuan("100000", "99800", "0", "0", "200"))
    assert selectors.find_budget_faults() == []


def test_what_lags_is_asked_after_until_it_is_there():
    batch = released(make_order(1), make_order(2, tail=LAGS))
    pay_batches.send(batch.number)
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.RELEASED, ["paid", "sent"])
    assert pay_batches.ask_after_unanswered() == 0
    set_now(2026, 11, 24)
    assert pay_batches.ask_after_unanswered() == 1
    pay_batches.send(batch.number)
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.ANSWERED, ["paid", "paid"])
    assert list(DemoTransfer.objects.values_list("state", flat=True)) == ["paid", "paid"]


def test_a_bank_that_fails_twice_pays_once():
    batch = released(make_order(1, tail=FAILS))
    for _ in range(2):
        with pytest.raises(BankUnavailable):
            pay_batches.send(batch.number)
    for _ in range(3):
        pay_batches.send(batch.number)
    assert states(batch) == ["paid"]
    assert LedgerEntry.objects.filter(kind="paid").count() == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda batch: answer_to(batch)[:-40], "不完整"),
        (lambda batch: answer_to(batch)[: len(answer_to(batch)) // 2], "不完整"),
        (lambda batch: answer_to(batch, number="PC20261123ffffffff"), "不是本批次"),
        (lambda batch: answer_to(batch, batch_sha="0" * 64), "同一份"),
        (
            lambda batch: answer_to(batch, rows=[AnswerRow("ZF9-01", Decimal(1), BankState.PAID)]),
            "不在本批次",
        ),
        (lambda batch: answer_to(batch, rows=[]), "回单缺 2 笔"),
        (
            lambda batch: answer_to(
                batch,
                rows=[AnswerRow(row.number, row.amount + 1, BankState.PAID) for row in batch.rows.all()],
            ),
            "回单写",
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_loses_nothing(spoil, said):
    batch = released(make_order(1), make_order(2))
    before = books()
    with pytest.raises(BatchFileUnsound) as refused:
        pay_batches.read_answer(payer(MAKER), batch.number, spoil(batch))
    assert said in refused.value.message
    assert books() == before
    pay_batches.read_answer(payer(MAKER), batch.number, answer_to(batch))
    assert states(batch) == ["paid", "paid"]


def test_an_answer_delivered_twice_counts_once():
    batch = released(make_order(1))
    content = answer_to(batch)
    assert pay_batches.read_answer(payer(MAKER), batch.number, content).is_new
    before = books()
    assert not pay_batches.read_answer(payer(MAKER), batch.number, content).is_new
    assert books() == before


def test_an_answer_cannot_take_back_what_an_earlier_one_said():
    batch = released(make_order(1))
    pay_batches.read_answer(payer(MAKER), batch.number, answer_to(batch))
    row = batch.rows.get()
    other = answer_to(batch, rows=[AnswerRow(row.number, row.amount, BankState.RETURNED, "B2", "退回")])
    before = books()
    with pytest.raises(BatchFileUnsound, match="不一样"):
        pay_batches.read_answer(payer(MAKER), batch.number, other)
    assert books() == before


def test_a_batch_that_was_not_sent_takes_no_answer():
    batch = approved(make_order(1))
    with pytest.raises(BatchStale):
        pay_batches.read_answer(payer(MAKER), batch.number, answer_to(batch))


def test_what_is_no_longer_due_on_the_day_of_payment_is_left_out(monkeypatch):
    orders = [make_order(1), make_order(2)]
    batch = approved(*orders)
    why = {orders[0].pk: "企业的高新技术企业证书昨天到期。"}
    monkeypatch.setitem(OF_KIND, "grant", Payable(why_not=lambda _orders: why))
    batch = pay_batches.release(payer(RELEASER), batch.number)
    assert (batch.count, batch.total) == (1, Decimal(100))
    assert states(batch) == ["dropped", "sent"]
    assert batch.rows.get(position=1).note == why[orders[0].pk]
    pay_batches.send(batch.number)
    orders[0].refresh_from_db()
    assert orders[0].state == OrderState.APPROVED
    assert figures() == yuan("100000", "99800", "0", "100", "100")
    with pytest.raises(BatchStale, match="昨天到期"):
        made(orders[0])


def test_a_batch_of_which_nothing_is_due_is_dissolved_and_sends_nothing(monkeypatch):
    batch = approved(make_order(1))
    monkeypatch.setitem(
        OF_KIND, "grant", Payable(why_not=lambda orders: {one.pk: "到期。" for one in orders})
    )
    batch = pay_batches.release(payer(RELEASER), batch.number)
    assert batch.state == BatchState.DISSOLVED
    pay_batches.send(batch.number)
    assert not DemoTransfer.objects.exists()


def test_nothing_goes_to_a_payee_that_was_deregistered():
    batch = approved(make_order(1))
    Party.objects.update(ended_on=clock.today())
    assert pay_batches.release(payer(RELEASER), batch.number).state == BatchState.DISSOLVED


def test_an_account_that_changed_behind_the_batch_stops_it():
    order = make_order(1)
    batch = approved(order)
    other = make_order(2)
    order.account_cipher = other.account_cipher
    order.save(update_fields=["account_cipher"])
    with pytest.raises(BatchStale, match="不一样"):
        pay_batches.release(payer(RELEASER), batch.number)


def test_a_dissolved_batch_frees_its_orders():
    order = make_order(1)
    batch = pay_batches.dissolve(payer(CHECKER), made(order).number, reason="户名要再核对")
    assert (batch.state, states(batch)) == (BatchState.DISSOLVED, [RowState.DROPPED])
    assert made(order).count == 1


def test_an_order_in_a_batch_is_not_cancelled_and_a_cancelled_one_is_in_no_batch():
    order = make_order(1)
    batch = made(order)
    with pytest.raises(OrderStale):
        services.cancel_order(order=order, reason="撤回申报")
    pay_batches.dissolve(payer(MAKER), batch.number, reason="申报撤回")
    services.cancel_order(order=order, reason="撤回申报")
    with pytest.raises(BatchStale):
        made(order)


def test_the_file_is_taken_only_after_the_release_and_that_is_kept():
    batch = approved(make_order(1))
    with pytest.raises(BatchStale):
        pay_batches.download(payer(MAKER), batch.number)
    batch = pay_batches.release(payer(RELEASER), batch.number)
    name, content = pay_batches.download(payer(RELEASER), batch.number)
    assert (name, batch_files.sha_of(content)) == (f"{batch.number}.csv", batch.file_sha)
    kinds = [event.kind for event in audit.events_of(Reference("batch", batch.number))]
    assert "batch_file_taken" in kinds


def test_a_payer_of_another_agency_finds_no_batch():
    batch = made(make_order(1))
    with pytest.raises(BatchNotFound):
        pay_batches.check(payer(CHECKER, "yuecheng-transport"), batch.number)


def test_a_step_takes_as_many_statements_for_many_rows_as_for_few(django_assert_max_num_queries):
    batch = approved(*[make_order(number) for number in range(40)])
    with django_assert_max_num_queries(60):
        pay_batches.release(payer(RELEASER), batch.number)
    content = answer_to(batch)
    with django_assert_max_num_queries(40), transaction.atomic():
        locked = batches.lock_any_batch(number=batch.number)
        from yueban.payments import batch_answers

        batch_answers.read_answer(batch=locked, content=content, actor=payer(MAKER))
    assert states(batch) == ["paid"] * 40
