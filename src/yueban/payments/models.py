"""Payment orders, their transmissions to the bank and the ledger; budget lines with a ledger of their own."""

from decimal import Decimal

from django.db import models

from yueban.kernel.reference import Reference
from yueban.payments.choices import (
    LIVE,
    LIVE_ROWS,
    AttemptState,
    BatchState,
    BudgetMove,
    ChangeState,
    EntryKind,
    OrderState,
    Part,
    RowState,
    Shortfall,
)
from yueban.payments.recovery_models import Recovery as Recovery
from yueban.payments.recovery_models import RecoveryEntry as RecoveryEntry
from yueban.payments.recovery_models import RecoveryReceipt as RecoveryReceipt

AFTER_APPROVAL = (OrderState.APPROVED, OrderState.SENT, OrderState.PAID, OrderState.RETURNED)
AFTER_RELEASE = (OrderState.SENT, OrderState.PAID, OrderState.RETURNED)


class PaymentOrder(models.Model):
    """支付单: one amount to one account for one thing; made, approved and paid by three different people."""

    number = models.CharField(max_length=20, unique=True)
    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    payee = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    payee_name = models.CharField(max_length=200)
    account_cipher = models.BinaryField()
    account_tail = models.CharField(max_length=4)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    # How the amount came about: element, value, ratio, cap.
    basis = models.JSONField(default=dict)
    payer_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    funded_by = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    # What the order is paid from; such an order goes to the bank in a batch, not by itself.
    budget_use = models.ForeignKey("BudgetUse", null=True, on_delete=models.PROTECT, related_name="orders")
    # 分期: not before this day.
    due_on = models.DateField(null=True)
    # 抵扣: what the payee owes from a recovery and is kept back.
    offset = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.PREPARED)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    corrected_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["payer_agency", "state", "-made_at"], name="payment_by_payer"),
            models.Index(fields=["payee", "-made_at"], name="payment_by_payee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number"], name="one_payment_per_reference"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(offset__gte=0, offset__lt=models.F("amount")),
                name="payment_offset_below_amount",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("made_by")), name="approver_is_not_maker"
            ),
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("made_by"))
                & ~models.Q(released_by=models.F("approved_by"))
                & ~models.Q(released_by=models.F("corrected_by")),
                name="payer_is_neither_maker_nor_approver",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=AFTER_APPROVAL) | models.Q(approved_by__isnull=False),
                name="nothing_is_paid_unapproved",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=AFTER_RELEASE) | models.Q(released_by__isnull=False),
                name="nothing_is_paid_unreleased",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def net(self) -> Decimal:
        """What goes to the bank."""
        return self.amount - self.offset


class PaymentAttempt(models.Model):
    """One transmission of an order to the bank; its number makes a repeated request the same payment."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="attempts")
    number = models.CharField(max_length=24, unique=True)
    account_cipher = models.BinaryField()
    account_tail = models.CharField(max_length=4)
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.QUEUED)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    bank_reference = models.CharField(max_length=60, blank=True, default="")
    answer = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="attempt_live", condition=models.Q(state__in=LIVE))]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=[*LIVE, AttemptState.PAID]),
                name="one_live_or_paid_attempt",
            )
        ]

    def __str__(self) -> str:
        return self.number


class AccountCorrection(models.Model):
    """Why another account was put in the place of one that the bank returned."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="corrections")
    from_tail = models.CharField(max_length=4)
    to_tail = models.CharField(max_length=4)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} {self.from_tail} {self.to_tail}"


class LedgerEntry(models.Model):
    """One movement between two accounts; the database refuses to change or delete it."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="entries")
    attempt = models.ForeignKey(PaymentAttempt, null=True, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    debit = models.CharField(max_length=20)
    credit = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "attempt", "kind"], nulls_distinct=False, name="each_movement_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="entry_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class BudgetLine(models.Model):
    """预算项目: what a department may give for one purpose in one year, and where that money stands.

    The figures follow from the entries: a trigger moves them with each entry, and refuses any other change.
    """

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    shortfall = models.CharField(max_length=12, choices=Shortfall, default=Shortfall.FIRST_COME)
    total = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    reserved = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    frozen = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    spent = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agency", "-year", "key"], name="budget_line_by_agency")]
        constraints = [
            models.UniqueConstraint(fields=["key", "year"], name="one_budget_line_a_year"),
            models.CheckConstraint(
                condition=models.Q(balance__gte=0, reserved__gte=0, frozen__gte=0, spent__gte=0),
                name="budget_never_below_zero",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total=models.F("balance") + models.F("reserved") + models.F("frozen") + models.F("spent")
                ),
                name="budget_parts_make_the_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year}"


class BudgetUse(models.Model):
    """What one thing holds of a line, part by part; moved by the same trigger as the line."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="uses")
    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    reserved = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    frozen = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    spent = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        indexes = [
            models.Index(fields=["reference_kind", "reference_number"], name="budget_use_by_reference")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "reference_kind", "reference_number"], name="one_budget_use_per_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, frozen__gte=0, spent__gte=0),
                name="nobody_gives_back_more_than_he_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.reference_kind}:{self.reference_number}"

    @property
    def reference(self) -> Reference:
        """Whose money it is."""
        return Reference(self.reference_kind, self.reference_number)


