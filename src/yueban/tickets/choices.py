"""Kinds and states of tickets, and what stands in one."""

from django.db import models
from django.utils.translation import gettext_noop


class TicketKind(models.TextChoices):
    """Which loop it closes."""

    CONSULTATION = "consultation", gettext_noop("咨询转人工")


class TicketState(models.TextChoices):
    """Where it stands."""

    OPEN = "open", gettext_noop("待接")
    TAKEN = "taken", gettext_noop("办理中")
    ANSWERED = "answered", gettext_noop("已答复")
    CLOSED = "closed", gettext_noop("已办结")
    WITHDRAWN = "withdrawn", gettext_noop("已撤回")


WAITING = (TicketState.OPEN, TicketState.TAKEN)
SAID = (TicketState.ANSWERED, TicketState.CLOSED)


class Urgency(models.IntegerChoices):
    """The order of the queue; within one urgency the earliest promise comes first."""

    URGENT = 0, gettext_noop("紧急")
    ORDINARY = 1, gettext_noop("一般")


class EntryKind(models.TextChoices):
    """What was said or done."""

    ANSWER = "answer", gettext_noop("答复")
    ASKED_AGAIN = "asked_again", gettext_noop("再问一次")
    NOTE = "note", gettext_noop("内部备注")
    HANDED_ON = "handed_on", gettext_noop("转交")
    HANDED_BACK = "handed_back", gettext_noop("退回队列")
    TAKEN_OVER = "taken_over", gettext_noop("接手超时工单")


# What the asker reads; the rest is the house's own.
SHOWN_TO_ASKER = (EntryKind.ANSWER, EntryKind.ASKED_AGAIN)
