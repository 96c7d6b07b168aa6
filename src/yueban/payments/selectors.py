"""Reads of payments. `orders_visible_to` serves list, page, export and count."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments.choices import LIVE, LIVE_ROWS, BatchState, OrderState, RowState
from yueban.payments.errors import BatchNotFound, BudgetLineNotFound, OrderNotFound, RecoveryNotFound
from yueban.payments.models import (
    BatchRow,
    BudgetEntry,
    BudgetLine,
    BudgetUse,
    LedgerEntry,
    PaymentAttempt,
    PaymentBatch,
    PaymentOrder,
    Recovery,
)

ASK_AGAIN_SECONDS = 60
# Figures by the entries beside figures as they stand: of the lines, then of what each thing holds of them.
UNBALANCED = """
WITH moved AS (
    SELECT line_id, reference_kind AS kind, reference_number AS number, to_part AS part, amount
        FROM payments_budgetentry
    UNION ALL
    SELECT line_id, reference_kind, reference_number, from_part, -amount FROM payments_budgetentry
), of_lines AS (
    SELECT line_id,
        coalesce(sum(amount) FILTER (WHERE part = 'balance'), 0) AS balance,
        coalesce(sum(amount) FILTER (WHERE part = 'reserved'), 0) AS reserved,
        coalesce(sum(amount) FILTER (WHERE part = 'frozen'), 0) AS frozen,
        coalesce(sum(amount) FILTER (WHERE part = 'spent'), 0) AS spent
        FROM moved GROUP BY line_id
), of_uses AS (
    SELECT line_id, kind, number,
        coalesce(sum(amount) FILTER (WHERE part = 'reserved'), 0) AS reserved,
        coalesce(sum(amount) FILTER (WHERE part = 'frozen'), 0) AS frozen,
        coalesce(sum(amount) FILTER (WHERE part = 'spent'), 0) AS spent
        FROM moved WHERE kind <> '' GROUP BY line_id, kind, number
)
SELECT line.key, line.year, '' FROM payments_budgetline line LEFT JOIN of_lines ON of_lines.line_id = line.id
    WHERE (line.balance, line.reserved, line.frozen, line.spent) IS DISTINCT FROM (
        coalesce(of_lines.balance, 0), coalesce(of_lines.reserved, 0),
        coalesce(of_lines.frozen, 0), coalesce(of_lines.spent, 0))
UNION ALL
SELECT line.key, line.year, coalesce(use.reference_number, of_uses.number)
    FROM of_uses FULL JOIN payments_budgetuse use ON use.line_id = of_uses.line_id
        AND use.reference_kind = of_uses.kind AND use.reference_number = of_uses.number
    JOIN payments_budgetline line ON line.id = coalesce(use.line_id, of_uses.line_id)
    WHERE (use.reserved, use.frozen, use.spent) IS DISTINCT FROM (of_uses.reserved, of_uses.frozen, of_uses.spent)
ORDER BY 1, 2, 3
"""


def orders_visible_to(actor: Actor) -> QuerySet[PaymentOrder]:
    """Orders to the actor's own parties; by post those his agency pays; a supervisor his division's."""
    allowed = Q(payee_id__in=actor.party_ids)
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        reached = Q() if post.is_city_wide else agencies.reached_by(post, "payer_agency")
        if post.role in (roles.PAYER, roles.SUPERVISOR):
            allowed |= within & reached
    return PaymentOrder.objects.filter(allowed)


def get_order(actor: Actor, number: str) -> PaymentOrder:
    """The order with what its page shows; OrderNotFound for a wrong number and for another's alike."""
    order = (
        orders_visible_to(actor)
        .select_related(
            "payee",
            "payer_agency",
            "funded_by",
            "budget_use__line",
            "made_by",
            "approved_by",
            "released_by",
            "corrected_by",
        )
        .filter(number=number)
        .first()
    )
    if order is None:
        raise OrderNotFound("没有找到这张支付单。", hint="请核对编号；只有付款单位的支付人员能看到。")
    return order


def orders_of(reference: Reference) -> QuerySet[PaymentOrder]:
    """The orders of one thing; the caller has checked that the thing may be seen."""
    return PaymentOrder.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number
    ).select_related("payer_agency")


def attempts_of(order: PaymentOrder) -> QuerySet[PaymentAttempt]:
    """The transmissions of an order, oldest first."""
    return order.attempts.order_by("pk")


def entries_of(orders: Iterable[PaymentOrder]) -> QuerySet[LedgerEntry]:
    """The ledger of these orders, oldest first."""
    return LedgerEntry.objects.filter(order__in=list(orders)).order_by("pk")


def unsettled_attempts() -> QuerySet[PaymentAttempt, str]:
    """Numbers of the transmissions to ask the bank about again: those that have waited a minute."""
    before = clock.now() - timedelta(seconds=ASK_AGAIN_SECONDS)
    return (
        PaymentAttempt.objects.filter(state__in=LIVE, made_at__lt=before, order__state=OrderState.SENT)
        .filter(batch_row__isnull=True)
        .order_by("made_at")
        .values_list("number", flat=True)
    )


def lines_visible_to(actor: Actor) -> QuerySet[BudgetLine]:
    """The budget lines of the actor's agency, for those who pay; a supervisor's: those of his division."""
    return BudgetLine.objects.filter(_reached(actor))


