"""惠企政策 for one enterprise: which offers it meets, which nearly, which not and why, what it would be given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yueban.claims import selectors as claims_read
from yueban.claims.choices import Way
from yueban.claims.selectors import Assessment, Fact
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.expressions import Truth
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.matching import selectors as matching
from yueban.parties import enterprise_facts
from yueban.parties import selectors as parties
from yueban.parties.choices import PartyKind
from yueban.parties.models import Party
from yueban.policies import selectors as policies
from yueban.policies.choices import OfferState
from yueban.policies.models import OfferVersion
from yueban.policies.standard import OfferStandard

PLACES = frozenset({"enterprise.division"})
WAYS = tuple(str(way) for way in Way)
ELIGIBLE, NEAR, UNKNOWN, NOT = "eligible", "near", "unknown", "not"
GROUPS = {"true": ELIGIBLE, "near": NEAR, "unknown": UNKNOWN, "false": NOT}


@dataclass(frozen=True)
class Found:
    """One offer as it stands to one enterprise today."""

    version: OfferVersion
    standard: OfferStandard
    assessment: Assessment
    is_claimed: bool = False

    @property
    def is_eligible(self) -> bool:
        """Whether every condition certainly holds."""
        return self.assessment.value is Truth.TRUE

    @property
    def is_open(self) -> bool:
        """Whether claims are taken today."""
        return is_open(self.standard, clock.today())


def is_open(standard: OfferStandard, on: date) -> bool:
    """Whether the day lies between the first and the last day of claims."""
    return (standard.opens_on is None or standard.opens_on <= on) and (
        standard.closes_on is None or on <= standard.closes_on
    )


def is_in_force(version: OfferVersion, on: date) -> bool:
    """Whether the signed version holds on the day."""
    starts, ends = version.in_force_from, version.in_force_to
    is_signed = version.state == OfferState.SIGNED
    return is_signed and starts is not None and starts <= on and (ends is None or on <= ends)


def enterprise_of(actor: Actor, party_id: int) -> Party:
    """The enterprise that the actor stands for; NotAllowed for any other."""
    held, party = actor.held(party_id), parties.find_party(party_id)
    if held is None or party is None or held.items is not None or party.kind != PartyKind.ENTERPRISE:
        raise NotAllowed("惠企政策要由企业的法定代表人办理。", hint="请用法定代表人的账号登录。")
    return party


@dataclass(frozen=True)
class Groups:
    """An enterprise's offers in force by how it stands to them: eligible, near, unknown, not; ids of versions."""

    party: Party
    known: Mapping[str, Fact]
    versions: Mapping[str, list[int]]

    def shown(self, version_ids: Sequence[int]) -> list[Found]:
        """Some of them assessed on what is known, with what would be given and why not, in this order."""
        by_id = {one.pk: one for one in policies.offer_versions(version_ids)}
        return found_of(self.party, [by_id[pk] for pk in version_ids], self.known)


def groups_for(actor: Actor, party_id: int, words: str = "") -> Groups:
    """Every offer in force where the enterprise is (or those with these words), by what is known of it now."""
    party, today = enterprise_of(actor, party_id), clock.today()
    known = enterprise_facts.facts_of(party_id, today)
    standings = matching.standings_with(enterprise_facts.plain(known), today)
    groups: dict[str, list[int]] = {group: [] for group in GROUPS.values()}
    for pk, place in policies.offers_found(today, words):
        if pk in standings and holds_for(place, party):
            groups[GROUPS[standings[pk]]].append(pk)
    return Groups(party, known, groups)


def one_for(
    actor: Actor,
    party_id: int,
    version: OfferVersion,
    *,
    stated: Mapping[str, Any] | None = None,
    project: str = "",
    by_authority: bool = False,
) -> Found:
    """One offer for the enterprise; ``by_authority`` on nothing but what an authority vouches for."""
    party = enterprise_of(actor, party_id)
    known = enterprise_facts.facts_of(party_id, clock.today())
    return found_of(party, [version], known, stated=stated, project=project, by_authority=by_authority)[0]


def found_of(
    party: Party,
    versions: Iterable[OfferVersion],
    known: Mapping[str, Fact],
    *,
    stated: Mapping[str, Any] | None = None,
    project: str = "",
    by_authority: bool = False,
) -> list[Found]:
    """These offers for a party; what it was given before is asked once."""
    paid = claims_read.paid_before(party.pk)
    live = claims_read.live_exclusions(party.pk)
    today, vocabulary = clock.today(), elements.vocabulary()
    found = []
    for version in versions:
        standard = policies.standard_of(version)
        assessment = claims_read.assess(
            standard,
            known,
            on=today,
            vocabulary=vocabulary,
            paid=paid,
            project=project,
            stated=stated,
            by_authority=by_authority,
        )
        is_claimed = claims_read.exclusion_of(standard, today.year, project) in live
        found.append(Found(version, standard, assessment, is_claimed))
    return found


def applies_to(version: OfferVersion, party: Party) -> bool:
    """Whether the enterprise lies where the policy holds."""
    return holds_for(version.offer.policy.division_code, party)


def holds_for(place: str, party: Party) -> bool:
    """Whether the enterprise lies in the place; where it lies nowhere, nothing is kept from it."""
    return divisions.is_within(party.division_code, place) or not party.division_code


def stated_values(standard: OfferStandard, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What an enterprise typed for elements of an offer, read by their types; and what is wrong, by element."""
    vocabulary = elements.vocabulary()
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for code in claims_read.elements_of(standard, vocabulary):
        text = typed.get(code, "").strip()
        if not text:
            continue
        try:
            values[code] = claims_read.read_stated(text, vocabulary.get_fact(code))
        except ValueError:
            wrong[code] = f"“{vocabulary.get_fact(code).name}”的格式不对，请按提示填写。"
    return values, wrong


def tried(standard: OfferStandard, values: Mapping[str, Any]) -> Assessment:
    """An offer on nothing but these values, for an enterprise where it holds: for who wants to know beforehand."""
    places = {code: held[0].ljust(12, "0") for code in PLACES if (held := codes_of(standard, code))}
    return claims_read.assess(
        standard, {}, on=clock.today(), vocabulary=elements.vocabulary(), stated=places | dict(values)
    )


def asked_of(standard: OfferStandard) -> tuple[str, ...]:
    """What an offer asks of an enterprise: its elements but for where it lies."""
    codes = claims_read.elements_of(standard, elements.vocabulary())
    return tuple(code for code in codes if code not in PLACES)


def codes_of(standard: OfferStandard, element: str) -> tuple[str, ...]:
    """The codes of a list that the rules of an offer speak of."""
    rules = [standard.conditions, *(one.when for one in standard.benefits if one.when is not None)]
    return tuple(dict.fromkeys(code for rule in rules for code in _codes(rule, element)))


def _codes(rule: Any, element: str) -> Iterator[str]:
    if isinstance(rule, Mapping):
        if rule.get("fact") == element:
            value = rule.get("value")
            yield from value if isinstance(value, list | tuple) else [str(value)]
        for part in rule.values():
            yield from _codes(part, element)
    elif isinstance(rule, list | tuple):
        for part in rule:
            yield from _codes(part, element)


def names_of(codes: Iterable[str]) -> list[str]:
    """Elements by the names that people know."""
    vocabulary = elements.vocabulary()
    return [vocabulary.get_fact(code).name for code in codes]


def manual_of(version: OfferVersion) -> tuple[str, ...]:
    """What no data can decide and a person looks at."""
    return policies.standard_of(version).manual
