"""Whom a list of 免申即享 may hold: those whom matching finds to meet the offer, of all where the policy holds.

Matching decides on everything that is known, a list only on what an authority vouches for. Less knowledge makes
nobody meet an offer who did not before: who is no candidate is not listed either.
"""

from collections.abc import Collection
from dataclasses import dataclass

from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.expressions import Truth, evaluate, parse
from yueban.kernel import clock
from yueban.matching import selectors as matching_read
from yueban.matching import services as matching
from yueban.parties import selectors as parties
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion


@dataclass(frozen=True)
class Candidates:
    """Who meets the offer on what is known, of how many, and of how many of the others too little is known."""

    party_ids: list[int]
    looked_at: int
    not_known: int


def find(version: OfferVersion, already: Collection[int]) -> Candidates:
    """The candidates but for those listed ``already``; what has changed is matched first."""
    matching.run_due([version])
    prefix = divisions.prefix_of(version.offer.policy.division_code)
    meets = set(matching_read.matched_parties(version)).difference(already)
    unknown = set(matching_read.matched_parties(version, "unknown")).difference(already)
    looked_at, silent = parties.count_enterprises(prefix, without=already)
    return Candidates(
        parties.enterprises_among(meets, prefix),
        looked_at,
        len(parties.enterprises_among(unknown, prefix)) + (silent if _asks_something(version) else 0),
    )


def _asks_something(version: OfferVersion) -> bool:
    """Whether the offer cannot be decided of an enterprise of which nothing is known."""
    rule = parse(policies.standard_of(version).conditions)
    outcome = evaluate(rule, {}, on=clock.today(), vocabulary=elements.vocabulary())
    return outcome.value is Truth.UNKNOWN
