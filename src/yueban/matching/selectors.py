"""Reads of matches: what one enterprise meets, who meets an offer, and how that stood at a past run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import numpy as np

from yueban.elements import selectors as elements
from yueban.expressions import Truth, evaluate
from yueban.expressions.columns import Bits, count_bits, rows_of
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.matching.deciding import InForce, function_of, offers_ready, rules_of, spread, value_of
from yueban.matching.errors import NotKeptThatLong
from yueban.matching.models import MatchChange, MatchResult, MatchRun
from yueban.matching.near import missing_one
from yueban.matching.table import current_profiles as current_profiles
from yueban.parties.enterprise_facts import facts_of, plain
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

Value = Literal["true", "false", "unknown"]
# Whoever works with offers and money for enterprises sees who matches; an enterprise sees its own alone.
# How enterprises stand, as last asked by so many; for who turns the pages of his list.
KEPT: Final = 1_000
_standings: dict[tuple[int, str], tuple[InForce, Mapping[int, "Standing"]]] = {}
MATCHERS = frozenset({roles.EDITOR, roles.REVIEWER, roles.DECIDER, roles.PAYER, roles.SUPERVISOR})


def may_see_matches(actor: Actor, party_id: int | None = None) -> bool:
    """Whether the actor may see what an enterprise matches; without one, who matches an offer."""
    if any(post.role in MATCHERS for post in actor.posts):
        return True
    return party_id is not None and any(held.id == party_id for held in actor.parties)


@dataclass(frozen=True)
class Match:
    """How an enterprise stands to an offer.

    ``missing`` are the facts that would decide an unknown value, or, of one that misses by a single condition
    (``near``), the facts of which any one would be enough.
    """

    offer_version_id: int
    value: Value
    missing: tuple[str, ...] = ()
    near: bool = False


def matches_of(party_id: int, on: date, versions: Sequence[OfferVersion] | None = None) -> list[Match]:
    """An enterprise against all offers in force (or these), by its facts as they are this moment."""
    return matches_with(plain(facts_of(party_id, on)), on, versions)


def matches_with(
    facts: Mapping[str, object], on: date, versions: Sequence[OfferVersion] | None = None
) -> list[Match]:
    """Plain facts against all offers in force (or these), in their order; unreadable offers are left out."""
    vocabulary = elements.vocabulary()
    rules, _ = rules_of(policies.offers_in_force(on) if versions is None else versions, on, vocabulary)
    found = function_of(rules, on, vocabulary)(facts)
    matches = []
    for pk, rule in rules.items():
        value = value_of(found, pk)
        if value is Truth.TRUE:
            matches.append(Match(pk, "true"))
            continue
        by = tuple(dict.fromkeys(one.fact for one in missing_one(rule, facts, on=on, vocabulary=vocabulary)))
        if value is Truth.UNKNOWN:
            missing = evaluate(rule, facts, on=on, vocabulary=vocabulary).missing
            matches.append(Match(pk, "unknown", missing, near=bool(by)))
        else:
            matches.append(Match(pk, "false", by, near=bool(by)))
    return matches


Standing = Literal["true", "near", "unknown", "false"]


def standings_with(facts: Mapping[str, object], on: date) -> Mapping[int, Standing]:
    """How who has these facts stands to each offer in force, by version; unreadable offers are left out.

    Kept by what it follows from, the facts themselves, what is signed, parameters, vocabulary and the day: any other
    asks anew, nothing has to be made invalid.
    """
    ready = offers_ready(on)
    key = (id(ready), repr(sorted(facts.items())))
    held = _standings.get(key)
    if held is None or held[0] is not ready:
        held = (ready, _standings_of(ready, facts))
        if len(_standings) >= KEPT:
            _standings.clear()
        _standings[key] = held
    return held[1]


def _standings_of(ready: InForce, facts: Mapping[str, object]) -> dict[int, Standing]:
    found = ready.function(facts)
    standings: dict[int, Standing] = {}
    for pk, rule in ready.rules.items():
        value = value_of(found, pk)
        if value is Truth.FALSE and missing_one(rule, facts, on=ready.on, vocabulary=ready.vocabulary):
            standings[pk] = "near"
        else:
            standings[pk] = value.value
    return standings


@dataclass(frozen=True)
class Found:
    """Who meets an offer now and of whom too little is known, as bits over the slots; by which run."""

    run: MatchRun
    true: Bits
    unknown: Bits
    near_count: int


def found_for(version_ids: Sequence[int], *, until: MatchRun | None = None) -> dict[int, Found]:
    """By offer version the newest answers (or those at a past run), with the changes since their run written in."""
    results = MatchResult.objects.filter(offer_version_id__in=version_ids).select_related("run")
    changes = MatchChange.objects.filter(offer_version_id__in=version_ids)
    if until is not None:
        results, changes = results.filter(run_id__lte=until.pk), changes.filter(run_id__lte=until.pk)
    newest = {
        row.offer_version_id: row
        for row in results.order_by("offer_version_id", "-run_id").distinct("offer_version_id")
    }
    since: dict[int, list[MatchChange]] = {}
    first = min((row.run_id for row in newest.values()), default=0)
    for change in changes.filter(run_id__gt=first).order_by("run_id"):
        since.setdefault(change.offer_version_id, []).append(change)
    return {pk: _with_changes(row, since.get(pk, [])) for pk, row in newest.items()}


def _with_changes(row: MatchResult, changes: Sequence[MatchChange]) -> Found:
    later = [change for change in changes if change.run_id > row.run_id]
    slots = max([row.slots, *(change.slot + 1 for change in later)])
    true, unknown = spread(row.true_bits, slots), spread(row.unknown_bits, slots)
    for change in later:
        word, bit = change.slot // 64, np.uint64(1 << change.slot % 64)
        for bits, has in ((true, change.value == 1), (unknown, change.value is None)):
            bits[word] = bits[word] | bit if has else bits[word] & ~bit
    return Found(row.run, true, unknown, row.near_count)


def matched_parties(offer_version: OfferVersion, value: Value = "true") -> list[int]:
    """The enterprises that meet an offer (or of which too little is known), in the order of their slots."""
    found = found_for([offer_version.pk]).get(offer_version.pk)
    if found is None:
        return []
    profiles = current_profiles()
    slots = rows_of(found.true if value == "true" else found.unknown)
    parties: list[int] = profiles.party_ids[slots[slots < len(profiles.party_ids)]].tolist()
    return [party for party in parties if party]


def counts_of(version_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By offer version how many meet it and of how many too little is known."""
    return {pk: (count_bits(one.true), count_bits(one.unknown)) for pk, one in found_for(version_ids).items()}


def run_at(moment: datetime) -> MatchRun:
    """The last run before a moment; raises NotKeptThatLong."""
    found = MatchRun.objects.filter(at__lte=moment).order_by("-pk").first()
    if found is None:
        raise NotKeptThatLong("那时还没有匹配记录。", hint="请选择较晚的日期。")
    return found


def latest_run() -> MatchRun | None:
    """The newest run."""
    return MatchRun.objects.order_by("-pk").first()
