"""What the register knows of a person's relatives, where a form asks for them: the child whose school is applied for.

Only where one relative alone fits what the city states (`family` in connectors.yaml); who has two children of that
age says himself which of them is meant.
"""

from collections.abc import Collection, Mapping
from datetime import date

from yueban.accounts import walls
from yueban.certificates import selectors as certificates_read
from yueban.kernel import clock
from yueban.parties import selectors as parties


def known_of_family(party_id: int, items: Collection[str] | None = None) -> dict[str, parties.KnownFact]:
    """Values by element code as these items' forms ask for them; of all items where none is named."""
    stated = [one for one in certificates_read.city_ladder().family if items is None or one.item in items]
    if not stated:
        return {}
    known: dict[str, parties.KnownFact] = {}
    relatives = [row for row in parties.kin_of(party_id) if row.relative.ended_on is None]
    for one in stated:
        fit = [
            row
            for row in relatives
            if row.relation == one.relation and _is_of(row.relative.born_on, one.ages)
        ]
        if len(fit) == 1:
            known |= _of(fit[0].relative_id, one.facts)
    return known


def _of(relative_id: int, facts: Mapping[str, str]) -> dict[str, parties.KnownFact]:
    with walls.platform():  # his own register entry, which the parent does not see as a whole
        his = parties.known_facts(relative_id)
    return {element: his[own] for element, own in facts.items() if own in his}


def _is_of(born_on: date | None, ages: tuple[int, int]) -> bool:
    return born_on is not None and ages[0] <= clock.years_since(born_on) <= ages[1]
