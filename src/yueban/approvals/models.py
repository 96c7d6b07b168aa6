"""待办: one piece of work for one role of one agency, about anything that has a Reference."""

from django.db import models

from yueban.approvals.choices import InspectionState, NoticeState, TaskKind, TaskOutcome, TaskState


class Task(models.Model):
    """A task; its title and applicant are copied from the subject so that the inbox is one indexed query."""

    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=TaskKind)
    stage = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    applicant_name = models.CharField(max_length=200)
    checks = models.JSONField(default=list)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    division_code = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=TaskState, default=TaskState.OPEN)
    days = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    taken_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=TaskOutcome, blank=True, default="")
    opinion = models.TextField(blank=True, default="")
    answers = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)
    # Whom the person who finished it stood in for.
    done_for = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Who handed it on, sent it back or asked for it, and with which words.
    sent_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sent_words = models.TextField(blank=True, default="")
    # The finished attempt that this one repeats.
    returned_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="attempts")
    # Tasks that belong together: the signatures of one countersigning, the officers of one inspection.
    group = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "role", "due_on", "id"], name="task_inbox", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["agency", "done_at"], name="task_done_at_agency", condition=models.Q(state="done")
            ),
            models.Index(fields=["reference_kind", "reference_number"], name="task_by_reference"),
            models.Index(fields=["done_by", "-done_at"], name="task_done_by"),
            models.Index(
                fields=["division_code", "due_on"], name="task_by_division", condition=models.Q(state="open")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False), name="done_task_has_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.reference_number}"


class PublicNotice(models.Model):
    """公示: what is about to be decided, shown to everybody for some working days; one task of a route."""

    number = models.CharField(max_length=20, unique=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="notice")
    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    # Rows of [label, text] as everybody may read them: names, masked tails, never a phone.
    lines = models.JSONField(default=list)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    published_on = models.DateField()
    ends_on = models.DateField()
    remove_on = models.DateField()
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.RUNNING)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["ends_on"], name="notice_running", condition=models.Q(state="running")),
            models.Index(fields=["reference_kind", "reference_number"], name="notice_by_reference"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("published_on"), remove_on__gte=models.F("ends_on")),
                name="notice_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Objection(models.Model):
    """异议: somebody's words against what a notice announces; its task is answered with reasons."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    number = models.CharField(max_length=24, unique=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="objection")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    objector_name = models.CharField(max_length=100)
    contact_cipher = models.BinaryField()
    text = models.TextField()
    made_at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "key"], condition=~models.Q(key=""), name="one_objection_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Substitution(models.Model):
    """代岗: who stands in for a colleague on leave, from which day to which; both names go with every act."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)
    named_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["substitute", "ends_on"],
                name="substitution_running",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(fields=["user", "ends_on"], name="substitution_of_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="substitution_days_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("substitute")), name="nobody_stands_in_for_himself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.user_id} {self.starts_on} {self.ends_on}"


class Phrase(models.Model):
    """常用语: words an office writes again and again; with an owner only his own, at a step only there."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    # The kind of task it is for; empty for all.
    kind = models.CharField(max_length=12, choices=TaskKind, blank=True, default="")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    uses = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "text", "owner"],
                nulls_distinct=False,
                name="a_phrase_is_kept_once",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Inspection(models.Model):
    """现场核查: what two officers found at a place, written by the first and confirmed by both."""

    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="inspection")
    lead = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=InspectionState, default=InspectionState.DRAFT)
    place = models.CharField(max_length=200, blank=True, default="")
    inspected_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=list)
    finding = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=12, choices=TaskOutcome, blank=True, default="")
    # Who was there for the applicant, and his signature as strokes on a pad.
    attended_by = models.CharField(max_length=100, blank=True, default="")
    signature = models.JSONField(default=list)
    lead_confirmed_at = models.DateTimeField(null=True)
    second_confirmed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="confirmed")
                | models.Q(lead_confirmed_at__isnull=False, second_confirmed_at__isnull=False)
                & ~models.Q(lead=models.F("second")),
                name="two_officers_confirm",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.place}"


class InspectionPhoto(models.Model):
    """A picture taken at the place; where it was taken is typed, what the camera knew is stripped."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True, default="")
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.caption}"
