"""Precheck: what a machine saw in one uploaded file. It advises, a person decides."""

from datetime import timedelta
from typing import Final

from django.db import models

from yueban.kernel import clock
from yueban.prechecks.choices import PrecheckState

# A page asks again for so long; later the answer shows when it is opened anew.
WATCHED: Final = timedelta(seconds=60)


class Precheck(models.Model):
    """机器预检 of one file: the doubts only, names and numbers in them masked; what was read is not kept."""

    file = models.OneToOneField("files.StoredFile", on_delete=models.CASCADE, related_name="precheck")
    # The canonical material that the file was put to; it says which documents would do.
    material = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=10, choices=PrecheckState, default=PrecheckState.WAITING)
    seen = models.CharField(max_length=60, blank=True, default="")
    findings = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "机器预检"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"

    @property
    def is_watched(self) -> bool:
        """Whether an open page still waits for the answer."""
        return self.state == PrecheckState.WAITING and clock.now() - self.asked_at < WATCHED
