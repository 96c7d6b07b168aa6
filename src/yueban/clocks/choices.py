"""Kinds and states of legal clocks, and the lights they show."""

from django.db import models


class ClockKind(models.TextChoices):
    """What the clock limits."""

    RECEIVE = "receive", "收件响应"
    NOTICE = "notice", "一次性告知"
    SUPPLEMENT = "supplement", "补正"
    PROMISE = "promise", "承诺办结"
    STATUTORY = "statutory", "法定办结"
    SPECIAL = "special", "特别程序"
    OWED = "owed", "容缺补交"
    HEARING = "hearing", "听证"
    DELIVERY = "delivery", "送达"


class ClockState(models.TextChoices):
    """Where a clock stands."""

    RUNNING = "running", "计时中"
    PAUSED = "paused", "暂停"
    MET = "met", "已完成"
    VOID = "void", "不再适用"


class Light(models.TextChoices):
    """The lights of domain.md §2.5; colour never stands alone, each has its word."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "临近期限"
    ORANGE = "orange", "今天到期"
    RED = "red", "已逾期"
    DEEP_RED = "deep-red", "超过法定期限"
    PAUSED = "paused", "暂停计时"
    CLOSED = "closed", "已办结"


# What a missed limit is called where it has a name of its own.
MISSED_WORDS: dict[str, str] = {
    ClockKind.NOTICE: "逾期未告知",
    ClockKind.DELIVERY: "逾期未送达",
    ClockKind.PROMISE: "超过承诺期限",
    ClockKind.STATUTORY: "超过法定期限",
}
