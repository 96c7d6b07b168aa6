"""States of orders and attempts, and the kinds of ledger entries."""

from django.db import models


class OrderState(models.TextChoices):
    """Where an order stands; each step belongs to another person."""

    PREPARED = "prepared", "待复核"
    APPROVED = "approved", "待支付"
    SENT = "sent", "支付中"
    PAID = "paid", "已到账"
    RETURNED = "returned", "银行退回"
    CANCELLED = "cancelled", "已取消"


class AttemptState(models.TextChoices):
    """Where one transmission to the bank stands."""

    QUEUED = "queued", "待发送"
    SENT = "sent", "银行已受理"
    PAID = "paid", "已到账"
    RETURNED = "returned", "已退回"


LIVE = (AttemptState.QUEUED, AttemptState.SENT)


class EntryKind(models.TextChoices):
    """What a ledger entry records; the two accounts it moves between are in ACCOUNTS."""

    OWED = "owed", "应付"
    SENT = "sent", "付出"
    PAID = "paid", "到账"
    RETURNED = "returned", "退回"
    CANCELLED = "cancelled", "冲销"


# Debit and credit of each kind; balances of funds follow with the budget.
ACCOUNTS: dict[str, tuple[str, str]] = {
    EntryKind.OWED: ("expense", "payable"),
    EntryKind.SENT: ("payable", "transit"),
    EntryKind.PAID: ("transit", "bank"),
    EntryKind.RETURNED: ("transit", "payable"),
    EntryKind.CANCELLED: ("payable", "expense"),
}
