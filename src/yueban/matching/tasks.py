"""Matching in the background; each may run again without harm."""

from yueban.jobs.registry import handler
from yueban.matching import services
from yueban.matching.choices import RunKind

# At 00:25 in Beijing: ages, terms and what has expired move with the day.
EVERY_DAY = "25 16 * * *"


@handler("matching.daily", cron=EVERY_DAY)
def match_the_new_day() -> None:
    """The same each day."""
    services.run_all()
    services.list_all_pushes()


@handler(services.OFFERS_JOB)
def match_offers(version_ids: list[int]) -> None:
    """Everybody against offers that were just signed."""
    services.run_offers(version_ids)
    services.list_pushes(version_ids)


@handler(services.CHANGED_JOB)
def match_changed() -> None:
    """Enterprises whose facts have changed, or everybody where that many have."""
    done = services.run_changed()
    if done is not None and done.kind == RunKind.FULL:
        services.list_all_pushes()
