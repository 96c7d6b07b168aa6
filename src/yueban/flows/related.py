"""关联企业: whether an enterprise is small, or gets twice, only because it was split; said to whoever reviews.

Related are enterprises of the same legal person. It is a doubt, never a refusal: a person looks and decides.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yueban.accounts import walls
from yueban.claims import selectors as claims_read
from yueban.claims.models import Claim
from yueban.elements import selectors as elements
from yueban.kernel import clock, money
from yueban.parties import enterprise_facts
from yueban.parties import selectors as parties
from yueban.parties.derived_facts import FOUNDED_ON, INDUSTRY, SIZE, SIZE_FIGURES, derive
from yueban.parties.models import Party
from yueban.policies import selectors as policies

YOUNG_DAYS = 365
# From the smallest.
ORDER = ("micro", "small", "medium", "large")
BY_SIZE = frozenset({SIZE, *SIZE_FIGURES.values(), "enterprise.is_above_scale", "enterprise.insured"})


@walls.platform()  # the other enterprise's claims may be another department's
def doubts_of(claim: Claim) -> list[str]:
    """What a reviewer should look into, a sentence each; nothing where no other enterprise has its legal person."""
    others = parties.under_one_person(claim.party_id)
    if not others:
        return []
    known = enterprise_facts.facts_of_many([claim.party_id, *(one.pk for one in others)], clock.today())
    facts = {party_id: enterprise_facts.plain(one) for party_id, one in known.items()}
    doubts = [_same_offer(one, claim) for one in _claims_beside(claim, others)]
    if BY_SIZE & set(_spoken_of(claim)):
        doubts += _together(claim, others, facts)
    young = [other for other in [claim.party, *others] if _is_young(facts[other.pk])]
    doubts += [
        f"“{one.name}”{_day(facts[one.pk])}成立，不满12个月，法定代表人与“{_beside(one, claim, others)}”相同。"
        for one in young
    ]
    return doubts


def _claims_beside(claim: Claim, others: list[Party]) -> list[Claim]:
    return claims_read.claims_of_offer(claim.offer_key, claim.year, [one.pk for one in others])


def _same_offer(other: Claim, claim: Claim) -> str:
    return (
        f"法定代表人相同的“{other.party_name}”{claim.year}年也申报了这项政策"
        f"（{other.number}，{money.to_text(other.amount)}，{other.get_state_display()}）。"
    )


def _spoken_of(claim: Claim) -> tuple[str, ...]:
    return claims_read.elements_of(policies.standard_of(claim.offer_version), elements.vocabulary())


def _together(claim: Claim, others: list[Party], facts: Mapping[int, dict[str, Any]]) -> list[str]:
    """The class of them all together, where it is higher than the enterprise's own."""
    own = facts[claim.party_id]
    alone = own.get(SIZE)
    figures = {
        code: sum(_number(facts[party_id].get(code)) for party_id in facts) for code in SIZE_FIGURES.values()
    }
    whole = derive({INDUSTRY: own.get(INDUSTRY)} | figures, clock.today()).get(SIZE)
    if alone not in ORDER or whole not in ORDER or ORDER.index(str(whole)) <= ORDER.index(str(alone)):
        return []
    words = elements.vocabulary().get_fact(SIZE).codes or {}
    names = "、".join(f"“{one.name}”" for one in others)
    told = f"和法定代表人相同的{names}合并计算是{words.get(str(whole), whole)}"
    return [f"单独算是{words.get(str(alone), alone)}，{told}：请核对是否为享受政策而分立。"]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _founded(facts: Mapping[str, Any]) -> date | None:
    raw = facts.get(FOUNDED_ON)
    if isinstance(raw, date):
        return raw
    return date.fromisoformat(raw) if isinstance(raw, str) and raw else None


def _is_young(facts: Mapping[str, Any]) -> bool:
    day = _founded(facts)
    return day is not None and (clock.today() - day).days < YOUNG_DAYS


def _day(facts: Mapping[str, Any]) -> str:
    day = _founded(facts)
    assert day is not None  # only of the young ones
    return f"{day.year}年{day.month}月{day.day}日"


def _beside(one: Party, claim: Claim, others: list[Party]) -> str:
    return claim.party_name if one.pk != claim.party_id else others[0].name
