"""画像: a source says something new of an enterprise, and whoever works with facts is told in the same transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from yueban.matching import services as matching
from yueban.parties import services as parties
from yueban.parties.choices import FactMethod
from yueban.parties.models import Party


@transaction.atomic
def record(
    *,
    party: Party,
    source: str,
    facts: Mapping[str, Any],
    as_of: date,
    expires_on: date | None = None,
    confidence: int = 100,
    method: str = FactMethod.IMPORT,
) -> parties.FactsChange:
    """Replace what one source says of an enterprise. Raises FactsInvalid."""
    change = parties.save_enterprise_facts(
        party=party,
        source=source,
        facts=facts,
        as_of=as_of,
        expires_on=expires_on,
        confidence=confidence,
        method=method,
    )
    if change.elements:
        matching.facts_changed([party.pk])
    return change