def _reached(actor: Actor) -> Q:
    """What belongs to the agencies for which the actor pays, or that he supervises."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        reached = Q() if post.is_city_wide else agencies.reached_by(post, "agency")
        if post.role in (roles.PAYER, roles.SUPERVISOR):
            allowed |= within & reached
    return allowed


def get_line(actor: Actor, key: str, year: int) -> BudgetLine:
    """The line with its agency; BudgetLineNotFound for a wrong key and for another's alike."""
    line = lines_visible_to(actor).select_related("agency").filter(key=key, year=year).first()
    if line is None:
        raise BudgetLineNotFound(
            "没有找到这个预算项目。", hint="请从预算列表进入；只有本单位的支付人员能看到。"
        )
    return line


def payable_orders(line: BudgetLine) -> QuerySet[PaymentOrder]:
    """What can go into a batch of this line today: made or approved, due, in no other batch, its payee alive."""
    taken = BatchRow.objects.filter(order=OuterRef("pk"), state__in=[*LIVE_ROWS, RowState.PAID])
    return PaymentOrder.objects.filter(
        ~Exists(taken),
        Q(due_on__isnull=True) | Q(due_on__lte=clock.today()),
        budget_use__line=line,
        payer_agency=line.agency_id,
        payee__ended_on__isnull=True,
        state__in=(OrderState.PREPARED, OrderState.APPROVED),
    )


def batches_visible_to(actor: Actor) -> QuerySet[PaymentBatch]:
    """The batches of the actor's agency, for those who pay; a supervisor's: those of his division."""
    return PaymentBatch.objects.filter(_reached(actor))


def get_batch(actor: Actor, number: str) -> PaymentBatch:
    """The batch with what its page shows; BatchNotFound for a wrong number and for another's alike."""
    people = ("made_by", "checked_by", "approved_by", "released_by")
    batch = batches_visible_to(actor).select_related("line", "agency", *people).filter(number=number).first()
    if batch is None:
        raise BatchNotFound("没有找到这个批次。", hint="请从批次列表进入；只有付款单位的支付人员能看到。")
    return batch


def batches_of(order: PaymentOrder) -> QuerySet[BatchRow]:
    """The rows of an order in its batches, oldest first."""
    return order.batch_rows.select_related("batch").order_by("pk")


def rows_of_batch(batch: PaymentBatch) -> QuerySet[BatchRow]:
    """The rows of a batch in their order."""
    return batch.rows.select_related("order").order_by("position")


def recoveries_visible_to(actor: Actor) -> QuerySet[Recovery]:
    """One's own; by post those of the agency that paid; a supervisor's: those of his division."""
    return Recovery.objects.filter(
        _reached(actor) | Q(payee_id__in=actor.party_ids, confirmed_by__isnull=False)
    )


def get_recovery(actor: Actor, number: str) -> Recovery:
    """The recovery with what its page shows; RecoveryNotFound for a wrong number and for another's alike."""
    people = ("made_by", "confirmed_by", "reported_by")
    found = (
        recoveries_visible_to(actor)
        .select_related("order__budget_use__line", "agency", *people)
        .filter(number=number)
        .first()
    )
    if found is None:
        raise RecoveryNotFound("没有找到这笔追回。", hint="请从追回列表进入；只有付款单位的支付人员能看到。")
    return found


def orders_to_offset(recovery: Recovery) -> QuerySet[PaymentOrder]:
    """The payee's later payments of which a part can still be kept back."""
    taken = BatchRow.objects.filter(order=OuterRef("pk"), state__in=[*LIVE_ROWS, RowState.PAID])
    return PaymentOrder.objects.filter(
        ~Exists(taken),
        payee=recovery.payee_id,
        payer_agency=recovery.agency_id,
        budget_use__isnull=False,
        offset=0,
        state__in=(OrderState.PREPARED, OrderState.APPROVED),
    ).order_by("made_at")


def unanswered_batches() -> list[str]:
    """Numbers of the batches to ask the bank about again: those that have waited a minute."""
    before = clock.now() - timedelta(seconds=ASK_AGAIN_SECONDS)
    waiting = PaymentBatch.objects.filter(state=BatchState.RELEASED, released_at__lt=before)
    return list(waiting.order_by("released_at").values_list("number", flat=True))


def entries_of_line(line: BudgetLine) -> QuerySet[BudgetEntry]:
    """The ledger of a line, the newest first."""
    return line.entries.order_by("-pk")


def uses_of(reference: Reference) -> QuerySet[BudgetUse]:
    """What one thing holds, line by line."""
    return BudgetUse.objects.filter(
        reference_kind=reference.kind, reference_number=reference.number
    ).select_related("line")


def find_budget_faults() -> list[str]:
    """Each line, and each thing that holds some of it, whose figures are not the sum of its entries."""
    with connection.cursor() as cursor:
        cursor.execute(UNBALANCED)
        return [f"{key} {year} {who or '—'}" for key, year, who in cursor.fetchall()]


def orders_numbered(kind: str, beginning: str) -> QuerySet[PaymentOrder]:
    """Orders about one thing whose references begin alike (its instalments), in their order."""
    rows = PaymentOrder.objects.filter(reference_kind=kind, reference_number__startswith=beginning)
    return rows.select_related("payer_agency").order_by("pk")
