"""Reads of payments. `orders_visible_to` serves list, page, export and count."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from yueban.agencies import selectors as agencies
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments.choices import (
    LIVE,
    LIVE_ROWS,
    BatchState,
    ChangeState,
    OrderState,
    ReceiptState,
    RecoveryState,
    RowState,
)
from yueban.payments.errors import BatchNotFound, BudgetLineNotFound, OrderNotFound, RecoveryNotFound
from yueban.payments.models import (
    BatchRow,
    BudgetChange,
    BudgetEntry,
    BudgetLine,
    BudgetUse,
    LedgerEntry,
    OrderConfirmation,
    PaymentAttempt,
    PaymentBatch,
    PaymentOrder,
    Recovery,
    RecoveryReceipt,
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


def _reached(actor: Actor, *by: str) -> Q:
    """What belongs to the agencies for which the actor pays, or that he supervises; or by some roles only."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        reached = Q() if post.is_city_wide else agencies.reached_by(post, "agency")
        if post.role in (by or (roles.PAYER, roles.SUPERVISOR)):
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


def find_line(key: str, year: int) -> BudgetLine | None:
    """The line of this key and year, whoever asks."""
    return BudgetLine.objects.filter(key=key, year=year).first()


def changes_of(line: BudgetLine) -> QuerySet[BudgetChange]:
    """The changes of a line's total that were proposed, the newest first."""
    return line.changes.select_related("made_by", "decided_by").order_by("-pk")


def numbers_holding(kind: str) -> QuerySet[BudgetUse, str]:
    """Of one kind of things, the numbers of those that hold money of some line, or did."""
    return BudgetUse.objects.filter(reference_kind=kind).values_list("reference_number", flat=True)


def confirmed_of(orders: Iterable[PaymentOrder]) -> dict[int, set[str]]:
    """By order, what somebody has looked at again."""
    found: dict[int, set[str]] = {}
    rows = OrderConfirmation.objects.filter(order__in=list(orders))
    for order_id, about in rows.values_list("order_id", "about"):
        found.setdefault(order_id, set()).update(about)
    return found


def unpaid_orders(kind: str, numbers: QuerySet[Any, Any]) -> QuerySet[PaymentOrder]:
    """Orders of some things of one kind that wait to be paid, the oldest first; instalments are `number-1`, …"""
    rows = PaymentOrder.objects.filter(
        reference_kind=kind,
        budget_use__isnull=False,
        state__in=(OrderState.PREPARED, OrderState.APPROVED),
    )
    first = Func(F("reference_number"), Value("-"), Value(1), function="split_part", output_field=CharField())
    rows = rows.annotate(thing=first).filter(thing__in=numbers)
    return rows.select_related("payee", "payer_agency").order_by("made_at", "pk")


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


def rows_of_batches(batches: QuerySet[PaymentBatch]) -> QuerySet[BatchRow]:
    """The rows of these batches with what an export shows, the newest batch first; the caller may see them."""
    rows = BatchRow.objects.filter(batch__in=batches.order_by().values("pk"))
    return rows.select_related("batch__line", "batch__agency", "order").order_by("-batch", "position")


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


def open_receipt(recovery: Recovery) -> RecoveryReceipt | None:
    """What somebody says has come back, and nobody has held against the account yet."""
    return recovery.receipts.filter(state=ReceiptState.ENTERED).select_related("made_by").first()


def recoveries_of(kind: str, beginning: str) -> QuerySet[Recovery]:
    """What the payee was told to give back of one thing's orders; the caller has checked that it may be seen."""
    rows = Recovery.objects.filter(confirmed_by__isnull=False, order__reference_kind=kind)
    return rows.filter(order__reference_number__startswith=beginning).order_by("pk")


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


def batches_waiting_for(actor: Actor) -> QuerySet[PaymentBatch]:
    """The batches whose next step this payer may take: he has taken none of those before."""
    turns = Q(state=BatchState.MADE) & ~Q(made_by=actor.user_id)
    turns |= Q(state=BatchState.CHECKED) & ~Q(made_by=actor.user_id) & ~Q(checked_by=actor.user_id)
    unsent = ~Q(made_by=actor.user_id) & ~Q(checked_by=actor.user_id) & ~Q(approved_by=actor.user_id)
    turns |= Q(state=BatchState.APPROVED) & unsent
    return PaymentBatch.objects.filter(_reached(actor, roles.PAYER), turns).order_by("made_at", "pk")


def recoveries_waiting_for(actor: Actor) -> QuerySet[Recovery]:
    """Recoveries that this payer may confirm, or whose receipt he may hold against the account."""
    proposed = Q(state=RecoveryState.PROPOSED) & ~Q(made_by=actor.user_id)
    entered = RecoveryReceipt.objects.filter(state=ReceiptState.ENTERED).exclude(made_by=actor.user_id)
    turns = proposed | Q(pk__in=entered.values("recovery"))
    return Recovery.objects.filter(_reached(actor, roles.PAYER), turns).order_by("made_at", "pk")


def changes_waiting_for(actor: Actor) -> QuerySet[BudgetChange]:
    """Changes of totals that this payer may decide: others have proposed them."""
    lines = BudgetLine.objects.filter(_reached(actor, roles.PAYER)).values("pk")
    rows = BudgetChange.objects.filter(state=ChangeState.PROPOSED, line__in=lines)
    return rows.exclude(made_by=actor.user_id).select_related("line").order_by("pk")
