"""What many rows of a batch mean for both ledgers, each in a few statements."""

from collections.abc import Sequence

from yueban.kernel import clock
from yueban.payments import budgets
from yueban.payments.choices import ACCOUNTS, BudgetMove, EntryKind
from yueban.payments.models import BatchRow, LedgerEntry


def enter_rows(kind: EntryKind, rows: Sequence[BatchRow]) -> None:
    """One movement of each row's amount in the ledger of the orders."""
    debit, credit = ACCOUNTS[kind]
    now = clock.now()
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            order_id=row.order_id,
            attempt=row.attempt,
            kind=kind,
            debit=debit,
            credit=credit,
            amount=row.amount,
            at=now,
        )
        for row in rows
    )


def move_budgets(kind: BudgetMove, rows: Sequence[BatchRow]) -> None:
    """The same movement in what each order's thing holds of its budget line."""
    moves = [
        budgets.UseMove(use=row.order.budget_use, amount=row.amount, key=f"{kind}:{row.number}")
        for row in rows
        if row.order.budget_use is not None
    ]
    budgets.move_all(kind, moves)
