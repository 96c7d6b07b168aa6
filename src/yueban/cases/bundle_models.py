"""一件事: what is filled in once for several items, the parent case it becomes, and its children.

A child is an ordinary application with an ordinary case; the row here says what it waits for and what came of it.
"""

from django.db import models

from yueban.cases.choices import ApplicationState, BundleState, ChildOutcome, ChildState
from yueban.vault.models import SealedJSONField


class BundleApplication(models.Model):
    """What a person fills in once for all items of a bundle: saved as he types, submitted once."""

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="bundle_applications")
    bundle_version = models.ForeignKey("catalogue.BundleVersion", on_delete=models.PROTECT, related_name="+")
    # Keys of the items it asks for: a mandate must cover each of them.
    item_keys = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    form = SealedJSONField(default=dict)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=10, default="portal")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    assisted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    assist_agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    assist_division = models.CharField(max_length=12, blank=True, default="")
    mandate_number = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party", "bundle_version", "assisted_by"],
                condition=models.Q(state="draft"),
                nulls_distinct=False,
                name="one_draft_per_bundle_and_party",
            ),
            models.CheckConstraint(
                condition=models.Q(assisted_by=None, assist_agency=None, assist_division="")
                | models.Q(assisted_by__isnull=False, assist_agency__isnull=False)
                & ~models.Q(assist_division=""),
                name="bundle_assistance_names_who_and_where",
            ),
        ]
        indexes = [models.Index(fields=["party", "state", "-saved_at"], name="bundle_application_by_party")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What is applied for."""
        return self.bundle_version.name


class BundleFile(models.Model):
    """A file put to one merged material of a draft; it serves every child that asks for this material."""

    application = models.ForeignKey(BundleApplication, on_delete=models.CASCADE, related_name="files")
    material_key = models.CharField(max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    # 材料复用: the case with which it was handed in before; empty for a new one.
    reused_from = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.application_id} {self.material_key}"


class BundleCase(models.Model):
    """一件事办件: the parent of ordinary cases; it has a number and a state, and decides nothing itself."""

    number = models.CharField(max_length=30, unique=True)
    application = models.OneToOneField(BundleApplication, on_delete=models.PROTECT, related_name="case")
    bundle_version = models.ForeignKey("catalogue.BundleVersion", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="bundle_cases")
    name = models.CharField(max_length=200)
    applicant_name = models.CharField(max_length=200)
    item_keys = models.JSONField(default=list)
    division_code = models.CharField(max_length=12)
    intake_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    intake_division = models.CharField(max_length=12)
    assisted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    mandate_number = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, choices=BundleState, default=BundleState.OPEN)
    state_since = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # 同步发证: the last day on which a granted child is held back for its siblings.
    hold_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["party", "-submitted_at"], name="bundle_case_by_party"),
            models.Index(fields=["intake_agency", "-submitted_at"], name="bundle_case_by_intake"),
            models.Index(
                fields=["hold_until"],
                name="bundle_case_holding",
                condition=models.Q(hold_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BundleChildCase(models.Model):
    """One child: which of the bundle's items, for which row of a repeated section, and the case once it has begun."""

    bundle_case = models.ForeignKey(BundleCase, on_delete=models.CASCADE, related_name="children")
    child_key = models.CharField(max_length=80)
    # The row of the repeated section it stands for; 0 where there is one case for the whole.
    row = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)
    item_key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="bundle_child"
    )
    state = models.CharField(max_length=12, choices=ChildState, default=ChildState.WAITING)
    outcome = models.CharField(max_length=12, choices=ChildOutcome, blank=True, default="")
    # Keys of the children whose outcome it waits for.
    waits_for = models.JSONField(default=list)
    why = models.CharField(max_length=500, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle_case", "child_key", "row"], name="one_child_per_row"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "not_started"], case=None)
                | models.Q(state__in=["started", "ended"], case__isnull=False),
                name="a_begun_child_has_its_case",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(held_at__isnull=False),
                name="only_what_was_held_is_released",
            ),
        ]
        indexes = [
            models.Index(
                fields=["bundle_case"], name="bundle_child_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.bundle_case_id} {self.child_key}"

    @property
    def is_held(self) -> bool:
        """Whether its result waits for its siblings (同步发证)."""
        return self.held_at is not None and self.released_at is None
