"""Certificates of the person who applies count beside the enterprise's, and nobody else's do."""

import pytest

from tests import people
from yueban.cases import selectors as cases
from yueban.certificates import selectors as certificates
from yueban.flows import apply
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


def test_a_legal_person_who_applies_himself_hands_in_no_identity_card():
    owner = people.actor(people.OWNER)
    ready = apply.check(owner, people.draft().number)
    identity = next(one for one in ready.materials if one.key == "handler-identity")
    assert identity.is_spared
    assert identity.certificate.holder_id == next(p.id for p in owner.parties if p.relation == "self")
    licence = next(one for one in ready.materials if one.key == "business-licence")
    assert licence.certificate.holder_id == people.company_of(owner)


def test_the_use_of_his_card_is_recorded_with_the_case():
    case = people.submitted()
    (row,) = certificates.satisfactions_of(Reference("case", case.number)).filter(
        material_key="handler-identity"
    )
    assert row.way == "certificate"
    used = [use.reference_number for use in certificates.uses_of(row.certificate)]
    assert case.number in used


def test_what_is_planned_is_what_the_party_holds():
    owner = people.actor(people.OWNER)
    compiled = people.freight().compiled
    facts = {"vehicle.readiness": "owned"}

    def submitted(held):
        plan = cases.expected_materials(compiled, facts, held)
        return {one.material.key for one in plan if one.is_submitted}

    assert submitted(cases.holdings_of(owner.parties, people.company_of(owner))) == {"safety-rules"}
    assert "handler-identity" in submitted(cases.holdings_of((), people.company_of(owner)))
