"""The rules of offers made ready: read once, judged over columns, or all as one function."""

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from yueban.elements import selectors as elements
from yueban.expressions import Node, Truth, Vocabulary, check, parse
from yueban.expressions.columns import Bits, Judge, count_bits
from yueban.expressions.errors import RuleInvalid
from yueban.expressions.function import Function, generate
from yueban.kernel.canonical import canonical
from yueban.kernel.errors import ServiceError
from yueban.matching.models import MatchResult, MatchRun
from yueban.matching.near import movable
from yueban.matching.profiles import Profiles
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

log = logging.getLogger(__name__)

FAST: Final = 1  # of zlib: bits that compress at all do so at once
Rules = dict[int, Node]
# The offers in force as last met; others replace them.
_ready: dict[tuple[object, ...], "InForce"] = {}
# The function of the offers and day last met; others replace it.
_functions: dict[tuple[object, ...], Function] = {}


def rules_of(
    versions: Sequence[OfferVersion], on: date, vocabulary: Vocabulary
) -> tuple[Rules, dict[str, str]]:
    """The conditions of each version; those that cannot be read apart, with the reason by the offer's key."""
    rules: Rules = {}
    unreadable: dict[str, str] = {}
    for version in versions:
        try:
            rule = parse(policies.standard_of(version, on).conditions)
            problems = check(rule, vocabulary)
        except (ServiceError, RuleInvalid, ValueError) as error:
            unreadable[version.offer.key] = str(error)
            continue
        if problems:
            unreadable[version.offer.key] = str(problems[0].message)
        else:
            rules[version.pk] = rule
    for key, reason in unreadable.items():
        log.error("offer cannot be matched: %s: %s", key, reason)
    return rules, unreadable


@dataclass(frozen=True)
class InForce:
    """The offers in force on a day, made ready: their rules, why some cannot be read, all as one function."""

    rules: Rules
    unreadable: dict[str, str]
    vocabulary: Vocabulary
    on: date

    @cached_property
    def function(self) -> Function:
        """All rules as one function."""
        return generate(
            {str(pk): rule for pk, rule in self.rules.items()}, on=self.on, vocabulary=self.vocabulary
        )


def offers_ready(on: date) -> InForce:
    """Made ready once for what is signed, the values of parameters, the vocabulary and the day; three small queries."""
    vocabulary = elements.vocabulary()
    key = (on, policies.keys_in_force(on), canonical(policies.parameters_on(on)))
    held = _ready.get(key)
    if held is None or held.vocabulary is not vocabulary:
        rules, unreadable = rules_of(policies.offers_in_force(on), on, vocabulary)
        held = InForce(rules, unreadable, vocabulary, on)
        _ready.clear()
        _ready[key] = held
    return held


def function_of(rules: Mapping[int, Node], on: date, vocabulary: Vocabulary) -> Function:
    """All rules as one function; the answers are by the version's id as a text."""
    key = (on, id(vocabulary), *rules.items())
    found = _functions.get(key)
    if found is None:
        named = {str(pk): rule for pk, rule in rules.items()}
        found = generate(named, on=on, vocabulary=vocabulary)
        _functions.clear()
        _functions[key] = found
    return found


def decide_all(run: MatchRun, profiles: Profiles, rules: Mapping[int, Node], vocabulary: Vocabulary) -> None:
    """Decide every rule for everybody in the table and keep the answers with the run."""
    judge = Judge(profiles.table, vocabulary, profiles.on)
    is_movable, alive = movable(vocabulary), profiles.alive
    rows = []
    for pk, rule in rules.items():
        found = judge.decide(rule)
        true, unknown = found.true & alive, alive & ~found.true & ~found.false
        near = judge.near(rule, is_movable) & alive & ~unknown
        rows.append(
            MatchResult(
                run=run,
                offer_version_id=pk,
                slots=len(profiles.party_ids),
                true_bits=pressed(true),
                unknown_bits=pressed(unknown),
                true_count=count_bits(true),
                unknown_count=count_bits(unknown),
                near_count=count_bits(near),
            )
        )
    MatchResult.objects.bulk_create(rows, batch_size=100)


def value_of(found: Mapping[str, Truth], pk: int) -> Truth:
    """What the function said of a version."""
    return found[str(pk)]


def pressed(bits: Bits) -> bytes:
    """Bits as they are kept."""
    return zlib.compress(bits.tobytes(), FAST)


def spread(kept: bytes | memoryview, slots: int) -> Bits:
    """Kept bits for so many slots, those that came later empty."""
    found = np.zeros(-(-slots // 64), np.uint64)
    before = np.frombuffer(zlib.decompress(kept), np.uint64)
    found[: len(before)] = before
    return found
