"""待办: one piece of work for one role of one agency, about anything that has a Reference."""

from django.db import models

from yueban.approvals.choices import NoticeState, TaskKind, TaskOutcome, TaskState


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
    done_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=TaskOutcome, blank=True, default="")
    opinion = models.TextField(blank=True, default="")
    answers = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "role", "due_on", "id"], name="task_inbox", condition=models.Q(state="open")
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
