"""Ways, states and events of claims, and the states of lists without application."""

from django.db import models


class Way(models.TextChoices):
    """How an offer is redeemed (兑现方式)."""

    AUTO = "auto", "免申即享"
    INSTANT = "instant", "即申即享"
    FAST = "fast", "快申快享"
    REVIEW = "review", "评审类"
    STATUTORY = "statutory", "法定程序类"


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    CHECKING = "checking", "初审中"
    CORRECTING = "correcting", "待补正"
    REVIEWING = "reviewing", "评审中"
    DECIDING = "deciding", "待审定"
    NOTICED = "noticed", "公示中"
    AGREED = "agreed", "已审定，待拨付"
    PAYING = "paying", "分期拨付中"
    PAID = "paid", "已到账"
    REFUSED = "refused", "不予支持"
    WITHDRAWN = "withdrawn", "已撤回"


# Whoever has one of these may not claim the same again.
LIVE = (
    ClaimState.CHECKING,
    ClaimState.CORRECTING,
    ClaimState.REVIEWING,
    ClaimState.DECIDING,
    ClaimState.NOTICED,
    ClaimState.AGREED,
    ClaimState.PAYING,
)
# What was decided and not paid back.
GIVEN = (ClaimState.AGREED, ClaimState.PAYING, ClaimState.PAID)
# What is about to be given too: it counts against ceilings and exclusions.
COUNTED = (ClaimState.NOTICED, *GIVEN)


class ClaimEvent(models.TextChoices):
    """What moves a claim."""

    SUBMIT = "submit", "提交申报"
    ASK_CORRECTION = "correction", "要求补正"
    HAND_IN = "hand_in", "补正后再次提交"
    LAPSE = "lapse", "补正期满，按已有材料初审"
    CHECK = "check", "初审"
    JOIN = "join", "转联审"
    REVIEW = "review", "评审"
    PROPOSE = "propose", "审定，拟支持"
    AMEND = "amend", "调整金额"
    END_NOTICE = "end_notice", "公示期满"
    UPHOLD = "uphold", "异议成立"
    REFUSE = "refuse", "不予支持"
    WITHDRAW = "withdraw", "撤回"
    PAY_PART = "pay_part", "拨付一期"
    PAY = "pay", "到账"
    RETURN = "return", "银行退回"


class ListState(models.TextChoices):
    """Where a list without application stands; each step belongs to another person."""

    MADE = "made", "待复核"
    NOTICED = "noticed", "公示中"
    ASKING = "asking", "意愿确认中"
    CLOSED = "closed", "已结束"
    DROPPED = "dropped", "已撤销"


class EntryState(models.TextChoices):
    """Where one enterprise of a list stands; silence is not consent."""

    LISTED = "listed", "拟享受"
    HELD = "held", "有异议，暂缓"
    REMOVED = "removed", "已移出"
    ASKED = "asked", "待确认"
    QUEUED = "queued", "已确认，等待预算"
    CONSENTED = "consented", "已确认，待拨付"
    DECLINED = "declined", "已放弃"
    UNANSWERED = "unanswered", "到期未确认"
