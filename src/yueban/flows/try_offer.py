"""试算 before a signature: the offer against every enterprise that is known, and against its version before."""

from __future__ import annotations

from datetime import date
from typing import Any

from yueban.accounts import walls
from yueban.elements import selectors as elements
from yueban.expressions import parse
from yueban.matching import backtest
from yueban.matching.table import current_profiles
from yueban.policies.models import OfferVersion
from yueban.policies.selectors import offers_in_force, standard_of
from yueban.policies.standard import OfferStandard


def try_out(version: OfferVersion, on: date) -> dict[str, Any]:
    """Who would match, who misses by one condition, what it would cost, what it overlaps, who gains and who loses."""
    others = [
        (one.offer.key, f"{one.name}（{one.offer.policy.title}）", parse(standard_of(one, on).conditions))
        for one in offers_in_force(on)
        if one.offer_id != version.offer_id
    ]
    with walls.platform():  # everybody is counted, nobody is named
        profiles = current_profiles()
    found = backtest.try_out(
        standard_of(version, on),
        profiles,
        elements.vocabulary(),
        previous=previous_of(version, on),
        others=others,
    )
    return found.to_json()


def previous_of(version: OfferVersion, on: date) -> OfferStandard | None:
    """What is in force until this version begins."""
    rows = (one for one in offers_in_force(on) if one.offer_id == version.offer_id and one != version)
    return next((standard_of(one, on) for one in rows), None)
