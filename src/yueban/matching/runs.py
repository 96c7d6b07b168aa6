"""Runs of matching: everybody against all offers, everybody against some, changed enterprises against all.

Each is one transaction under the lock of the state: two at once follow one another, and a killed process leaves
nothing behind but a file that nobody reads.
"""

import time
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from yueban.elements import selectors as elements
from yueban.expressions import Truth
from yueban.kernel import clock
from yueban.matching import replaced
from yueban.matching.choices import RunKind
from yueban.matching.deciding import InForce, Rules, decide_all, offers_ready, rules_of, value_of
from yueban.matching.models import ChangedParty, MatchChange, MatchResult, MatchRun, MatchState
from yueban.matching.profiles import Profiles, changed
from yueban.matching.reading import read_some
from yueban.matching.table import locked_state, profiles_of, put, rebuilt, restored
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

VALUES = {Truth.TRUE: 1, Truth.FALSE: 0, Truth.UNKNOWN: None}


@transaction.atomic
def run_all() -> MatchRun:
    """Put everybody into the table as of today and decide all offers in force."""
    begun = time.process_time()
    state = locked_state()
    # What changes after this line is still there for the next run.
    ChangedParty.objects.all().delete()
    before, profiles = profiles_of(state), rebuilt(state)
    if before is not None:
        moved = replaced.different(before, profiles)
        _keep(state, before, profiles, moved)
    put(state, profiles)
    return _decide(state, profiles, RunKind.FULL, policies.offers_in_force(profiles.on), begun)


@transaction.atomic
def run_offers(versions: Iterable[OfferVersion]) -> MatchRun:
    """Decide these offers for everybody in the table that stands."""
    begun = time.process_time()
    state = locked_state()
    profiles = profiles_of(state)
    if profiles is None:
        profiles = restored(state)
    return _decide(state, profiles, RunKind.CLAUSE, list(versions), begun)


@transaction.atomic
def run_changed() -> MatchRun | None:
    """Write the enterprises that have changed into the table and see to which offers they stand otherwise.

    Nothing where none has; everything anew where the table is of another day, since dates have moved for everybody,
    and where so much has changed that nobody has counted it.
    """
    state = locked_state()
    profiles = profiles_of(state)
    begun = time.process_time()
    taken = dict(ChangedParty.objects.values_list("pk", "party_id"))
    if profiles is None or profiles.on != clock.today() or None in taken.values():
        return run_all()
    if not taken:
        return None
    ChangedParty.objects.filter(pk__in=taken).delete()
    parties = sorted(set(taken.values()))
    merged = read_some(parties, profiles.on)
    gone = set(parties) - {one.party_id for one in merged}
    after = changed(profiles, merged, elements.vocabulary(), on=profiles.on, gone=gone)
    _keep(state, profiles, after, parties)
    put(state, after)
    return _decide_changed(state, profiles, after, parties, begun)


@transaction.atomic
def run_due(versions: Sequence[OfferVersion]) -> None:
    """What somebody relies on now: the table as of today with every change in it, these offers decided over it."""
    state = MatchState.objects.filter(pk=1).first()
    if state is not None and not _waiting(state, versions):
        return
    run_changed()
    waiting = _waiting(locked_state(), versions)
    if waiting:
        run_offers(waiting)


def _waiting(state: MatchState, versions: Sequence[OfferVersion]) -> list[OfferVersion]:
    """Those of them that have to be decided; all where the table itself has to be written first."""
    if state.on_day != clock.today() or ChangedParty.objects.exists() or profiles_of(state) is None:
        return list(versions)
    decided = MatchResult.objects.filter(offer_version__in=versions, run__on_day=state.on_day)
    known = set(decided.values_list("offer_version_id", flat=True))
    return [one for one in versions if one.pk not in known]


def _keep(state: MatchState, before: Profiles, after: Profiles, parties: Sequence[int]) -> None:
    replaced.keep(before, parties, edition=state.edition + 1, vocabulary=elements.vocabulary(), after=after)


def _decide(
    state: MatchState, profiles: Profiles, kind: RunKind, versions: Sequence[OfferVersion], begun: float
) -> MatchRun:
    vocabulary = elements.vocabulary()
    rules, unreadable = rules_of(versions, profiles.on, vocabulary)
    run = _new_run(state, kind, len(profiles.slots), rules, unreadable)
    decide_all(run, profiles, rules, vocabulary)
    return _ended(run, begun)


def _decide_changed(
    state: MatchState, before: Profiles, after: Profiles, parties: Sequence[int], begun: float
) -> MatchRun:
    ready = offers_ready(after.on)
    run = _new_run(state, RunKind.PROFILE, len(parties), ready.rules, ready.unreadable)
    changes = [
        MatchChange(run=run, offer_version_id=pk, party_id=party, slot=slot, value=VALUES[value])
        for party in parties
        for slot, pk, value in _moved(before, after, party, ready)
    ]
    MatchChange.objects.bulk_create(changes, batch_size=2000)
    return _ended(run, begun)


def _moved(before: Profiles, after: Profiles, party: int, ready: InForce) -> Iterator[tuple[int, int, Truth]]:
    """Slot, version and new value of each offer to which it stands otherwise; who is not there meets none."""
    values = []
    for profiles in (before, after):
        slot = profiles.slots.get(party)
        facts = profiles.facts_at(slot, ready.vocabulary)[0] if slot is not None else None
        values.append(ready.function(facts) if facts is not None else None)
    old, new = values
    slots = after.slots if party in after.slots else before.slots
    for pk in ready.rules:
        was = value_of(old, pk) if old is not None else Truth.FALSE
        now = value_of(new, pk) if new is not None else Truth.FALSE
        if was is not now:
            yield slots[party], pk, now


def _new_run(
    state: MatchState, kind: RunKind, enterprises: int, rules: Rules, unreadable: dict[str, str]
) -> MatchRun:
    return MatchRun.objects.create(
        kind=kind,
        edition=state.edition,
        on_day=state.on_day,
        at=clock.now(),
        enterprises=enterprises,
        offers=len(rules),
        unreadable=unreadable,
    )


def _ended(run: MatchRun, begun: float) -> MatchRun:
    run.cpu_ms = round((time.process_time() - begun) * 1000)
    run.save(update_fields=["cpu_ms"])
    return run
