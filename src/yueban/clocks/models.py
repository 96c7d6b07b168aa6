"""Legal clocks as rows, and the demo clock's offset."""

from django.db import models

from yueban.clocks.choices import ClockKind, ClockState
from yueban.kernel import clock


class Clock(models.Model):
    """One limit on one thing; day 0 is `started_on` (行政许可法 art. 82: working days)."""

    reference_kind = models.CharField(max_length=30)
    reference_number = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=ClockKind)
    basis = models.CharField(max_length=200)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=6)
    division_code = models.CharField(max_length=12)
    started_on = models.DateField()
    due_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    paused_on = models.DateField(null=True)
    paused_workdays = models.PositiveSmallIntegerField(default=0)
    # By how many working days an extension made the limit longer than `amount`.
    extended = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=ClockState, default=ClockState.RUNNING)
    ended_on = models.DateField(null=True)
    # Each at most once: a reminder before the last day, and the word that it has passed.
    reminded_on = models.DateField(null=True)
    missed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["reference_kind", "reference_number"], name="clock_by_reference"),
            # In the order in which lists show what is late: they walk it no further than they show.
            models.Index(
                fields=["due_on", "id"], name="clock_by_urgency", condition=models.Q(state="running")
            ),
            models.Index(
                fields=["due_on"],
                name="clock_not_yet_missed",
                condition=models.Q(state="running", missed_on=None),
            ),
            models.Index(
                fields=["kind", "due_on"],
                name="clock_not_yet_reminded",
                condition=models.Q(state="running", reminded_on=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number", "kind"],
                condition=models.Q(state__in=["running", "paused"]),
                name="one_live_clock_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference_number} {self.due_on}"

    @property
    def is_over(self) -> bool:
        """Whether it runs and its last day lies before today."""
        return self.state == ClockState.RUNNING and self.due_on < clock.today()


class DemoOffset(models.Model):
    """How far the demo clock runs ahead; at most one row, only with YUEBAN_DEMO_CLOCK."""

    seconds = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.seconds}s"
