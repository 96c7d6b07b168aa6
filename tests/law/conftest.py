"""Cases and items as the tests of law need them."""

import copy

import pytest

from tests import people
from tests.flows.moments import set_now
from tests.law.turning import RULES, SetStandard, by
from yueban.cases.models import Case
from yueban.catalogue import known_versions
from yueban.catalogue.compiled import Compiled
from yueban.flows import tolerance


@pytest.fixture
def set_standard(monkeypatch) -> SetStandard:
    """Let the freight permit be as if its standard said so: a promise in days, days by which a material may wait."""

    def set_(*, promised: int | None = None, deferral: dict[str, int] | None = None) -> None:
        version = people.freight()
        content = copy.deepcopy(version.compiled_json)
        if promised is not None:
            content["clocks"]["promised"]["amount"] = promised
        for material in content["materials"]:
            material["deferral_days"] = (deferral or {}).get(material["key"])
        monkeypatch.setitem(known_versions._known, version.content_hash, Compiled.of_json(content))

    return set_


@pytest.fixture
def tolerated(set_standard) -> Case:
    """Accepted on 2 November 2026; the safety rules are owed for five working days."""
    set_standard(deferral={RULES: 5})
    set_now(2026, 11, 2)
    case = people.received()
    return tolerance.accept(by(people.CLERK), case.number, [RULES], is_promised=True)
