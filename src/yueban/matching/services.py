"""Writes of matching: what has changed is handed to the background within the transaction that changed it."""

from collections.abc import Collection

from yueban.jobs.services import enqueue
from yueban.matching import runs as _runs
from yueban.matching.models import ChangedParty, MatchRun
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

FULL_JOB = "matching.full"
OFFERS_JOB = "matching.offers"
CHANGED_JOB = "matching.changed"
# Of more enterprises at once everybody is read anew: a copy of all is quicker than so many single ones.
MANY = 20_000


def offer_signed(version: OfferVersion) -> None:
    """An offer has been signed: who matches it is found in the background."""
    enqueue(OFFERS_JOB, version_ids=[version.pk])


def facts_changed(party_ids: Collection[int]) -> None:
    """The facts of these enterprises have changed: what they match now is found in the background."""
    if len(party_ids) > MANY:
        all_changed()
    elif party_ids:
        ChangedParty.objects.bulk_create(
            [ChangedParty(party_id=party) for party in party_ids], batch_size=5000
        )
        enqueue(CHANGED_JOB)


def all_changed() -> None:
    """So much has changed (a city loaded, a register delivered) that everything is decided anew."""
    enqueue(FULL_JOB)


def run_all() -> MatchRun:
    """Everybody against all offers in force, as of today."""
    return _runs.run_all()


def run_changed() -> MatchRun | None:
    """Changed enterprises against all offers in force; None where nobody has changed."""
    return _runs.run_changed()


def run_offers(version_ids: Collection[int]) -> MatchRun:
    """Everybody against these offers."""
    return _runs.run_offers(policies.offer_versions(version_ids))
