"""演示企业入库: made-up enterprises in parts that are whole or not there, so that a load goes on where it was."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yueban.audit import services as audit
from yueban.flows.made_enterprises import PART, made
from yueban.flows.made_mix import number_of, read_mix
from yueban.kernel.actor import SYSTEM
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.matching import services as matching
from yueban.parties import services as parties

Progress = Callable[[str], None]
SEED = 1
AT_START = 2_000
TELL_EVERY = 5.0


@dataclass
class Loaded:
    """What a load did."""

    wanted: int
    created: int = 0
    rows_of_facts: int = 0
    seconds: float = 0.0

    @property
    def there_before(self) -> int:
        """Those that an earlier load had brought."""
        return self.wanted - self.created


def load_enterprises(
    city: Path, *, count: int | None = None, seed: int = SEED, progress: Progress | None = None
) -> Loaded:
    """Bring the first ``count`` (all of the city's) made-up enterprises of a seed; the same again changes nothing.

    Raises NotAllowed outside demo settings: nobody of them exists.
    """
    if not settings.YUEBAN_DEMO:
        raise NotAllowed("编造的企业只能装进演示环境。", hint="正式环境请接入部门数据。")
    mix, begun = read_mix(city), time.monotonic()
    most = mix.count
    if count is not None and not 0 < count <= most:
        raise NotAllowed(f"企业数应在1到{most}之间。", hint="请改正 --count。")
    report = Loaded(wanted=count or most)
    told_at = begun
    for first in range(0, report.wanted, PART):
        until = min(first + PART, report.wanted)
        known = parties.known_numbers([number_of(seed, index) for index in range(first, until)])
        if len(known) < until - first:
            rows = [one for one in made(mix, seed=seed, first=first, until=until) if one.number not in known]
            with transaction.atomic():
                report.rows_of_facts += parties.add_enterprises(rows)
                matching.note_all_changed()
            report.created += len(rows)
        now = time.monotonic()
        if progress is not None and (now - told_at > TELL_EVERY or until == report.wanted):
            told_at = now
            progress(
                f"  演示企业 {until}/{report.wanted}（{until * 100 // report.wanted}%，{now - begun:.0f} 秒）"
            )
    report.seconds = time.monotonic() - begun
    if report.created:
        data = {"created": report.created, "rows": report.rows_of_facts, "seed": seed}
        with transaction.atomic():
            audit.record(Reference("city", "enterprises"), "enterprises_loaded", actor=SYSTEM, data=data)
    matching.catch_up()
    return report
