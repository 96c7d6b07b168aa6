"""教育入学: the child and the home are known, the registers are asked, and the mother hands in nothing."""

import pytest

from tests import people
from tests.flows.moments import set_now
from tests.sources import counterpart
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.certificates.errors import ObjectionInvalid
from yueban.flows import bundle, bundle_window, family_facts, object_to_data, prove
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties
from yueban.parties import services as parties_write

pytestmark = pytest.mark.django_db
PARENT = "zhu"
ANSWERS = {
    "grade": "one",
    "age": "yes",
    "school_kind": "public",
    "household": "here",
    "home": "same",
    "special": "none",
}
TYPED = {"school.wished_school": "示例小学", "school.accepts_arrangement": "yes"}


@pytest.fixture
def sources():
    with counterpart() as server:
        yield server


@pytest.fixture(autouse=True)
def _within_the_period():
    set_now(2027, 5, 26)


def own_party(parent):
    """Her own: she stands for her child as well."""
    return next(party.id for party in parent.parties if party.relation == "self")


def a_draft():
    parent = people.actor(PARENT)
    version = bundles_read.get_bundle("school-enrolment", "330602000000")
    draft = bundle.start(parent, version.pk, ANSWERS, own_party(parent))
    known = bundle.prefill(parent, draft.number)
    asked = [f for section in version.compiled_bundle.form.sections for f in section.fields]
    form = {f.element: known[f.element].value for f in asked if f.prefill and f.element in known}
    bundle.save_draft(parent, draft.number, form | TYPED, draft.revision)
    return parent, draft


def test_everything_but_two_choices_is_known_and_no_department_need_look(sources):
    parent, draft = a_draft()
    prove.ask_sources(parent, draft.number)
    ready = bundle.check(parent, draft.number)
    assert ready.errors == {}
    assert {one.key: one.way for one in ready.materials} == {
        "application-form": "form",
        "household": "share",
        "home-proof": "share",
    }
    made = bundle.submit(parent, draft.number)
    bundle_window.receive_all(people.actor(people.CLERK), made.number)
    case = made.children.get().case
    assert case.form["kin.name"] == "祝小样"
    assert not approvals.tasks_of(Reference("case", case.number)).filter(kind=TaskKind.CHECK).exists()


def test_where_a_register_does_not_answer_its_people_look_and_still_nothing_is_uploaded(sources):
    parent, draft = a_draft()
    sources.book.behave("household-register", "fail")
    prove.ask_sources(parent, draft.number)
    ready = bundle.check(parent, draft.number)
    assert ready.is_ready
    made = bundle.submit(parent, draft.number)
    bundle_window.receive_all(people.actor(people.CLERK), made.number)
    case = made.children.get().case
    (check,) = approvals.tasks_of(Reference("case", case.number)).filter(kind=TaskKind.CHECK)
    assert check.agency.code == "yuecheng-public-security"


def test_of_two_children_of_that_age_none_is_taken_for_the_other():
    parent = people.actor(PARENT)
    party_id = own_party(parent)
    own, other = parties.find_party(party_id), parties.parties_by_number(["zhao-xiaoyang"])["zhao-xiaoyang"]
    items = {"compulsory-school-admission"}
    assert family_facts.known_of_family(party_id, items)["kin.name"].value == "祝小样"
    assert family_facts.known_of_family(party_id, {"road-freight-permit"}) == {}
    parties_write.save_kinship(
        party=own, relative=other, relation="child", source="演示", as_of=other.born_on
    )
    assert family_facts.known_of_family(party_id, items) == {}


def test_a_grown_child_is_not_enrolled():
    party_id = own_party(people.actor(PARENT))
    set_now(2035, 5, 26)
    assert family_facts.known_of_family(party_id) == {}


def test_what_the_register_says_of_the_child_can_be_objected_to():
    parent = people.actor(PARENT)
    party_id = own_party(parent)
    made = object_to_data.to_value(parent, party_id, "school.child_household_address", "门牌应为89号。")
    assert made.agency.code == "yuecheng-public-security"
    with pytest.raises(ObjectionInvalid):
        object_to_data.to_value(parent, party_id, "freight.permit_number", "没有这一项。")
