"""The demo clock: an offset in the database that all processes of a demo follow."""

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from yueban.clocks.models import DemoOffset
from yueban.kernel import clock
from yueban.kernel.errors import NotAllowed

REREAD_SECONDS = 1.0
_seen: list[float] = [float("-inf"), 0.0]  # when last read (monotonic), the offset read then


def follow_demo_offset() -> None:
    """Make `kernel.clock.now` follow the stored offset."""
    clock.set_source(_now)


def advance_demo_clock(*, days: int) -> None:
    """Let days pass; only where YUEBAN_DEMO_CLOCK=1."""
    if not settings.YUEBAN_DEMO_CLOCK:
        raise NotAllowed("只有演示环境才能调时钟。", hint="请以 YUEBAN_DEMO_CLOCK=1 启动演示。")
    row, _ = DemoOffset.objects.select_for_update().get_or_create(pk=1)
    row.seconds += days * 86_400
    row.save(update_fields=["seconds"])
    reread_demo_clock()


def reread_demo_clock() -> None:
    """Know the offset anew: another process may have moved the clock a moment ago."""
    _seen[0] = float("-inf")


def _now() -> datetime:
    if time.monotonic() - _seen[0] > REREAD_SECONDS:
        _seen[1] = _stored_offset()
        _seen[0] = time.monotonic()
    return datetime.now(UTC).astimezone(clock.BEIJING) + timedelta(seconds=_seen[1])


def _stored_offset() -> float:
    try:
        return float(DemoOffset.objects.filter(pk=1).values_list("seconds", flat=True).first() or 0)
    except DatabaseError:
        return _seen[1]
