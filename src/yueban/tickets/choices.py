"""Kinds and states of tickets, and what stands in one."""

from django.db import models


class TicketKind(models.TextChoices):
    """Which loop it closes."""

    CONSULTATION = "consultation", "咨询转人工"


class TicketState(models.TextChoices):
    """Where it stands."""

    OPEN = "open", "待接"
    TAKEN = "taken", "办理中"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


WAITING = (TicketState.OPEN, TicketState.TAKEN)
SAID = (TicketState.ANSWERED, TicketState.CLOSED)


class Urgency(models.IntegerChoices):
    """The order of the queue; within one urgency the earliest promise comes first."""

    URGENT = 0, "紧急"
    ORDINARY = 1, "一般"


class EntryKind(models.TextChoices):
    """What was said or done."""

    ANSWER = "answer", "答复"
    ASKED_AGAIN = "asked_again", "再问一次"
    NOTE = "note", "内部备注"
    HANDED_ON = "handed_on", "转交"
    HANDED_BACK = "handed_back", "退回队列"
    TAKEN_OVER = "taken_over", "接手超时工单"


# What the asker reads; the rest is the house's own.
SHOWN_TO_ASKER = (EntryKind.ANSWER, EntryKind.ASKED_AGAIN)
