"""Reads of background work: how much waits, runs or has failed, and whether a worker is alive."""

from datetime import timedelta

from django.db import connection
from django.db.models import Count
from procrastinate.contrib.django.models import ProcrastinateJob


def counts() -> dict[str, int]:
    """Number of jobs by status (todo, doing, succeeded, failed …); a status without jobs is absent."""
    rows = ProcrastinateJob.objects.values_list("status").annotate(number=Count("id"))
    return dict(rows)


def last_heartbeat_age() -> timedelta | None:
    """How long ago any worker last gave a sign of life; None when none is registered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - max(last_heartbeat) FROM procrastinate_workers")
        row = cursor.fetchone()
    return row[0] if row and row[0] is not None else None
