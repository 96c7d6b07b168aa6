"""What happened, who listens, and what is on its way; none of it names a person."""

from __future__ import annotations

from typing import Any

from django.db import models

from yueban.webhooks.choices import DeliveryState, SubscriptionState


class Listener(models.Model):
    """An agency whose systems read events; without any, nothing is kept for them."""

    agency_code = models.CharField(max_length=60, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.agency_code


class Outgoing(models.Model):
    """One audited event of a case, copied by a trigger in its own transaction until it is sorted out."""

    event_id = models.BigIntegerField(unique=True)
    case_number = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    state = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_number} {self.seq} {self.kind}"


class Occurrence(models.Model):
    """What other systems are told: written by one dispatcher at a time, so that ids follow the order of commits."""

    event_id = models.BigIntegerField(unique=True)
    case_number = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    kept_at = models.DateTimeField()
    data: models.JSONField[Any, dict[str, Any]] = models.JSONField()
    # Whose case it is: the agency that decides, the one that took it in, and where each stands.
    agency_code = models.CharField(max_length=60)
    intake_agency_code = models.CharField(max_length=60)
    division_code = models.CharField(max_length=12)
    intake_division = models.CharField(max_length=12)

    class Meta:
        indexes = [
            models.Index(fields=["agency_code", "id"], name="occurrence_by_agency"),
            models.Index(fields=["intake_agency_code", "id"], name="occurrence_by_intake"),
            models.Index(fields=["kept_at"], name="occurrence_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.seq} {self.kind}"


class Subscription(models.Model):
    """An address to which a key's events are pushed, signed with a secret of its own."""

    number = models.CharField(max_length=20, unique=True)
    # Keys lie above: a subscription names its key and its agency by their codes.
    key_prefix = models.CharField(max_length=12)
    agency_code = models.CharField(max_length=60)
    address = models.CharField(max_length=500)
    # Kinds of events; none means all.
    kinds: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    secret_cipher = models.BinaryField()
    state = models.CharField(
        max_length=10, choices=SubscriptionState, default=SubscriptionState.ACTIVE, db_index=True
    )
    created_at = models.DateTimeField()
    # How often in a row the receiver failed, and until when it is left in peace.
    failures = models.PositiveIntegerField(default=0)
    hold_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    why_paused = models.CharField(max_length=200, blank=True, default="")
    why_ended = models.CharField(max_length=200, blank=True, default="")
    last_success_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["key_prefix", "-created_at"], name="subscription_by_key")]

    def __str__(self) -> str:
        return f"{self.number} {self.address}"


class Delivery(models.Model):
    """One event on its way to one address."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="deliveries")
    case_number = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    try_until = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_fault = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "occurrence"], name="one_delivery_an_event")
        ]
        indexes = [
            models.Index(
                fields=["subscription", "case_number", "id"],
                name="delivery_waiting",
                condition=models.Q(state=DeliveryState.PENDING),
            ),
            models.Index(fields=["subscription", "-id"], name="delivery_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.occurrence_id} {self.state}"
