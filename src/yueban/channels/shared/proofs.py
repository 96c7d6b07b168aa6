"""How the materials of a matter are met, in figures: 需提交 2 件，为您免交 5 件."""

from collections.abc import Sequence
from dataclasses import dataclass

from yueban.cases.selectors import MaterialStatus
from yueban.catalogue.selectors import PlannedMaterial


@dataclass(frozen=True)
class ProofCounts:
    """How many materials are handed in, spared, promised, and made of the form."""

    submit: int
    spared: int
    promised: int
    filled: int


def proof_counts(materials: Sequence[MaterialStatus]) -> ProofCounts:
    """Of a draft; each material counts once."""
    return _counted([one.way for one in materials])


def planned_counts(planned: Sequence[PlannedMaterial]) -> ProofCounts:
    """The same before anything is begun, as far as it is known then."""
    return _counted([one.rung.way for one in planned])


def _counted(ways: Sequence[str]) -> ProofCounts:
    submit, promised, filled = ways.count("upload"), ways.count("promise"), ways.count("form")
    return ProofCounts(submit, len(ways) - submit - promised - filled, promised, filled)
