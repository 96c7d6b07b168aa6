"""What matching has found, by run, so that any past match can be explained; the table itself lies in files.

A full or clause run writes bits of everybody, one row an offer; a run over changed enterprises writes only what has
become different. Who matches now: the newest bits of an offer with the changes after them.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from yueban.matching.choices import QUIET_FROM, QUIET_UNTIL, PushFit, PushState, RunKind


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


class Segment(models.Model):
    """人群包: a choice of enterprises by tags, place and size, kept under a name by an agency and used again."""

    agency_code = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # As `segments.Choice` reads it.
    chosen: models.JSONField[Any, dict[str, Any]] = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "name"], name="one_segment_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PushSend(models.Model):
    """推送任务: a person of the staff has an offer told to a choice of enterprises; a job lists and tells them."""

    number = models.CharField(max_length=30, unique=True)
    offer_key = models.CharField(max_length=60)
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    chosen: models.JSONField[Any, dict[str, Any]] = models.JSONField(default=dict)
    # How many were chosen when the job began, how many of them it has listed, and when it was through.
    total = models.PositiveIntegerField(null=True)
    listed = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["made_by", "key"], name="one_send_a_click")]
        indexes = [models.Index(fields=["offer_key", "-made_at"], name="send_by_offer")]

    def __str__(self) -> str:
        return self.number


class Push(models.Model):
    """An enterprise is told of an offer: once a year, by whichever version of the offer."""

    party = models.ForeignKey("parties.Party", on_delete=models.CASCADE, related_name="+")
    offer_key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    # The kind of agency that answers for the offer: by it an enterprise chooses what it wants to hear of.
    topic = models.CharField(max_length=60, blank=True, default="")
    # How the enterprise stood to the offer when it was listed.
    fit = models.CharField(max_length=8, choices=PushFit, default=PushFit.MEETS)
    # Listed by itself, because it meets the offer, where none.
    send = models.ForeignKey(PushSend, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
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
            models.Index(fields=["send"], name="push_by_send", condition=models.Q(send__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.offer_key} {self.year}"


class PushSetting(models.Model):
    """What an enterprise wants to be told of, and when; without a row it is told of everything by day.

    Its own page shows it every offer all the same.
    """

    party = models.OneToOneField("parties.Party", on_delete=models.CASCADE, related_name="+")
    # Told of nothing since then.
    refused_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    # Kinds of agencies of whose offers it is not told.
    muted: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    # Hours of Beijing between which nothing comes: from the evening to the morning, never shorter than for all.
    quiet_from = models.PositiveSmallIntegerField(default=QUIET_FROM)
    quiet_until = models.PositiveSmallIntegerField(default=QUIET_UNTIL)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # As it stood before the last change, to be taken back.
    before: models.JSONField[Any, dict[str, Any] | None] = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    quiet_from__lte=QUIET_FROM,
                    quiet_until__gte=QUIET_UNTIL,
                    quiet_from__gt=models.F("quiet_until"),
                ),
                name="quiet_hours_only_widen",
            )
        ]

    def __str__(self) -> str:
        return str(self.party_id)
