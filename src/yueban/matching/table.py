"""The table that stands: read from its file once an edition, built from the database where there is none."""

import uuid

from django.db import transaction

from yueban.accounts import walls
from yueban.elements import selectors as elements
from yueban.expressions.columns import Table
from yueban.kernel import clock
from yueban.matching import store
from yueban.matching.models import MatchState
from yueban.matching.profiles import Profiles, build
from yueban.matching.reading import read_all

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
    if key not in _held:
        found = store.load(state.stamp)
        if found is None:
            return None
        _held.clear()
        _held[key] = found
    return _held[key]


def locked_state() -> MatchState:
    """The state, held by this transaction alone; editions follow one another."""
    MatchState.objects.get_or_create(pk=1, defaults={"on_day": clock.today(), "built_at": clock.now()})
    return MatchState.objects.select_for_update().get(pk=1)


def rebuilt(state: MatchState) -> Profiles:
    """A table of everybody as of today; whoever had a slot keeps it."""
    before = profiles_of(state)
    kept = before.party_ids if before is not None else None
    on = clock.today()
    return build(read_all(on), elements.vocabulary(), on=on, kept=kept)


def put(state: MatchState, profiles: Profiles) -> None:
    """Make this the table that stands, once the transaction is through; its file is written before."""
    state.stamp = uuid.uuid4()
    state.edition += 1
    state.on_day, state.slots, state.built_at = profiles.on, len(profiles.party_ids), clock.now()
    store.save(profiles, state.stamp)
    state.save()
    stamp = state.stamp
    transaction.on_commit(lambda: store.drop_old(stamp))


def _built() -> Profiles:
    # Also for somebody of the staff who asks first: the table is of everybody, whoever sees what of it.
    with walls.platform(), transaction.atomic():
        state = locked_state()
        found = profiles_of(state)
        if found is None:
            found = rebuilt(state)
            put(state, found)
    return found
