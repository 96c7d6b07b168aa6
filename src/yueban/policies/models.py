"""Policies and their versions, offers and theirs, the gates before a signature, dated parameters."""

from django.conf import settings
from django.db import models

from yueban.policies.choices import (
    UNSIGNED,
    GateKind,
    GateOutcome,
    OfferState,
    PolicyLevel,
    PolicyState,
    Redemption,
)


class Policy(models.Model):
    """A policy document (政策文件) as it is known; its words stand in its versions."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    document_number = models.CharField(max_length=100, blank=True, default="")
    level = models.CharField(max_length=10, choices=PolicyLevel)
    division_code = models.CharField(max_length=12)
    issuers = models.JSONField(default=list)
    # Whose editors keep it; the editors of the government-services agency where nobody is named.
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["division_code"], name="policy_by_division")]

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """One version of a policy's text with its dates; ``expires_on`` is its last day, None = open."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    text_sha = models.CharField(max_length=64)
    definition = models.JSONField()
    written_on = models.DateField(null=True)
    published_on = models.DateField(null=True)
    effective_on = models.DateField()
    expires_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=PolicyState, default=PolicyState.PUBLISHED)
    # 机器识别: the text was read from pictures and must be compared with the original.
    is_machine_read = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}:{self.number}"


class Offer(models.Model):
    """An offer (惠企事项) of a policy; what it asks and gives stands in its versions."""

    key = models.SlugField(max_length=60, unique=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="offers")

    def __str__(self) -> str:
        return self.key


class OfferVersion(models.Model):
    """One version of an offer; what was signed never changes (a trigger refuses it).

    In force on a day: signed, and the day between ``in_force_from`` and ``in_force_to`` (its last day, None = open).
    A draft may be unsound: then ``definition`` is what was typed. ``spans`` say which words of the policy's text
    each field was read from: rows of ``{"for", "start", "end"}``, places in the text of ``policy_version``.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="versions")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="offer_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.DRAFT)
    name = models.CharField(max_length=500)
    redemption = models.CharField(max_length=10, choices=Redemption)
    department_kind = models.CharField(max_length=60)
    clause = models.CharField(max_length=500)
    definition = models.JSONField()
    spans = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Everybody who ever saved it: none of them examines or signs it.
    writers = models.JSONField(default=list)
    # What the reader left open or was told about the draft: confidence, reasons, which reader.
    reading = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_name = models.CharField(max_length=100, blank=True, default="")
    # What the signer was shown: who would match, what it would cost, what it overlaps.
    backtest = models.JSONField(null=True)
    # Why it was returned or withdrawn.
    words = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["in_force_from"], name="offer_version_in_force", condition=models.Q(state="signed")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="offer_version_numbered_once"),
            models.UniqueConstraint(
                fields=["offer"],
                condition=models.Q(state__in=[str(state) for state in UNSIGNED]),
                name="one_unsigned_version_of_an_offer",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in UNSIGNED])
                | models.Q(signed_at__isnull=False, in_force_from__isnull=False),
                name="signed_offer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第{self.number}版"


class Gate(models.Model):
    """One examination (审查关) of a version as it was submitted; a new submission asks anew."""

    offer_version = models.ForeignKey(OfferVersion, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField(max_length=10, choices=GateKind)
    content_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=GateOutcome, blank=True, default="")
    # The negative list, point by point: rows of {"key", "answer", "words"}.
    answers = models.JSONField(default=list)
    opinion = models.TextField(blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer_version", "kind"], name="one_gate_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.offer_version_id}:{self.kind}"


class Parameter(models.Model):
    """A figure that offers speak of by name and that changes with time: the value from a day on."""

    name = models.SlugField(max_length=60)
    from_on = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "from_on"], name="one_parameter_value_a_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.from_on}"
