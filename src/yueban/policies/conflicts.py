"""What speaks against an offer before it is signed: thresholds that exclude each other, references that are over."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from yueban.policies.choices import PolicyState
from yueban.policies.drafts import bounds_of
from yueban.policies.models import OfferVersion, PolicyVersion
from yueban.policies.selectors import offers_in_force
from yueban.policies.standard import OfferStandard
from yueban.policies.standards import standard_of

NAMED = re.compile(r"《([^《》]{4,100})》")


def conflicts_of(version: OfferVersion, standard: OfferStandard, on: date) -> list[str]:
    """Sentences for the signer; an empty list means that nothing was found."""
    return list(
        dict.fromkeys(
            [*_thresholds(standard), *_over(version, on), *_steps(standard), *_same(version, standard, on)]
        )
    )


def _thresholds(standard: OfferStandard) -> Iterator[str]:
    """Bounds between which nothing lies, in every way in which the conditions can be met together."""
    whens = [benefit.when for benefit in standard.benefits if benefit.when is not None] or [{"all": []}]
    for when in whens:
        for rules in _ways({"all": [standard.conditions, when]}):
            yield from bounds_of(rules)


def _ways(rule: Mapping[str, Any]) -> Iterator[list[Mapping[str, Any]]]:
    """The predicates that must hold together; alternatives are looked at one by one, ``none`` is left out."""
    if "fact" in rule:
        yield [rule]
        return
    if "any" in rule:
        for child in rule["any"]:
            yield from _ways(child)
        return
    together: list[Mapping[str, Any]] = []
    alternatives: list[Mapping[str, Any]] = []
    for child in rule.get("all", ()):
        (alternatives if "any" in child else together).append(child)
    base = [one for child in together for way in _ways(child) for one in way]
    if not alternatives:
        yield base
    for child in alternatives:
        for way in _ways(child):
            yield [*base, *way]


def _steps(standard: OfferStandard) -> Iterator[str]:
    """Steps of the same condition of which only one can ever be given."""
    seen: dict[str, str] = {}
    for benefit in standard.benefits:
        key = str(benefit.when)
        if benefit.when is not None and key in seen and standard.picks == "highest":
            yield f"“{seen[key]}”和“{benefit.label}”的条件相同，只会给高的一档。"
        seen.setdefault(key, benefit.label)


def _over(version: OfferVersion, on: date) -> Iterator[str]:
    """The policy itself, or one that the clause names, is no longer in force."""
    stated = version.policy_version
    if stated.expires_on is not None and stated.expires_on < on:
        yield f"这个政策已于{stated.expires_on.isoformat()}失效。"
    if stated.state != PolicyState.PUBLISHED:
        yield f"这份正文{stated.get_state_display()}，请核对是否还要签发。"
    span = next((one for one in version.spans if one["for"] == "clause"), None)
    said = stated.text[span["start"] : span["end"]] if span else ""
    titles = set(NAMED.findall(said))
    if titles:
        gone = PolicyVersion.objects.filter(policy__title__in=titles).filter(
            Q(expires_on__lt=on) | ~Q(state=PolicyState.PUBLISHED)
        )
        for title in gone.values_list("policy__title", flat=True).distinct():
            yield f"条款引用的《{title}》已经失效。"


def _same(version: OfferVersion, standard: OfferStandard, on: date) -> Iterator[str]:
    """Another offer in force that asks the very same."""
    for other in offers_in_force(on):
        if other.offer_id == version.offer_id:
            continue
        stated = standard_of(other, on)
        if stated.conditions == standard.conditions:
            shares = bool(
                stated.exclusive and standard.exclusive and stated.exclusive.group == standard.exclusive.group
            )
            how = "同在一个不重复组" if shares else "没有写明能否重复享受"
            yield f"与“{other.name}”（{other.offer.policy.title}）的对象条件相同，{how}。"
