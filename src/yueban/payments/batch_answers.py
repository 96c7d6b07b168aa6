"""The bank's answer to a batch: read whole, held against what was sent, and written down once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.payments import batch_files
from yueban.payments.banks import BankState
from yueban.payments.batch_files import AnswerRow, AnswerSheet
from yueban.payments.choices import (
    AttemptState,
    BatchState,
    BudgetMove,
    EntryKind,
    OrderState,
    RowState,
)
from yueban.payments.entries import enter_rows, move_budgets
from yueban.payments.errors import BatchFileUnsound, BatchStale
from yueban.payments.models import (
    BatchAnswer,
    BatchRow,
    PaymentAttempt,
    PaymentBatch,
    PaymentOrder,
)

SOME = 500
NOT_TAKEN = "整份回单没有采用，账目没有变动；请核对是不是这个批次的回单。"
STATES = {BankState.PAID: RowState.PAID, BankState.RETURNED: RowState.RETURNED}


@dataclass(frozen=True)
class Settled:
    """What an answer brought: the orders that are paid and those that came back; `is_new` False = read before."""

    paid: Sequence[PaymentOrder] = ()
    returned: Sequence[PaymentOrder] = ()
    is_new: bool = True


def read_answer(*, batch: PaymentBatch, content: bytes, actor: Actor) -> Settled:
    """Write down what the bank says of a locked batch; a file that does not fit it changes nothing."""
    if batch.state not in (BatchState.RELEASED, BatchState.ANSWERED):
        raise BatchStale("这个批次还没有发送，不会有回单。", hint="请核对回单是哪个批次的。")
    sheet = batch_files.read_answer(content)
    rows = {
        row.number: row
        for row in batch.rows.exclude(state=RowState.DROPPED).select_related("order__budget_use", "attempt")
    }
    _check_whole(batch, sheet, rows)
    sha = batch_files.sha_of(content)
    if batch.answers.filter(file_sha=sha).exists():
        return Settled(is_new=False)
    news = [
        (rows[said.number], said)
        for said in sheet.rows
        if said.state in STATES and rows[said.number].state == RowState.SENT
    ]
    paid = _settle([pair for pair in news if pair[1].state == BankState.PAID], RowState.PAID)
    returned = _settle([pair for pair in news if pair[1].state == BankState.RETURNED], RowState.RETURNED)
    BatchAnswer.objects.create(
        batch=batch,
        file_sha=sha,
        paid=len(paid),
        returned=len(returned),
        read_by_id=actor.user_id,
        read_at=clock.now(),
    )
    if batch.state == BatchState.RELEASED and not batch.rows.filter(state=RowState.SENT).exists():
        batch.state, batch.ended_at = BatchState.ANSWERED, clock.now()
    batch.revision += 1
    batch.save(update_fields=["state", "ended_at", "revision"])
    return Settled(paid, returned)


def _check_whole(batch: PaymentBatch, sheet: AnswerSheet, rows: dict[str, BatchRow]) -> None:
    """The answer is to this file and to nothing else: each row once, each amount as sent, nothing taken back."""
    if sheet.number != batch.number:
        raise _unsound(f"这是批次“{sheet.number[:20]}”的回单，不是本批次的。")
    if sheet.batch_sha != batch.file_sha:
        raise _unsound("回单答复的文件和发送的文件不是同一份（校验和不同）。")
    foreign = [said.number for said in sheet.rows if said.number not in rows]
    if foreign:
        raise _unsound(f"回单里有 {len(foreign)} 笔不在本批次，第一笔是“{foreign[0][:24]}”。")
    if len(sheet.rows) != len(rows):
        raise _unsound(f"回单缺 {len(rows) - len(sheet.rows)} 笔。")
    for said in sheet.rows:
        row = rows[said.number]
        if said.amount != row.amount:
            raise _unsound(f"“{said.number}”发送 {row.amount} 元，回单写 {said.amount} 元。")
        before = {RowState.PAID: BankState.PAID, RowState.RETURNED: BankState.RETURNED}.get(
            RowState(row.state)
        )
        if before is not None and said.state != before:
            raise _unsound(f"“{said.number}”以前的回单是“{row.get_state_display()}”，这份回单不一样。")


def _settle(pairs: Sequence[tuple[BatchRow, AnswerRow]], state: RowState) -> list[PaymentOrder]:
    """Rows, attempts, orders and both ledgers of what ended alike."""
    if not pairs:
        return []
    now, is_paid = clock.now(), state == RowState.PAID
    attempts = []
    for row, said in pairs:
        assert row.attempt is not None  # a row that was sent has one
        row.state, row.note = state, _one_line(said.reason)
        row.attempt.state = AttemptState.PAID if is_paid else AttemptState.RETURNED
        row.attempt.bank_reference, row.attempt.answer = _one_line(said.reference)[:60], row.note
        row.attempt.answered_at = now
        attempts.append(row.attempt)
    rows = [row for row, _ in pairs]
    BatchRow.objects.bulk_update(rows, ["state", "note"], batch_size=SOME)
    PaymentAttempt.objects.bulk_update(
        attempts, ["state", "bank_reference", "answer", "answered_at"], batch_size=SOME
    )
    orders = PaymentOrder.objects.filter(pk__in=[row.order_id for row in rows])
    orders.update(
        state=OrderState.PAID if is_paid else OrderState.RETURNED,
        ended_at=now if is_paid else None,
        revision=F("revision") + 1,
    )
    enter_rows(EntryKind.PAID if is_paid else EntryKind.RETURNED, rows)
    if not is_paid:
        move_budgets(BudgetMove.GIVE_BACK, rows)
    return list(orders.select_related("payee", "payer_agency", "budget_use__line").order_by("pk"))


def _one_line(text: str) -> str:
    try:
        return clean_line(text[:200], 200)
    except TextInvalid:
        return ""


def _unsound(what: str) -> BatchFileUnsound:
    return BatchFileUnsound(what, hint=NOT_TAKEN)
