"""直接取消: the first rung. A proof that the city asks of nobody is asked by no item, and each page says by which rule."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from tests.law.test_every_item_can_be_handed_in import filled
from yueban.cases.choices import MaterialState
from yueban.cases.models import Application, Case, CaseMaterial
from yueban.cases.selectors import MaterialStatus
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.models import ItemVersion
from yueban.certificates import ladder
from yueban.certificates.connectors.registry import Ladder
from yueban.certificates.models import Satisfaction
from yueban.flows import apply

pytestmark = pytest.mark.django_db
ITEM, MATERIAL, RULE = "housing-fund-withdrawal", "single-proof", "民函〔2015〕266号"
ANSWERS = {"reason": "rent", "own_house": "no", "paid_months": "yes"}


def version() -> ItemVersion:
    return catalogue.get_published(ITEM, "330602000000")


def draft() -> Application:
    person = people.actor(people.CITIZEN)
    party = next(held.id for held in person.parties if held.relation == "self")
    begun = apply.start(person, version().pk, ANSWERS, party)
    compiled = begun.item_version.compiled
    facts = dict(catalogue.walk(compiled, ANSWERS).facts)
    apply.save_draft(person, begun.number, filled(compiled, facts), begun.revision)
    return begun


def proof(number: str) -> MaterialStatus:
    ready = apply.check(people.actor(people.CITIZEN), number)
    return next(one for one in ready.materials if one.key == MATERIAL)


def handed_in() -> Case:
    person, begun = people.actor(people.CITIZEN), draft()
    for material in apply.check(person, begun.number).materials:
        if material.is_missing and not material.is_to_sign:
            people.attach(person, begun.number, material.key)
    return apply.submit(person, begun.number)


def test_the_guide_says_that_it_is_not_asked_and_by_which_rule():
    page = visitor(None).get(f"/items/{ITEM}/").content.decode()
    assert (
        f"按规定不再要这份材料（民政部关于进一步规范（无）婚姻登记记录证明相关工作的通知（{RULE}））。"
        in page
    )


def test_the_draft_asks_for_no_paper():
    found = proof(draft().number)
    assert (found.way, found.is_spared, found.is_missing) == ("cancelled", True, False)
    assert RULE in found.sentence


def test_the_page_of_materials_counts_it_among_what_is_spared():
    page = visitor(people.CITIZEN).get(f"/apply/{draft().number}/materials").content.decode()
    assert "依规取消" in page
    assert f'id="file-{MATERIAL}"' not in page


def test_the_case_keeps_by_which_rule_it_was_spared():
    case = handed_in()
    kept = Satisfaction.objects.get(reference_number=case.number, material_key=MATERIAL)
    assert kept.way == "cancelled"
    assert RULE in kept.basis
    assert CaseMaterial.objects.get(case=case, key=MATERIAL).state == MaterialState.SATISFIED


def test_what_the_city_takes_from_its_list_is_asked_again(monkeypatch):
    begun = draft()
    monkeypatch.setattr(ladder, "ladder", Ladder)
    found = proof(begun.number)
    assert (found.way, found.is_missing) == ("upload", True)
