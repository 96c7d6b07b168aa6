"""Kinds, states and outcomes of tasks."""

from django.db import models


class TaskKind(models.TextChoices):
    """What is asked of the person who takes the task."""

    RECEIVE = "receive", "收件"
    ACCEPT = "accept", "受理"
    REVIEW = "review", "审查"
    CHECK = "check", "协查"
    NOTICE = "notice", "公示"
    OBJECTION = "objection", "核实异议"
    DECIDE = "decide", "决定"
    DELIVER = "deliver", "送达"
    PAYMENT = "payment", "支付"
    RATING = "rating", "差评核实"
    OVERSEE = "oversee", "督办"
    COUNTERSIGN = "countersign", "会签"
    INSPECT = "inspect", "现场核查"
    SPECIAL = "special", "特别程序"
    EXTEND = "extend", "延长审批"
    OWED = "owed", "容缺补交"
    SUPERVISE = "supervise", "监督处理"
    RELAY = "relay", "系统填报"
    AFTERCHECK = "aftercheck", "事后核查"
    DATA = "data", "数据异议"
    RECORDS = "records", "信息核查"
    LATE = "late", "补充答复"


# They stand beside the route of a case and hold none of its stages up.
BESIDE_ROUTE = frozenset(
    {
        TaskKind.OVERSEE,
        TaskKind.OWED,
        TaskKind.SPECIAL,
        TaskKind.EXTEND,
        TaskKind.SUPERVISE,
        TaskKind.AFTERCHECK,
        TaskKind.LATE,
    }
)


class TaskState(models.TextChoices):
    """Where a task stands; `waiting` tasks belong to a later stage, a `returned` one is worked anew in another row."""

    WAITING = "waiting", "未到"
    OPEN = "open", "待办"
    DONE = "done", "已办"
    CANCELLED = "cancelled", "已取消"
    RETURNED = "returned", "已退回重办"


class NoticeState(models.TextChoices):
    """Where a public notice stands; `suspended` because what it announced is no longer asked for."""

    RUNNING = "running", "公示中"
    ENDED = "ended", "公示结束"
    SUSPENDED = "suspended", "中止公示"


class TaskOutcome(models.TextChoices):
    """How a task ended."""

    CONFORMS = "conforms", "符合"
    DEVIATES = "deviates", "不符合"
    NOT_FOUND = "not_found", "查无记录"
    DONE = "done", "已办"
    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "异议不成立"
    NO_RECORD = "no_record", "无记录"
    HAS_RECORD = "has_record", "有记录"
    UNANSWERED = "unanswered", "到期未答复"


class InspectionState(models.TextChoices):
    """Where the record of an inspection stands: written, confirmed by one officer, by both."""

    DRAFT = "draft", "记录中"
    SIGNED = "signed", "待第二人确认"
    CONFIRMED = "confirmed", "两人已确认"
