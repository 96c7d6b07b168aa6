"""拨付批次: made, checked, approved and released by four people; sent by a job; the answer read back.

The job hands the file to the bank outside any transaction and writes the answer in one: killed in between, it hands
in the same file again, and the bank pays each number once.
"""

from collections.abc import Sequence

from django.db import transaction

from yueban.approvals.errors import TaskNotYours
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.flows import pay, recusal
from yueban.flows.payables import not_due
from yueban.jobs import services as jobs
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference
from yueban.payments import batch_answers, batches
from yueban.payments import selectors as payments_read
from yueban.payments.batch_answers import Settled
from yueban.payments.choices import BatchState
from yueban.payments.errors import BatchStale
from yueban.payments.models import BudgetLine, PaymentBatch, PaymentOrder

SEND_JOB = "flows.send_batch"


@transaction.atomic
def make(
    actor: Actor, *, line_key: str, year: int, order_numbers: Sequence[str] | None, key: str = ""
) -> PaymentBatch:
    """经办: the chosen orders of a line in one batch; None takes all that are due today."""
    line = payments_read.get_line(actor, line_key, year)
    _check_payer(actor, line.agency.code)
    reference = f"{line.key}-{line.year}"
    if cases.is_done(key=key, name="make_batch", actor=actor, number=reference):
        return payments_read.batches_visible_to(actor).filter(made_by=actor.user_id, line=line).latest("pk")
    orders = _all_due(line) if order_numbers is None else _chosen(line, order_numbers)
    recusal.check_all(actor, {order.payee_id for order in orders})
    name = f"{line.name}{clock.today():%Y年%m月%d日}"
    batch = batches.make(line=line, orders=orders, name=name, actor=actor)
    _record(batch, "batch_made", actor)
    cases.remember_done(key=key, name="make_batch", actor=actor, number=reference)
    return batch


def _all_due(line: BudgetLine) -> list[PaymentOrder]:
    waiting = payments_read.payable_orders(line).select_related("payee").order_by("made_at", "pk")
    orders = list(waiting[: batches.MOST_ROWS])
    left_out = not_due(orders)
    return [order for order in orders if order.pk not in left_out]


def _chosen(line: BudgetLine, numbers: Sequence[str]) -> list[PaymentOrder]:
    """Those orders, or a refusal that says how many cannot be paid and why."""
    orders = list(payments_read.payable_orders(line).filter(number__in=numbers).select_related("payee"))
    missing = len(set(numbers)) - len(orders)
    if missing:
        raise BatchStale(
            f"选中的支付单有 {missing} 张现在不能编入批次。", hint="请刷新页面，从现在列出的支付单里选。"
        )
    found = not_due(orders)
    if found:
        order = next(one for one in orders if one.pk in found)
        raise BatchStale(
            f"有 {len(found)} 张支付单现在不能付，第一张是“{order.payee_name}”：{found[order.pk]}",
            hint="请先由业务部门处理，再编入批次。",
        )
    return orders


