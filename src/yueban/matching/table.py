"""The table that stands: read from its file once an edition, built from the database where there is none."""

import uuid
import zlib
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from numpy.typing import NDArray

from yueban.accounts import walls
from yueban.elements import selectors as elements
from yueban.expressions.columns import Table
from yueban.jobs.services import enqueue
from yueban.kernel import clock
from yueban.matching import store
from yueban.matching.models import ChangedParty, MatchState, SlotPart
from yueban.matching.profiles import NOBODY, Profiles, build
from yueban.matching.reading import read_all

CHANGED_JOB: Final = "matching.changed"

# The one table of this process; another edition replaces it.
_held: dict[str, Profiles] = {}


def current_profiles() -> Profiles:
    """The table with the parties of its slots; built where nobody has yet, or where its file is lost."""
    state = MatchState.objects.filter(pk=1).first()
    found = profiles_of(state) if state is not None else None
    return found if found is not None else _built()


def current_table() -> Table:
    """The columns of the table alone."""
    return current_profiles().table


def profiles_of(state: MatchState) -> Profiles | None:
    """The table of this state; None where its file is not here."""
    key = str(state.stamp)
    found = _held.get(key)
    if found is None:
        found = store.load(state.stamp)
        if found is not None:
            _held.clear()
            _held[key] = found
    return found


def locked_state() -> MatchState:
    """The state, held by this transaction alone; editions follow one another."""
    MatchState.objects.get_or_create(pk=1, defaults={"on_day": clock.today(), "built_at": clock.now()})
    return MatchState.objects.select_for_update().get(pk=1)


def rebuilt(state: MatchState) -> Profiles:
    """A table of everybody as of today; whoever had a slot keeps it."""
    before = profiles_of(state)
    if before is None:
        state.kept_from = state.edition + 1
    kept = before.party_ids if before is not None else given_slots()
    on = clock.today()
    return build(read_all(on), elements.vocabulary(), on=on, kept=kept)


def restored(state: MatchState) -> Profiles:
    """The table where its file is lost: of what is known now, so that everybody must be decided anew, and will be."""
    if state.edition:
        ChangedParty.objects.create(party=None)
        enqueue(CHANGED_JOB)
    found = rebuilt(state)
    put(state, found)
    return found


def given_slots() -> NDArray[np.int64]:
    """Whose each slot is by the database; who has left and come back has the last of his."""
    parts = [np.frombuffer(zlib.decompress(part.parties), np.int64) for part in _parts()]
    found = np.concatenate([np.zeros(0, np.int64), *parts])
    standing = np.zeros(len(found), np.bool_)
    standing[len(found) - 1 - np.unique(found[::-1], return_index=True)[1]] = True
    return np.where(standing, found, NOBODY)


def _parts() -> QuerySet[SlotPart]:
    return SlotPart.objects.order_by("first")


def _give_slots(profiles: Profiles) -> None:
    last = _parts().last()
    first = last.first + last.many if last is not None else 0
    fresh = profiles.party_ids[first:]
    if len(fresh):
        SlotPart.objects.create(
            first=first, many=len(fresh), parties=zlib.compress(fresh.astype(np.int64).tobytes(), 1)
        )


def put(state: MatchState, profiles: Profiles) -> None:
    """Make this the table that stands, once the transaction is through; its file is written before."""
    state.stamp = uuid.uuid4()
    state.edition += 1
    state.on_day, state.slots, state.built_at = profiles.on, len(profiles.party_ids), clock.now()
    store.save(profiles, state.stamp)
    _give_slots(profiles)
    state.save()
    stamp = state.stamp
    transaction.on_commit(lambda: store.drop_old(stamp))


def _built() -> Profiles:
    # Also for somebody of the staff who asks first: the table is of everybody, whoever sees what of it.
    with walls.platform(), transaction.atomic():
        state = locked_state()
        found = profiles_of(state)
        if found is None:
            found = restored(state)
    return found
