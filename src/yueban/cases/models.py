"""Applications and cases."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from yueban.audit.services import Head
from yueban.cases.bundle_models import BundleApplication as BundleApplication
from yueban.cases.bundle_models import BundleCase as BundleCase
from yueban.cases.bundle_models import BundleChildCase as BundleChildCase
from yueban.cases.bundle_models import BundleFile as BundleFile
from yueban.cases.choices import (
    ApplicationState,
    CaseState,
    ExportState,
    MaterialState,
    RelayOutcome,
    RevocationKind,
    SpecialKind,
    SpecialState,
)
from yueban.vault.models import SealedJSONField


class Application(models.Model):
    """What a person fills in: saved as he types, submitted once."""

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="applications")
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    form = SealedJSONField(default=dict)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=10, default="portal")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    # Who filled it in for the person, at which counter or village point, and on which mandate.
    assisted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    assist_agency = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    assist_division = models.CharField(max_length=12, blank=True, default="")
    mandate_number = models.CharField(max_length=40, blank=True, default="")
    # 补办: the child of a 一件事 in whose place its case will stand.
    redoes = models.ForeignKey("cases.BundleChildCase", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party", "item_version", "assisted_by"],
                condition=models.Q(state="draft"),
                nulls_distinct=False,
                name="one_draft_per_item_and_party",
            ),
            models.CheckConstraint(
                condition=models.Q(assisted_by=None, assist_agency=None, assist_division="")
                | models.Q(assisted_by__isnull=False, assist_agency__isnull=False)
                & ~models.Q(assist_division=""),
                name="assistance_names_who_and_where",
            ),
        ]
        indexes = [models.Index(fields=["party", "state", "-saved_at"], name="application_by_party")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What is applied for."""
        return self.item_version.name


class ApplicationFile(models.Model):
    """A file put to one material of a draft; removing it before submission only marks the row."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="files")
    material_key = models.CharField(max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    # 材料复用: the matter in which the person handed it in before; empty for a file put up now.
    reused_from = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.application_id} {self.material_key}"


@dataclass(frozen=True, slots=True)
class LockedWith:
    """What was read with the lock of a case: the last event of its chain, and the calendar's edition."""

    head: Head
    edition: UUID | None


