"""政策申报: what an enterprise claims of an offer, and the lists by which support is given without application."""

from django.db import models

from yueban.claims.choices import GIVEN, LIVE, ClaimState, EntryState, ListState, Way
from yueban.kernel.reference import Reference


class Claim(models.Model):
    """One enterprise's claim of one offer for one year (and project), with what it was decided on."""

    number = models.CharField(max_length=30, unique=True)
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    offer_key = models.CharField(max_length=60)
    offer_name = models.CharField(max_length=500)
    way = models.CharField(max_length=10, choices=Way)
    state = models.CharField(max_length=10, choices=ClaimState)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    party_name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    project = models.CharField(max_length=100, blank=True, default="")
    # The group whose offers exclude each other, and what they are not given twice for.
    group = models.CharField(max_length=60, blank=True, default="")
    exclusion = models.CharField(max_length=180)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    computed = models.JSONField(default=dict)
    # What the enterprise said itself, by element, where no authority knows it.
    stated = models.JSONField(default=dict)
    # Facts with their sources and the explanation, as they were when it was handed in and when it was decided.
    facts = models.JSONField(default=dict)
    explanation = models.JSONField(default=dict)
    decided_facts = models.JSONField(default=dict)
    decided_explanation = models.JSONField(default=dict)
    account_cipher = models.BinaryField()
    account_tail = models.CharField(max_length=4)
    account_changed_at = models.DateTimeField(null=True)
    consent_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    checked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    budget_line = models.CharField(max_length=60, blank=True, default="")
    promised_on = models.DateField(null=True)
    # 补正, asked once: what is to be mended in words, which materials and figures anew, and by which day.
    correction = models.JSONField(default=dict)
    correct_by = models.DateField(null=True)
    corrected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["party", "-submitted_at"], name="claim_by_party"),
            models.Index(fields=["agency", "state", "-submitted_at"], name="claim_by_agency"),
            models.Index(fields=["division_code", "-submitted_at"], name="claim_by_division"),
            models.Index(
                fields=["budget_line", "year"], name="claim_to_pay", condition=models.Q(state="agreed")
            ),
            models.Index(fields=["correct_by"], name="claim_to_mend", condition=models.Q(state="correcting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "exclusion"],
                condition=models.Q(state__in=LIVE),
                name="one_live_claim_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["party", "key"], condition=~models.Q(key=""), name="one_claim_per_key"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="claim_amount_not_negative"),
            models.CheckConstraint(
                condition=~models.Q(state__in=GIVEN) | models.Q(amount__gt=0),
                name="what_is_agreed_is_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("checked_by")), name="claim_decider_is_not_checker"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="correcting")
                | models.Q(correct_by__isnull=False, corrected_at=None),
                name="what_is_mended_has_a_day_and_is_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> Reference:
        """How tasks, clocks, budgets and the audit name it."""
        return Reference("claim", self.number)


class ClaimFile(models.Model):
    """A material that data cannot give, handed in with a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="files")
    material = models.CharField(max_length=500)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    # Another was handed in for it when the claim was mended.
    replaced_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.material}"


class AutoList(models.Model):
    """免申即享名单: who meets every condition on authoritative data; made, looked at again, announced, asked."""

    number = models.CharField(max_length=30, unique=True)
    offer_version = models.ForeignKey("policies.OfferVersion", on_delete=models.PROTECT, related_name="+")
    offer_key = models.CharField(max_length=60)
    offer_name = models.CharField(max_length=500)
    year = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    budget_line = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=10, choices=ListState, default=ListState.MADE)
    # How many were looked at, and of them not listed because something is not known.
    looked_at = models.PositiveIntegerField(default=0)
    not_known = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    checked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    # The last day to consent; set when the notice is over.
    consent_until = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-made_at"], name="auto_list_by_agency"),
            models.Index(fields=["division_code", "-made_at"], name="auto_list_by_division"),
            models.Index(
                fields=["consent_until"], name="auto_list_asking", condition=models.Q(state="asking")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(checked_by=models.F("made_by")), name="list_checker_is_not_maker"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[ListState.MADE, ListState.DROPPED])
                | models.Q(checked_by__isnull=False),
                name="no_list_is_announced_unchecked",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> Reference:
        """How tasks and the audit name it."""
        return Reference("auto-list", self.number)


class AutoEntry(models.Model):
    """One enterprise of a list: how much, why, and whether it wants it."""

    auto_list = models.ForeignKey(AutoList, on_delete=models.CASCADE, related_name="entries")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    party_name = models.CharField(max_length=200)
    offer_key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    computed = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    explanation = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=EntryState, default=EntryState.LISTED)
    reason = models.CharField(max_length=500, blank=True, default="")
    account_cipher = models.BinaryField(null=True)
    account_tail = models.CharField(max_length=4, blank=True, default="")
    account_changed_at = models.DateTimeField(null=True)
    consented_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    consented_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    # It stood on the public notice; what was not announced is not asked.
    is_announced = models.BooleanField(default=False)
    claim = models.OneToOneField(Claim, null=True, on_delete=models.PROTECT, related_name="entry")

    class Meta:
        indexes = [
            models.Index(fields=["party", "-id"], name="auto_entry_by_party"),
            models.Index(fields=["party"], name="auto_entry_held", condition=models.Q(state="held")),
            models.Index(
                fields=["consented_at", "id"], name="auto_entry_queued", condition=models.Q(state="queued")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "offer_key", "year"],
                condition=~models.Q(state__in=[EntryState.REMOVED]),
                name="listed_once_a_year",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="what_is_listed_is_something"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[EntryState.CONSENTED, EntryState.QUEUED])
                | models.Q(consented_at__isnull=False, account_cipher__isnull=False),
                name="silence_is_not_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auto_list_id} {self.party_name}"
