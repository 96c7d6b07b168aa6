"""What matching has found, by run, so that any past match can be explained; the table itself lies in files.

A full or clause run writes bits of everybody, one row an offer; a run over changed enterprises writes only what has
become different. Who matches now: the newest bits of an offer with the changes after them.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from yueban.matching.choices import PushState, RunKind


class MatchState(models.Model):
    """Which table stands: one row, locked by whoever changes it. ``stamp`` names its file."""

    stamp = models.UUIDField(default=uuid.uuid4)
    edition = models.PositiveBigIntegerField(default=0)
    on_day = models.DateField()
    slots = models.PositiveIntegerField(default=0)
    built_at = models.DateTimeField()
    # The edition from which on what the table said is known: a lost file takes what it said with it.
    kept_from = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_match_state")]

    def __str__(self) -> str:
        return f"{self.edition} {self.on_day}"


class SlotPart(models.Model):
    """Whose the slots from ``first`` on are, as they were given away; a slot is never given again."""

    first = models.PositiveIntegerField(unique=True)
    # Ids of parties, eight bytes each, compressed.
    parties = models.BinaryField()
    many = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.first} {self.many}"


class MatchRun(models.Model):
    """One run: over which edition of the table, on which day, of how many enterprises and offers."""

    kind = models.CharField(max_length=8, choices=RunKind)
    edition = models.PositiveBigIntegerField()
    on_day = models.DateField()
    at = models.DateTimeField()
    enterprises = models.PositiveIntegerField()
    offers = models.PositiveIntegerField()
    # Offers whose conditions could not be read, with the reason: they are left out, never guessed.
    unreadable: models.JSONField[Any, dict[str, str]] = models.JSONField(default=dict)
    cpu_ms = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="match_run_latest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.on_day}"


class MatchResult(models.Model):
    """Of every slot of the table whether its enterprise meets an offer, and whether too little is known."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="results")
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    slots = models.PositiveIntegerField()
    # Packed bits, compressed.
    true_bits = models.BinaryField()
    unknown_bits = models.BinaryField()
    true_count = models.PositiveIntegerField()
    unknown_count = models.PositiveIntegerField()
    near_count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "offer_version"], name="one_match_result_a_run")
        ]
        indexes = [models.Index(fields=["offer_version", "-run"], name="match_result_latest")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.offer_version_id}"


class MatchChange(models.Model):
    """An enterprise stands otherwise to an offer since this run."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="changes")
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.CASCADE, related_name="+")
    slot = models.PositiveIntegerField()
    # 1 meets it, 0 does not, null: too little is known.
    value = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "offer_version", "party"], name="one_match_change_a_run")
        ]
        indexes = [models.Index(fields=["offer_version", "run"], name="match_change_by_offer")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.offer_version_id} {self.party_id}"


class ReplacedFacts(models.Model):
    """What the table said of an enterprise until this edition replaced it, with the source of each fact."""

    party = models.ForeignKey("parties.Party", on_delete=models.CASCADE, related_name="+")
    edition = models.PositiveBigIntegerField()
    facts: models.JSONField[Any, dict[str, Any]] = models.JSONField()
    sources: models.JSONField[Any, dict[str, str]] = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "edition"], name="replaced_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.edition}"


class ChangedParty(models.Model):
    """An enterprise whose facts have changed since the table was written; a run takes it away. Without one: all."""

    party = models.ForeignKey("parties.Party", null=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.party_id)


class Push(models.Model):
    """An enterprise is told of an offer it meets: once a year, by whichever version of the offer."""

    party = models.ForeignKey("parties.Party", on_delete=models.CASCADE, related_name="+")
    offer_key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=PushState, default=PushState.WAITING)
    listed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "offer_key", "year"], name="one_push_a_year"),
            models.CheckConstraint(
                condition=models.Q(state="waiting") ^ models.Q(sent_at__isnull=False),
                name="sent_push_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["listed_at"], name="push_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["party", "-sent_at"], name="push_by_party"),
            models.Index(fields=["offer_key", "year"], name="push_by_offer"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.offer_key} {self.year}"


class PushRefusal(models.Model):
    """An enterprise that wants to be told of no offers; its own page shows them all the same."""

    party = models.OneToOneField("parties.Party", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.party_id)
