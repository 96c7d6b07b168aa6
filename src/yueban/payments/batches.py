"""拨付批次: orders of one budget line in one file, by four people; the bank's answer, row by row.

Whatever the number of rows, a step takes a fixed number of statements. The batch is locked first, its orders after.
"""

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import F, QuerySet

from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.payments import batch_files
from yueban.payments.banks import Instruction
from yueban.payments.choices import (
    BatchState,
    BudgetMove,
    EntryKind,
    OrderState,
    RowState,
)
from yueban.payments.entries import enter_rows, move_budgets
from yueban.payments.errors import BatchNotFound, BatchStale, PaymentInvalid, SamePerson
from yueban.payments.models import (
    BatchRow,
    BudgetLine,
    PaymentAttempt,
    PaymentBatch,
    PaymentOrder,
)
from yueban.payments.selectors import batches_visible_to, payable_orders
from yueban.payments.services import the_bank
from yueban.vault import services as vault

MOST_ROWS = 5000
SOME = 500
READY = (OrderState.PREPARED, OrderState.APPROVED)


def make(*, line: BudgetLine, orders: Sequence[PaymentOrder], name: str, actor: Actor) -> PaymentBatch:
    """经办: put these orders into a file. What another batch took in the meantime is refused."""
    assert actor.user_id is not None  # only holders of a post come here
    numbers = [order.pk for order in orders]
    rows = PaymentOrder.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
    locked = list(rows)
    still = set(payable_orders(line).filter(pk__in=numbers).values_list("pk", flat=True))
    if not numbers or len(numbers) > MOST_ROWS or still != set(numbers):
        raise BatchStale(
            f"选中的支付单有 {len(set(numbers) - still)} 张不能编入这个批次：已在别的批次、未到期或者不属于这个项目。"
            if len(numbers) <= MOST_ROWS and numbers
            else f"一个批次要有 1 到 {MOST_ROWS} 张支付单。",
            hint="请刷新页面，从现在列出的支付单里选。",
        )
    batch = PaymentBatch(
        number=f"PC{clock.today():%Y%m%d}{secrets.token_hex(4)}",
        name=name,
        line=line,
        agency_id=line.agency_id,
        division_code=line.division_code,
        count=len(locked),
        total=sum((order.net for order in locked), Decimal(0)),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    turns = _turns(numbers)
    planned = [
        BatchRow(
            batch=batch,
            position=position,
            order=order,
            number=f"{order.number}-{turns.get(order.pk, 0) + 1:02d}",
            amount=order.net,
        )
        for position, order in enumerate(locked, 1)
    ]
    batch.file_sha = batch_files.sha_of(_file(batch.number, planned))
    batch.save(force_insert=True)
    BatchRow.objects.bulk_create(planned)
    return batch


def _turns(order_ids: Sequence[int]) -> Mapping[int, int]:
    """How often each of these orders was sent before."""
    counts: dict[int, int] = {}
    for (order_id,) in PaymentAttempt.objects.filter(order__in=order_ids).values_list("order_id"):
        counts[order_id] = counts.get(order_id, 0) + 1
    return counts


def lock_batch(*, number: str, actor: Actor) -> PaymentBatch:
    """The batch, locked for this transaction, when the actor may see it; BatchNotFound otherwise."""
    visible = batches_visible_to(actor).filter(number=number).values("pk")
    batch = _locked().filter(pk__in=visible).first()
    if batch is None:
        raise BatchNotFound("没有找到这个批次。", hint="请从批次列表进入；只有付款单位的支付人员能看到。")
    return batch


def lock_any_batch(*, number: str) -> PaymentBatch:
    """The batch, locked, for the platform's own work."""
    return _locked().get(number=number)


def _locked() -> QuerySet[PaymentBatch]:
    return PaymentBatch.objects.select_for_update(of=("self",)).select_related("line", "agency")


def check_revision(*, batch: PaymentBatch, revision: int | None) -> None:
    """Refuse a step decided on a page that is older than the batch."""
    if revision is not None and revision != batch.revision:
        raise BatchStale(
            f"您打开页面之后，这个批次已变为“{batch.get_state_display()}”。", hint="请刷新页面再办。"
        )


def check(*, batch: PaymentBatch, actor: Actor) -> None:
    """复核: payees, accounts and amounts are right; the orders that nobody approved before are approved by this."""
    _begin(batch, BatchState.MADE, actor, batch.made_by_id)
    orders = PaymentOrder.objects.filter(batch_rows__batch=batch)
    fresh = orders.filter(state=OrderState.PREPARED)
    _refuse_own(fresh.filter(made_by=actor.user_id), "复核")
    fresh.update(
        state=OrderState.APPROVED,
        approved_by=actor.user_id,
        approved_at=clock.now(),
        revision=F("revision") + 1,
    )
    batch.checked_by_id, batch.checked_at = actor.user_id, clock.now()
    _moved(batch, BatchState.CHECKED, "checked_by", "checked_at")


def approve(*, batch: PaymentBatch, actor: Actor) -> None:
    """批准: by a third person."""
    _begin(batch, BatchState.CHECKED, actor, batch.made_by_id, batch.checked_by_id)
    batch.approved_by_id, batch.approved_at = actor.user_id, clock.now()
    _moved(batch, BatchState.APPROVED, "approved_by", "approved_at")


def release(*, batch: PaymentBatch, actor: Actor, not_due: Mapping[int, str]) -> None:
    """发送: by a fourth. Rows of `not_due` (order → why) are left out; the others are spent and sent."""
    _begin(batch, BatchState.APPROVED, actor, batch.made_by_id, batch.checked_by_id, batch.approved_by_id)
    for field in ("made_by", "approved_by", "corrected_by"):
        _refuse_own(PaymentOrder.objects.filter(batch_rows__batch=batch, **{field: actor.user_id}), "发送")
    _drop(batch, not_due)
    rows = _rows(batch, RowState.WAITING)
    if any(row.order.state != OrderState.APPROVED for row in rows):
        raise BatchStale("批次里有支付单已经不是待支付。", hint="请撤销这个批次，重新编制。")
    batch.released_by_id, batch.released_at = actor.user_id, clock.now()
    batch.count, batch.total = len(rows), sum((row.amount for row in rows), Decimal(0))
    batch.file_sha = batch_files.sha_of(_file(batch.number, rows))
    fields = ("released_by", "released_at", "count", "total", "file_sha")
    if not rows:
        batch.ended_at = clock.now()
        _moved(batch, BatchState.DISSOLVED, *fields, "ended_at")
        return
    _send(batch, rows)
    _moved(batch, BatchState.RELEASED, *fields)


def _drop(batch: PaymentBatch, not_due: Mapping[int, str]) -> None:
    dropped = list(batch.rows.filter(order__in=not_due))
    for row in dropped:
        row.state, row.note = RowState.DROPPED, not_due[row.order_id][:200]
    BatchRow.objects.bulk_update(dropped, ["state", "note"], batch_size=SOME)


def _send(batch: PaymentBatch, rows: Sequence[BatchRow]) -> None:
    """Attempts, states, both ledgers: everything the sending of these rows means."""
    now = clock.now()
    attempts = PaymentAttempt.objects.bulk_create(
        PaymentAttempt(
            order=row.order,
            number=row.number,
            account_cipher=row.order.account_cipher,
            account_tail=row.order.account_tail,
            made_at=now,
        )
        for row in rows
    )
    for row, attempt in zip(rows, attempts, strict=True):
        row.attempt, row.state = attempt, RowState.SENT
    BatchRow.objects.bulk_update(rows, ["attempt", "state"], batch_size=SOME)
    PaymentOrder.objects.filter(pk__in=[row.order_id for row in rows]).update(
        state=OrderState.SENT,
        released_by=batch.released_by_id,
        released_at=now,
        revision=F("revision") + 1,
    )
    enter_rows(EntryKind.SENT, rows)
    move_budgets(BudgetMove.SPEND, rows)


def dissolve(*, batch: PaymentBatch, reason: str) -> None:
    """撤销: before it is sent; the orders are free for another batch."""
    try:
        why = clean_line(reason, 200)
    except TextInvalid as error:
        raise PaymentInvalid.of_fields({"reason": f"{error.message}{error.hint}"}) from error
    if not why:
        raise PaymentInvalid.of_fields({"reason": "请写明为什么撤销。"})
    if batch.state not in (BatchState.MADE, BatchState.CHECKED, BatchState.APPROVED):
        raise _stale(batch)
    batch.rows.filter(state=RowState.WAITING).update(state=RowState.DROPPED, note=why)
    batch.ended_at = clock.now()
    _moved(batch, BatchState.DISSOLVED, "ended_at")


def content_of(batch: PaymentBatch) -> bytes:
    """The file as it was released, or as it would be; BatchStale when it is no longer what was signed."""
    content = _file(batch.number, _rows(batch, *RowState.values, without=RowState.DROPPED))
    if batch_files.sha_of(content) != batch.file_sha:
        raise BatchStale(
            "批次里的账户或金额和经办时不一样了，不能继续。", hint="请撤销这个批次，用现在的支付单重新编制。"
        )
    return content


def ask_bank(*, batch_number: str) -> bytes | None:
    """Hand the file to the bank, outside any transaction; its answer file, None while there is none."""
    batch = PaymentBatch.objects.get(number=batch_number)
    if batch.state != BatchState.RELEASED:
        return None
    return the_bank().pay_batch(batch.number, content_of(batch))


def _rows(batch: PaymentBatch, *states: str, without: str = "") -> list[BatchRow]:
    rows = batch.rows.filter(state__in=states).exclude(state=without)
    return list(rows.select_related("order", "order__budget_use", "attempt").order_by("position"))


def _file(number: str, rows: Sequence[BatchRow]) -> bytes:
    return batch_files.write_batch(
        number,
        [
            Instruction(
                number=row.number,
                amount=row.amount,
                account=vault.decrypt((row.attempt or row.order).account_cipher),
                name=row.order.payee_name,
                purpose=row.order.name,
            )
            for row in rows
        ],
    )


def _begin(batch: PaymentBatch, wanted: BatchState, actor: Actor, *before: int | None) -> None:
    """The batch stands there, somebody new acts, and what was signed is still what is in it."""
    if batch.state != wanted:
        raise _stale(batch)
    if actor.user_id in before:
        raise SamePerson(
            "这个批次您已经手过一步，不能再办下一步。", hint="经办、复核、批准、发送必须是四个人。"
        )
    content_of(batch)


def _stale(batch: PaymentBatch) -> BatchStale:
    return BatchStale(
        f"这个批次现在是“{batch.get_state_display()}”，不能这样办。", hint="请刷新页面看最新情况。"
    )


def _refuse_own(orders: QuerySet[PaymentOrder], act: str) -> None:
    count = orders.count()
    if count:
        raise SamePerson(
            f"批次里有 {count} 张支付单由您生成、复核或更正过，不能由您{act}。",
            hint="请由另一位支付人员办理。",
        )


def _moved(batch: PaymentBatch, state: BatchState, *fields: str) -> None:
    batch.state = state
    batch.revision += 1
    batch.save(update_fields=["state", "revision", *fields])
