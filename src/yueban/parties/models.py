"""People and enterprises, who may act as them, and who has looked at what is known of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Func, Value

from yueban.kernel.reference import Reference
from yueban.parties.choices import (
    EndReason,
    FactMethod,
    IdKind,
    Kin,
    MandateKind,
    MandateWay,
    PartyKind,
    Relation,
    TagKind,
)
from yueban.vault.models import SealedJSONField


class Party(models.Model):
    """A person or an enterprise: whoever asks something of the government."""

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=PartyKind)
    name = models.CharField(max_length=200)
    id_kind = models.CharField(max_length=24, choices=IdKind)
    # The identity number is encrypted; the blind index finds it again without storing it readable.
    id_cipher = models.BinaryField()
    id_index = models.BinaryField(unique=True)
    phone_cipher = models.BinaryField(null=True)
    division_code = models.CharField(max_length=12, blank=True, default="")
    born_on = models.DateField(null=True)
    # The day of death or deregistration; from then on nothing is granted to it.
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=16, choices=EndReason, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["division_code", "name"],
                name="party_by_place_and_name",
                opclasses=["text_pattern_ops", "text_ops"],
            )
        ]

    def __str__(self) -> str:
        return self.name


class Representation(models.Model):
    """A user may act as a party: as himself, or as the legal person of an enterprise."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="representations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="representations")
    relation = models.CharField(max_length=20, choices=Relation)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "party"], name="one_representation_each")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.relation} {self.party_id}"


class Profile(models.Model):
    """What one source says of a party: one row per (party, source), facts by data-element code."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="profiles")
    source = models.CharField(max_length=100)
    facts = SealedJSONField(default=dict)
    as_of = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "source"], name="one_profile_per_source")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.source}"


class FactSource(models.Model):
    """Who tells facts of enterprises; of two that speak of the same fact the one of the lower rank is believed."""

    name = models.CharField(max_length=100, unique=True)
    rank = models.PositiveSmallIntegerField()
    # What an authority holds may grant without an application; what an enterprise says of itself may not.
    is_authoritative = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class EnterpriseFacts(models.Model):
    """What one source says of an enterprise, from a day to a day; nothing of it is personal.

    A value that is null says nothing; ``{"absent": true}`` says that there is no such thing.
    """

    # The unique key below finds the rows of a party.
    party = models.ForeignKey(
        Party, on_delete=models.CASCADE, related_name="enterprise_facts", db_index=False
    )
    source = models.CharField(max_length=100)
    facts: models.JSONField[Any, dict[str, Any]] = models.JSONField(default=dict)
    as_of = models.DateField()
    # The last day on which it holds; none: until the source says otherwise.
    expires_on = models.DateField(null=True)
    confidence = models.PositiveSmallIntegerField(default=100)
    method = models.CharField(max_length=8, choices=FactMethod, default=FactMethod.IMPORT)
    # Rises with every write of any row, so that what was read before is known.
    edition = models.BigIntegerField(
        db_default=Func(Value("parties_facts_edition"), function="nextval"), editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "source"], name="one_row_of_facts_per_source"),
            models.CheckConstraint(
                condition=models.Q(confidence__lte=100), name="confidence_is_a_percentage"
            ),
        ]
        indexes = [models.Index(fields=["edition"], name="facts_by_edition")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.source}"


class Tag(models.Model):
    """标签: what an enterprise is called, who answers for the word, and by what rule or element it is told."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True, default="")
    # The kind of agency that answers for the definition.
    owner = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=TagKind)
    rule: models.JSONField[Any, dict[str, Any]] = models.JSONField(default=dict)
    element = models.CharField(max_length=100, blank=True, default="")
    # Tags that an enterprise must have before it can have this one.
    requires: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    description = models.CharField(max_length=500)

    class Meta:
        verbose_name = "标签"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.name


class Kinship(models.Model):
    """``relative`` is the child (parent, spouse, ward) of ``party``, as a register says."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="kin")
    relative = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    relation = models.CharField(max_length=8, choices=Kin)
    source = models.CharField(max_length=100)
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "relative"], name="one_kinship_each"),
            models.CheckConstraint(
                condition=~models.Q(party=models.F("relative")), name="nobody_is_his_own_relative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.relation} {self.relative_id}"


class Mandate(models.Model):
    """授权委托: a principal lets a person act for it, in these items, with these powers, from and to."""

    number = models.CharField(max_length=20, unique=True)
    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates")
    agent = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="mandates")
    # Who has no account and shows it on paper at a window.
    agent_party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="mandates_shown")
    agent_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=MandateKind)
    items: models.JSONField[Any, list[str]] = models.JSONField()
    powers: models.JSONField[Any, list[str]] = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    way = models.CharField(max_length=8, choices=MandateWay)
    signature = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12, blank=True, default="")
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=100, blank=True, default="")
    revoke_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["principal", "-created_at"], name="mandate_by_principal"),
            models.Index(
                fields=["agent", "ends_on"], name="mandate_by_agent", condition=models.Q(revoked_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="mandate_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(way=MandateWay.ONLINE) | models.Q(signature__isnull=False),
                name="mandate_on_paper_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(agent__isnull=False, agent_party=None)
                | models.Q(agent=None, agent_party__isnull=False, way=MandateWay.PAPER),
                name="mandate_is_held_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> Reference:
        """How the audit names it."""
        return Reference("mandate", self.number)

    def is_live(self, on: date) -> bool:
        """Whether it stands on the day: begun, not over, not revoked."""
        return self.revoked_at is None and self.starts_on <= on <= self.ends_on


class Look(models.Model):
    """Somebody of the staff saw data of a party: who, when, what, what for. Nothing changes a row."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    user_id_of_actor = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    agency_name = models.CharField(max_length=200, blank=True, default="")
    role = models.CharField(max_length=20, blank=True, default="")
    # The names of what was seen, never a value.
    what: models.JSONField[Any, list[str]] = models.JSONField()
    purpose = models.CharField(max_length=200)
    reference_kind = models.CharField(max_length=32, blank=True, default="")
    reference_number = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["party", "-at"], name="look_latest")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.actor_name} {self.at:%F}"
