"""工单: what a person must answer, with what was promised; later every closed loop stands here."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from yueban.kernel.reference import Reference
from yueban.tickets.choices import EntryKind, TicketKind, TicketState, Urgency
from yueban.vault.models import SealedJSONField


class Ticket(models.Model):
    """One question that waits for a person; the texts come masked, the phone is encrypted.

    ``promised_at`` is a moment of the clock on the wall (minutes of an open hall), not a legal limit in working
    days: it stands here and not in ``clocks``.
    """

    number = models.CharField(max_length=20, unique=True)
    idempotency_key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=TicketKind)
    state = models.CharField(max_length=10, choices=TicketState, default=TicketState.OPEN)
    subject_kind = models.CharField(max_length=30)
    subject_number = models.CharField(max_length=64)
    division_code = models.CharField(max_length=12)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    asker_party = models.ForeignKey("parties.Party", null=True, on_delete=models.PROTECT, related_name="+")
    asker_name = models.CharField(max_length=200, blank=True, default="")
    # Digest of the code with which somebody without an account comes back; empty for whoever has signed in.
    access_digest = models.CharField(max_length=64, blank=True, default="")
    phone_cipher = models.BinaryField(null=True)
    question = models.TextField()
    transcript: models.JSONField[Any, list[dict[str, Any]]] = SealedJSONField(default=list)
    draft = models.TextField(blank=True, default="")
    citations: models.JSONField[Any, list[dict[str, Any]]] = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.ORDINARY)
    opened_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    # What was promised first: asking again is promised anew.
    first_promised_at = models.DateTimeField()
    taken_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    sources: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    reopened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    is_satisfied = models.BooleanField(null=True)
    became_question = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=TicketState.TAKEN) | Q(taken_by__isnull=False),
                name="a_taken_ticket_has_a_taker",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TicketState.ANSWERED, TicketState.CLOSED])
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="an_answered_ticket_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(promised_at__gte=F("opened_at")), name="a_ticket_is_promised_after_it_is_opened"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "urgency", "promised_at"], name="ticket_queue"),
            models.Index(fields=["division_code", "state", "promised_at"], name="ticket_by_division"),
            models.Index(
                fields=["promised_at"],
                condition=Q(state__in=[TicketState.OPEN, TicketState.TAKEN]),
                name="ticket_overdue",
            ),
            models.Index(fields=["taken_by", "state"], name="ticket_by_taker"),
            models.Index(fields=["asker", "-opened_at"], name="ticket_by_asker"),
            models.Index(fields=["subject_kind", "subject_number"], name="ticket_by_subject"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> Reference:
        """How messages and the audit name it."""
        return Reference("ticket", self.number)

    @property
    def is_urgent(self) -> bool:
        """Whether it comes before the others."""
        return self.urgency == Urgency.URGENT


class TicketEntry(models.Model):
    """What was said or done in a ticket, in its words; the chained events of the audit hold no texts."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=EntryKind)
    text = models.TextField(blank=True, default="")
    sources: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200, blank=True, default="")
    agency_name = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="ticket_entry_by_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"


class TicketCounter(models.Model):
    """The last serial number given on a day."""

    day = models.DateField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.last}"


class WrongCode(models.Model):
    """A failed try to open a ticket by code; ``asked_from`` is a keyed digest of the address."""

    asked_from = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["asked_from", "at"], name="wrong_ticket_code_by_address")]

    def __str__(self) -> str:
        return f"{self.asked_from[:8]} {self.at}"
