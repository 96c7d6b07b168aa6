"""Writes of matching: what has changed is handed to the background within the transaction that changed it."""

from collections.abc import Collection, Sequence

from yueban.jobs.services import enqueue
from yueban.kernel import clock
from yueban.matching import pushing as _pushing
from yueban.matching import runs as _runs
from yueban.matching.models import ChangedParty, MatchRun
from yueban.matching.push_settings import Wishes as Wishes
from yueban.matching.push_settings import set_wishes as set_wishes
from yueban.matching.push_settings import undo_wishes as undo_wishes
from yueban.matching.pushing import Sent as Sent
from yueban.matching.pushing import mark_viewed as mark_viewed
from yueban.matching.segments import delete_segment as delete_segment
from yueban.matching.segments import save_segment as save_segment
from yueban.matching.sending import begin_send as begin_send
from yueban.matching.sending import carry_out_send as carry_out_send
from yueban.matching.table import CHANGED_JOB as CHANGED_JOB
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

OFFERS_JOB = "matching.offers"
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
    note_all_changed()
    catch_up()


def note_all_changed() -> None:
    """Part of a large load, in its transaction: nothing that was found stands any longer, and `catch_up` follows."""
    ChangedParty.objects.create(party=None)


def catch_up() -> None:
    """What has changed is matched in the background; nothing where nothing has."""
    enqueue(CHANGED_JOB)


def run_all() -> MatchRun:
    """Everybody against all offers in force, as of today."""
    return _runs.run_all()


def run_changed() -> MatchRun | None:
    """Changed enterprises against all offers in force; None where nobody has changed."""
    return _runs.run_changed()


def run_due(versions: Sequence[OfferVersion]) -> None:
    """Before somebody relies on who meets these offers: whatever has changed is matched now, else nothing is done."""
    _runs.run_due(versions)


def run_offers(version_ids: Collection[int]) -> MatchRun:
    """Everybody against these offers."""
    return _runs.run_offers(policies.offer_versions(version_ids))


def list_pushes(version_ids: Collection[int]) -> int:
    """Everybody who meets these offers is put on the list of pushes, once a year; returns how many are new."""
    return _pushing.list_matches(policies.offer_versions(version_ids))


def list_all_pushes() -> int:
    """The same for every offer in force."""
    return _pushing.list_matches(policies.offers_in_force(clock.today()))


def take_due_pushes() -> list[Sent]:
    """What may be sent now, marked as sent within this transaction."""
    return _pushing.take_due()
