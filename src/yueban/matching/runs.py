"""Runs of matching: everybody against all offers, everybody against some, changed enterprises against all.

Each is one transaction under the lock of the state: two at once follow one another, and a killed process leaves
nothing behind but a file that nobody reads.
"""

import time
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from yueban.elements import selectors as elements
from yueban.expressions import Truth, Vocabulary
from yueban.kernel import clock
from yueban.matching import replaced
from yueban.matching.choices import RunKind
from yueban.matching.deciding import Rules, decide_all, function_of, rules_of, value_of
from yueban.matching.models import ChangedParty, MatchChange, MatchRun, MatchState
from yueban.matching.profiles import Profiles, changed
from yueban.matching.reading import read_some
from yueban.matching.table import locked_state, profiles_of, put, rebuilt
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
        profiles = rebuilt(state)
        put(state, profiles)
    return _decide(state, profiles, RunKind.CLAUSE, list(versions), begun)


@transaction.atomic
def run_changed() -> MatchRun | None:
    """Write the enterprises that have changed into the table and see to which offers they stand otherwise.

    Nothing where none has; everything anew where the table is of another day, since dates have moved for everybody.
    """
    state = locked_state()
    profiles = profiles_of(state)
    if profiles is None or profiles.on != clock.today():
        return run_all()
    begun = time.process_time()
    taken = list(ChangedParty.objects.values_list("pk", "party_id"))
    if not taken:
        return None
    ChangedParty.objects.filter(pk__in=[pk for pk, _ in taken]).delete()
    parties = sorted({party for _, party in taken})
    merged = read_some(parties, profiles.on)
    gone = set(parties) - {one.party_id for one in merged}
    after = changed(profiles, merged, elements.vocabulary(), on=profiles.on, gone=gone)
    _keep(state, profiles, after, parties)
    put(state, after)
    return _decide_changed(state, profiles, after, parties, begun)


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
    vocabulary = elements.vocabulary()
    rules, unreadable = rules_of(policies.offers_in_force(after.on), after.on, vocabulary)
    run = _new_run(state, RunKind.PROFILE, len(parties), rules, unreadable)
    changes = [
        MatchChange(run=run, offer_version_id=pk, party_id=party, slot=slot, value=VALUES[value])
        for party in parties
        for slot, pk, value in _moved(before, after, party, rules, vocabulary)
    ]
    MatchChange.objects.bulk_create(changes, batch_size=2000)
    return _ended(run, begun)


def _moved(
    before: Profiles, after: Profiles, party: int, rules: Rules, vocabulary: Vocabulary
) -> Iterator[tuple[int, int, Truth]]:
    """Slot, version and new value of each offer to which it stands otherwise; who is not there meets none."""
    decide = function_of(rules, after.on, vocabulary)
    values = []
    for profiles in (before, after):
        slot = profiles.slots.get(party)
        values.append(decide(profiles.facts_at(slot, vocabulary)[0]) if slot is not None else None)
    old, new = values
    slots = after.slots if party in after.slots else before.slots
    for pk in rules:
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
