"""Money asked back: recoveries, what is said to have come back, and what has."""

from decimal import Decimal

from django.db import models

from yueban.payments.choices import ReceiptState, RecoveryReason, RecoveryState, RecoveryWay


class Recovery(models.Model):
    """追回: money of a paid order that is asked back; proposed by one person, confirmed by another."""

    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey("PaymentOrder", on_delete=models.PROTECT, related_name="recoveries")
    payee = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    payee_name = models.CharField(max_length=200)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    reason = models.CharField(max_length=10, choices=RecoveryReason)
    facts = models.CharField(max_length=1000)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    # What came back so far, in money and by being kept back from other payments.
    repaid = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    offset = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=RecoveryState, default=RecoveryState.PROPOSED)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # 信用: when it was reported as a debt not paid in time, by whom.
    reported_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "state", "-made_at"], name="recovery_by_agency"),
            models.Index(fields=["payee", "-made_at"], name="recovery_by_payee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=[RecoveryState.PROPOSED, RecoveryState.NOTICED]),
                name="one_open_recovery_an_order",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="recovery_positive"),
            models.CheckConstraint(
                condition=models.Q(
                    repaid__gte=0, offset__gte=0, amount__gte=models.F("repaid") + models.F("offset")
                ),
                name="no_more_comes_back_than_is_asked",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("made_by")), name="recovery_is_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[RecoveryState.NOTICED, RecoveryState.SETTLED])
                | models.Q(confirmed_by__isnull=False),
                name="no_recovery_is_noticed_unconfirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def outstanding(self) -> Decimal:
        """What is still owed."""
        return self.amount - self.repaid - self.offset


class RecoveryEntry(models.Model):
    """One part that came back; the database refuses to change or delete it."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="entries")
    way = models.CharField(max_length=10, choices=RecoveryWay)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    # From which later payment it was kept back.
    order = models.ForeignKey("PaymentOrder", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="recovery_entry_positive")
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.way} {self.amount}"


class RecoveryReceipt(models.Model):
    """收款登记: one person says that money came back, another holds it against the account; then it is an entry."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="receipts")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    note = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ReceiptState, default=ReceiptState.ENTERED)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recovery"],
                condition=models.Q(state=ReceiptState.ENTERED),
                name="one_open_receipt_a_recovery",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="receipt_positive"),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("made_by")), name="receipt_is_decided_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReceiptState.ENTERED) | models.Q(decided_by__isnull=False),
                name="no_receipt_is_decided_by_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.state} {self.amount}"