class BudgetEntry(models.Model):
    """One movement of a line's money from a part to a part; the database refuses to change or delete it."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=BudgetMove)
    from_part = models.CharField(max_length=10, choices=Part)
    to_part = models.CharField(max_length=10, choices=Part)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    # Whose money moved; empty where the line itself was given more or less.
    reference_kind = models.CharField(max_length=30, blank=True, default="")
    reference_number = models.CharField(max_length=60, blank=True, default="")
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["line", "-id"], name="budget_entry_by_line"),
            models.Index(fields=["reference_kind", "reference_number"], name="budget_entry_by_reference"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="budget_entry_positive"),
            models.CheckConstraint(
                condition=~models.Q(from_part=models.F("to_part")), name="budget_entry_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.kind} {self.amount}"


class BudgetChange(models.Model):
    """预算调整: more or less for a line, proposed with its document by one person and entered by another."""

    number = models.CharField(max_length=20, unique=True)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=BudgetMove)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    reason = models.CharField(max_length=500)
    # 文号 of what it rests on.
    document_number = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.PROPOSED)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Why it was refused.
    answer = models.CharField(max_length=200, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(state=ChangeState.PROPOSED),
                name="one_open_change_a_line",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="budget_change_positive"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[BudgetMove.ALLOT, BudgetMove.CUT]),
                name="a_change_gives_or_takes",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("made_by")), name="change_is_decided_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ChangeState.PROPOSED) | models.Q(decided_by__isnull=False),
                name="no_change_is_entered_undecided",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderConfirmation(models.Model):
    """重新核实: somebody looked again at what an order rests on, and what he saw; never changed."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="confirmations")
    # What was looked at, in the words of whoever asks: for claims the codes of the facts.
    about = models.JSONField(default=list)
    evidence = models.CharField(max_length=500)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} {self.at:%Y-%m-%d}"


AFTER_CHECK = (BatchState.CHECKED, BatchState.APPROVED, BatchState.RELEASED, BatchState.ANSWERED)
SENT_BATCH = (BatchState.RELEASED, BatchState.ANSWERED)


class PaymentBatch(models.Model):
    """拨付批次: orders of one budget line in one file; made, checked, approved and released by four people.

    Count, total and the file's SHA-256 are what the four of them see and sign; they are counted anew at each step.
    """

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="batches")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.MADE)
    count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=18, decimal_places=2)
    file_sha = models.CharField(max_length=64)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    checked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "state", "-made_at"], name="batch_by_agency"),
            models.Index(
                fields=["released_at"],
                name="batch_at_the_bank",
                condition=models.Q(state=BatchState.RELEASED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(checked_by=models.F("made_by")), name="batch_checker_is_not_maker"
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("made_by"))
                & ~models.Q(approved_by=models.F("checked_by")),
                name="batch_approver_is_a_third",
            ),
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("made_by"))
                & ~models.Q(released_by=models.F("checked_by"))
                & ~models.Q(released_by=models.F("approved_by")),
                name="batch_payer_is_a_fourth",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=AFTER_CHECK) | models.Q(checked_by__isnull=False),
                name="no_batch_goes_on_unchecked",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=AFTER_CHECK[1:]) | models.Q(approved_by__isnull=False),
                name="no_batch_goes_on_unapproved",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=SENT_BATCH) | models.Q(released_by__isnull=False),
                name="no_batch_is_sent_unreleased",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BatchRow(models.Model):
    """One order in a batch, with the number under which the bank is asked to pay it."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="batch_rows")
    attempt = models.OneToOneField(
        PaymentAttempt, null=True, on_delete=models.PROTECT, related_name="batch_row"
    )
    number = models.CharField(max_length=24)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    # Why it was dropped or came back.
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_row_per_position"),
            models.UniqueConstraint(fields=["batch", "order"], name="an_order_once_in_a_batch"),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=[*LIVE_ROWS, RowState.PAID]),
                name="an_order_in_one_live_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BatchAnswer(models.Model):
    """One answer of the bank to a batch as it was read; the same file again is no other answer."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="answers")
    file_sha = models.CharField(max_length=64)
    paid = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    # Nobody where the bank answered by itself.
    read_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "file_sha"], name="each_answer_is_read_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.file_sha[:8]}"


class DemoTransfer(models.Model):
    """The book of the demonstration's bank: what it was asked to pay, by number, and what came of it."""

    number = models.CharField(max_length=24, unique=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True, default="")
    asked = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number
