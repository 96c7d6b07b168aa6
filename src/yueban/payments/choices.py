"""States of orders and attempts, the kinds of ledger entries, and the parts of a budget line."""

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
    OFFSET = "offset", "抵扣"


# Debit and credit of each kind; balances of funds follow with the budget.
ACCOUNTS: dict[str, tuple[str, str]] = {
    EntryKind.OWED: ("expense", "payable"),
    EntryKind.SENT: ("payable", "transit"),
    EntryKind.PAID: ("transit", "bank"),
    EntryKind.RETURNED: ("transit", "payable"),
    EntryKind.CANCELLED: ("payable", "expense"),
    EntryKind.OFFSET: ("payable", "receivable"),
}


class BatchState(models.TextChoices):
    """Where a batch stands; each step up to the release belongs to another person."""

    MADE = "made", "待复核"
    CHECKED = "checked", "待批准"
    APPROVED = "approved", "待发送"
    RELEASED = "released", "银行处理中"
    ANSWERED = "answered", "已回单"
    DISSOLVED = "dissolved", "已撤销"


class RowState(models.TextChoices):
    """Where one row of a batch stands."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "银行处理中"
    PAID = "paid", "已到账"
    RETURNED = "returned", "银行退回"
    DROPPED = "dropped", "已剔除"


LIVE_ROWS = (RowState.WAITING, RowState.SENT)


class Shortfall(models.TextChoices):
    """What happens when a line is asked for more than it has; declared before anybody claims."""

    FIRST_COME = "first_come", "先到先得"
    PRO_RATA = "pro_rata", "按比例"
    CARRY_OVER = "carry_over", "结转下年"


class Part(models.TextChoices):
    """Where the money of a line stands; `outside` is where it comes from and where a cut goes back to."""

    OUTSIDE = "outside", "预算下达"
    BALANCE = "balance", "余额"
    RESERVED = "reserved", "预占"
    FROZEN = "frozen", "冻结"
    SPENT = "spent", "已拨"


class BudgetMove(models.TextChoices):
    """What a budget entry records; the two parts it moves between are in MOVES."""

    ALLOT = "allot", "下达"
    CUT = "cut", "调减"
    RESERVE = "reserve", "预占"
    FREEZE = "freeze", "冻结"
    RELEASE = "release", "解除预占"
    UNFREEZE = "unfreeze", "解除冻结"
    SPEND = "spend", "拨付"
    GIVE_BACK = "give_back", "银行退回"
    RECOVER = "recover", "追回"


# From which part to which part each kind of entry moves the amount.
MOVES: dict[str, tuple[str, str]] = {
    BudgetMove.ALLOT: (Part.OUTSIDE, Part.BALANCE),
    BudgetMove.CUT: (Part.BALANCE, Part.OUTSIDE),
    BudgetMove.RESERVE: (Part.BALANCE, Part.RESERVED),
    BudgetMove.FREEZE: (Part.RESERVED, Part.FROZEN),
    BudgetMove.RELEASE: (Part.RESERVED, Part.BALANCE),
    BudgetMove.UNFREEZE: (Part.FROZEN, Part.BALANCE),
    BudgetMove.SPEND: (Part.FROZEN, Part.SPENT),
    BudgetMove.GIVE_BACK: (Part.SPENT, Part.FROZEN),
    BudgetMove.RECOVER: (Part.SPENT, Part.BALANCE),
}


class ChangeState(models.TextChoices):
    """Where a change of a line's total stands: proposed by one person, entered or refused by another."""

    PROPOSED = "proposed", "待批准"
    ENTERED = "entered", "已调整"
    REFUSED = "refused", "未批准"


class RecoveryReason(models.TextChoices):
    """Why money that was paid is asked back."""

    FALSE_MATERIAL = "false", "材料虚假"
    RELOCATED = "relocated", "承诺期内迁出"
    AUDIT = "audit", "审计发现不符合条件"
    OVERPAID = "overpaid", "多付或者重复支付"


class RecoveryState(models.TextChoices):
    """Where a recovery stands."""

    PROPOSED = "proposed", "待复核"
    NOTICED = "noticed", "已通知"
    SETTLED = "settled", "已追回"
    WITHDRAWN = "withdrawn", "已撤回"


class RecoveryWay(models.TextChoices):
    """How a part of it came back."""

    REPAID = "repaid", "退款"
    OFFSET = "offset", "抵扣"


class ReceiptState(models.TextChoices):
    """Where money that somebody says has come back stands: another person holds it against the account."""

    ENTERED = "entered", "待核对"
    CONFIRMED = "confirmed", "已核对"
    REFUSED = "refused", "核对不符"