class Case(models.Model):
    """办件: one request of one party for one item, decided by one agency, on one item version."""

    locked_with: LockedWith | None = None
    number = models.CharField(max_length=30, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cases")
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    # These three have indexes of more columns, each in the order of its lists.
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    intake_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="cases", db_index=False)
    item_name = models.CharField(max_length=200)
    applicant_name = models.CharField(max_length=200)
    phone_tail = models.CharField(max_length=4, blank=True, default="")
    division_code = models.CharField(max_length=12)
    # Where it was handed in, and where the matter arises: a village's case may be decided by the county.
    intake_division = models.CharField(max_length=12)
    place_division = models.CharField(max_length=12)
    assisted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    mandate_number = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=16, choices=CaseState, default=CaseState.APPLIED)
    state_since = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    form = SealedJSONField(default=dict)
    facts = SealedJSONField(default=dict)
    supplements_asked = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)
    extended_on = models.DateField(null=True)
    # Where a special procedure leads back to; empty while none runs.
    resumes_to = models.CharField(max_length=16, choices=CaseState, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True, default="")
    delivered_at = models.DateTimeField(null=True)
    delivery_method = models.CharField(max_length=40, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # Whether it is a child of a 一件事: known with the case, so that an ordinary one asks nothing more.
    in_bundle = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="suspended") | ~models.Q(resumes_to=""),
                name="suspended_case_knows_where_back",
            )
        ]
        indexes = [
            models.Index(fields=["party", "-applied_at"], name="case_by_party"),
            models.Index(fields=["agency", "state", "-applied_at"], name="case_by_agency"),
            models.Index(fields=["division_code", "state", "-applied_at"], name="case_by_division"),
            models.Index(fields=["intake_agency", "-applied_at", "-id"], name="case_newest_of_intake"),
            models.Index(fields=["-applied_at", "-id"], name="case_newest"),
            models.Index(fields=["agency", "-applied_at", "-id"], name="case_newest_of_agency"),
            models.Index(
                fields=["agency", "decided_at"],
                name="case_by_decision",
                condition=models.Q(decided_at__isnull=False),
            ),
            models.Index(fields=["state", "-applied_at", "-id"], name="case_by_state"),
            models.Index(fields=["item_name", "-applied_at", "-id"], name="case_by_item_name"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseMaterial(models.Model):
    """One required material and how it stands; how it was satisfied is in certificates.Satisfaction."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=20)
    is_required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=MaterialState, default=MaterialState.PENDING)
    note = models.CharField(max_length=500, blank=True, default="")
    detail = models.JSONField(default=dict)
    # 容缺: the day until which the applicant owes it; kept after he has supplied it.
    owed_until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="one_material_per_key")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class MaterialFile(models.Model):
    """A file handed in for one material of a case; a later one replaces, the earlier one stays readable."""

    material = models.ForeignKey(CaseMaterial, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.material_id} {self.file_id}"


class Supplement(models.Model):
    """一次性告知: all that is missing, told once, and the answer to it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplements")
    items = models.JSONField()
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on}"


class SupplementAllowance(models.Model):
    """再次补正: a supervisor lets the window ask once more, with his reason; used by the next notice."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplement_allowances")
    reason = models.TextField()
    granted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(used_at=None), name="one_unused_allowance_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.granted_at}"


class SpecialProcedure(models.Model):
    """特别程序: an extension of the limit (kind 1), or time that is not counted (kind 2), told in writing."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="special_procedures")
    kind = models.CharField(max_length=1, choices=SpecialKind)
    name = models.CharField(max_length=100)
    reason = models.TextField()
    basis = models.CharField(max_length=200)
    planned_days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=SpecialState)
    asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(null=True)
    planned_end_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=200, blank=True, default="")
    opinion = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="running"), name="one_running_procedure_per_case"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(kind="1", state__in=["asked", "ended"]),
                name="one_extension_per_case",
            ),
            models.CheckConstraint(
                condition=models.Q(started_on=None) | models.Q(planned_end_on__gte=models.F("started_on")),
                name="procedure_days_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_end_on"], name="procedure_running", condition=models.Q(state="running")
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class Hearing(models.Model):
    """听证: told of the right, asked for in five days, organised in twenty, announced seven days before."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hearings")
    procedure = models.OneToOneField(
        SpecialProcedure, null=True, on_delete=models.CASCADE, related_name="hearing"
    )
    reason = models.TextField()
    told_on = models.DateField()
    ask_until = models.DateField()
    asked_at = models.DateTimeField(null=True)
    organise_until = models.DateField(null=True)
    held_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True, default="")
    announced_on = models.DateField(null=True)
    waived_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(asked_at=None, waived_on=None),
                name="one_open_hearing_right_per_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.told_on}"


class Revocation(models.Model):
    """撤销 or 注销 of what was granted: by the decider, with reason and basis, on a document of its own."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="revocation")
    kind = models.CharField(max_length=10, choices=RevocationKind)
    reason = models.TextField()
    basis = models.CharField(max_length=200)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Command(models.Model):
    """A command that was carried out, kept under its key so that a repeated request changes nothing."""

    key = models.CharField(max_length=80, unique=True)
    user_id_of_actor = models.BigIntegerField(null=True)
    name = models.CharField(max_length=40)
    reference_number = models.CharField(max_length=60)
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.reference_number}"


class NumberCounter(models.Model):
    """The last serial number given out per division and day."""

    division6 = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division6", "day"], name="one_counter_per_division_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.division6} {self.day} {self.last}"


class ProgressAttempt(models.Model):
    """A failed look-up of progress without sign-in; five per number and hour."""

    number = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["number", "at"], name="attempt_by_number")]

    def __str__(self) -> str:
        return self.number


class Relay(models.Model):
    """系统填报: a case typed into a running system, its number there and what that system says."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="relay")
    system = models.SlugField(max_length=60)
    system_name = models.CharField(max_length=200)
    receipt_number = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # The system's own word, and what it comes to.
    status = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=RelayOutcome, default=RelayOutcome.PENDING)
    status_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "receipt_number"], name="one_case_per_receipt_number")
        ]

    def __str__(self) -> str:
        return self.receipt_number


class CaseExport(models.Model):
    """导出: a long list of cases that the worker writes into one file, for the one who asked and for some days."""

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    # What the list was narrowed to may hold somebody's name.
    filters = SealedJSONField(default=dict)
    filters_index = models.BinaryField()
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    total = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    # Which try writes it: what an earlier one still brings is not taken.
    attempt = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "filters_index"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_export_of_a_list_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", file__isnull=False, made_at__isnull=False)
                | ~models.Q(state="done") & models.Q(file=None, made_at=None),
                name="only_a_whole_export_has_a_file",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="export_by_expiry")]

    def __str__(self) -> str:
        return self.number