@transaction.atomic
def check(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> PaymentBatch:
    """复核: payees, accounts, amounts; by a second person."""
    batch, done = _begin(actor, number, revision, key, "check_batch")
    if not done:
        batches.check(batch=batch, actor=actor)
        _end(batch, actor, key, "check_batch")
    return batch


@transaction.atomic
def approve(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> PaymentBatch:
    """批准: by a third person."""
    batch, done = _begin(actor, number, revision, key, "approve_batch")
    if not done:
        batches.approve(batch=batch, actor=actor)
        _end(batch, actor, key, "approve_batch")
    return batch


@transaction.atomic
def release(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> PaymentBatch:
    """发送: by a fourth; every order is looked at once more, and what is no longer due is left out."""
    batch, done = _begin(actor, number, revision, key, "release_batch")
    if not done:
        orders = PaymentOrder.objects.filter(batch_rows__batch=batch).select_related("payee")
        batches.release(batch=batch, actor=actor, not_due=not_due(list(orders)))
        if batch.state == BatchState.RELEASED:
            jobs.enqueue(SEND_JOB, batch_number=batch.number)
        _end(batch, actor, key, "release_batch")
    return batch


@transaction.atomic
def dissolve(
    actor: Actor, number: str, *, reason: str, revision: int | None = None, key: str = ""
) -> PaymentBatch:
    """撤销: before it is sent, with the reason."""
    batch, done = _begin(actor, number, revision, key, "dissolve_batch")
    if not done:
        batches.dissolve(batch=batch, reason=reason)
        _end(batch, actor, key, "dissolve_batch")
    return batch


@transaction.atomic
def download(actor: Actor, number: str) -> tuple[str, bytes]:
    """The batch file, for a bank without a line: only once it is released, and kept who took it."""
    batch, _ = _begin(actor, number, None, "", "take_batch_file")
    if batch.state not in (BatchState.RELEASED, BatchState.ANSWERED):
        raise BatchStale("批次还没有发送，没有文件可取。", hint="请先办完复核、批准和发送。")
    content = batches.content_of(batch)
    _record(batch, "batch_file_taken", actor)
    return f"{batch.number}.csv", content


@transaction.atomic
def read_answer(actor: Actor, number: str, content: bytes) -> Settled:
    """回单: a file that somebody brought from the bank; one that does not fit changes nothing."""
    batch, _ = _begin(actor, number, None, "", "read_batch_answer")
    return _take(batch, content, actor)


def send(batch_number: str) -> None:
    """The job's work: hand the file in, then write down the answer; running again changes nothing."""
    content = batches.ask_bank(batch_number=batch_number)
    if content is not None:
        with transaction.atomic():
            _take(batches.lock_any_batch(number=batch_number), content, SYSTEM)


def ask_after_unanswered() -> int:
    """Ask the bank about batches that have waited: lagging answers, and files whose job was lost."""
    numbers = payments_read.unanswered_batches()
    for number in numbers:
        jobs.enqueue(SEND_JOB, batch_number=number)
    return len(numbers)


def _take(batch: PaymentBatch, content: bytes, actor: Actor) -> Settled:
    settled = batch_answers.read_answer(batch=batch, content=content, actor=actor)
    for order in settled.paid:
        pay.after_paid(order)
    for order in settled.returned:
        pay.after_return(order)
    if settled.is_new:
        _record(batch, "batch_answered", actor, paid=len(settled.paid), returned=len(settled.returned))
    return settled


def may_act(actor: Actor, agency_code: str) -> bool:
    """Whether the actor pays for this agency."""
    return any(post.role == roles.PAYER and post.covers(agency_code) for post in actor.posts)


def _check_payer(actor: Actor, agency_code: str) -> None:
    if not may_act(actor, agency_code):
        raise TaskNotYours("这个批次不归您办。", hint="请由付款单位的支付人员办理。")


def _begin(actor: Actor, number: str, revision: int | None, key: str, name: str) -> tuple[PaymentBatch, bool]:
    batch = batches.lock_batch(number=number, actor=actor)
    if cases.is_done(key=key, name=name, actor=actor, number=number):
        return batch, True
    _check_payer(actor, batch.agency.code)
    payees = PaymentOrder.objects.filter(batch_rows__batch=batch).values_list("payee_id", flat=True)
    recusal.check_all(actor, set(payees))
    batches.check_revision(batch=batch, revision=revision)
    return batch, False


def _end(batch: PaymentBatch, actor: Actor, key: str, name: str) -> None:
    _record(batch, name, actor)
    cases.remember_done(key=key, name=name, actor=actor, number=batch.number)


def _record(batch: PaymentBatch, kind: str, actor: Actor, **more: int) -> None:
    """In the batch's own chain: what was signed at this step."""
    data = {
        "state": batch.state,
        "count": batch.count,
        "total": str(batch.total),
        "file_sha": batch.file_sha,
    }
    audit.record(
        Reference("batch", batch.number), kind, actor=actor, data=data | more, division=batch.division_code
    )
