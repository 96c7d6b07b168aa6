"""设立登记: a grant makes the licence, the enterprise and who stands for it, and what waits goes on in its name."""

import io
from typing import Any

import pytest
from django.db import transaction

from tests import people
from yueban.accounts import walls
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskOutcome
from yueban.cases import selectors as cases
from yueban.cases.choices import BundleState, CaseState, ChildState
from yueban.cases.errors import CaseMoveNotPossible, CaseNotFound
from yueban.cases.models import BundleCase, Case
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.catalogue.selectors import get_published
from yueban.certificates import selectors as certificates
from yueban.certificates.models import Certificate
from yueban.flows import apply, bundle, bundle_window, deliver, founding, review
from yueban.flows.wall_of import wall_of
from yueban.kernel import clock
from yueban.kernel.codes import uscc
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.reference import Reference
from yueban.notifications.selectors import messages_visible_to
from yueban.parties import selectors as parties
from yueban.parties.models import Party, Representation

pytestmark = pytest.mark.django_db

FOUNDER, FOUNDER_ID = people.CITIZEN, "999999196805070045"
NAME, ADDRESS = "样例货运有限公司", "绍兴市越城区样例路9号（演示地址）"
ANSWERS = {
    "licensed": "no",
    "company_type": "limited",
    "foreign": "no",
    "preapproval": "no",
    "premises": "rented",
    "vehicle_mass": "heavy",
    "cargo_kind": "general",
    "vehicle_readiness": "owned",
    "confirmed": "no",
    "invoices": "yes",
    "staff": "yes",
    "registered": "no",
}
FORM: dict[str, Any] = {
    **{key: value for key, value in people.FORM.items() if not key.startswith(("enterprise.", "contact."))},
    "contact.name": "赵样例",
    "contact.id_type": "resident_id",
    "contact.id_number": FOUNDER_ID,
    "contact.phone": "13800000003",
    "company.proposed_name": NAME,
    "company.registered_capital": "500000",
    "company.industry": "G5430",
    "enterprise.scope": "许可项目：道路货物运输（不含危险货物）",
    "premises.division": "330602000000",
    "premises.address": ADDRESS,
    "shareholders": [
        {
            "shareholder.name": "赵样例",
            "shareholder.id_type": "resident_id",
            "shareholder.id_number": FOUNDER_ID,
            "shareholder.subscribed": "500000",
            "shareholder.due_on": "2030-12-31",
        }
    ],
    "officers": [
        {
            "officer.post": "legal_representative",
            "officer.name": "赵样例",
            "officer.id_number": FOUNDER_ID,
            "officer.phone": "13800000003",
        }
    ],
    "taxsetup.accounting": "own",
    "taxsetup.invoice_count": "20",
    "insured": [
        {
            "empins.employee_name": "孙驾驶",
            "empins.employee_id": "999999198806120058",
            "empins.start_on": "2026-11-01",
            "empins.base": "5000",
        }
    ],
}
WAITING = ("permit", "tax", "insurance")


def taken_in(**other: Any) -> BundleCase:
    """Handed in by the founder and accepted at the window."""
    founder = people.actor(FOUNDER)
    version = bundles_read.get_bundle("start-transport-company", "330602000000")
    me = next(party.id for party in founder.parties if party.relation == "self")
    draft = bundle.start(founder, version.pk, ANSWERS, me)
    bundle.save_draft(founder, draft.number, FORM | other, None)
    for material in bundle.check(founder, draft.number).materials:
        if material.is_missing:
            content = io.BytesIO(people.PDF + material.key.encode())
            bundle.attach_file(founder, draft.number, material.key, content, f"{material.key}.pdf")
    made = bundle.submit(founder, draft.number)
    done = bundle_window.receive_all(people.actor(people.CLERK), made.number)
    assert done.left == ()
    return made


def registration(made: BundleCase) -> Case:
    case = made.children.get(child_key="registration").case
    assert case is not None
    return case


def decide(made: BundleCase, *, is_granted: bool = True, key: str = "") -> Case:
    case, reviewer = registration(made), people.actor("reviewer-hua")
    for task in approvals.inbox(reviewer).filter(reference_number=case.number):
        outcome = TaskOutcome.CONFORMS if is_granted else TaskOutcome.DEVIATES
        review.finish_task(reviewer, task.pk, outcome=outcome, opinion="已经核对")
    return review.decide(
        people.actor("decider-yun"),
        case.number,
        is_granted=is_granted,
        reason="" if is_granted else "名称与已登记的相同。",
        key=key,
    )


def licence_of(made: BundleCase) -> Certificate:
    return certificates.certificates_for(Reference("case", registration(made).number)).get()


def test_a_granted_registration_issues_the_licence_to_a_new_enterprise_that_its_founder_stands_for():
    made = taken_in()
    assert [row.state for row in made.children.order_by("position")][1:] == [ChildState.WAITING] * 3
    assert decide(made).state == CaseState.READY
    licence = licence_of(made)
    code = licence.data["enterprise.uscc"]
    assert uscc.is_valid(code, profile=Profile.DEMO)
    assert not uscc.is_valid(code, profile=Profile.NATIONAL)
    assert code.startswith("91999999MA8")
    assert licence.data == {
        "enterprise.name": NAME,
        "enterprise.uscc": code,
        "enterprise.legal_person_name": "赵样例",
        "enterprise.address": ADDRESS,
        "enterprise.scope": FORM["enterprise.scope"],
        "enterprise.founded_on": clock.today().isoformat(),
    }
    company = licence.holder
    assert (company.kind, company.name, company.division_code) == ("enterprise", NAME, "330602000000")
    assert parties.id_number_of(company) == code
    assert code.encode() not in bytes(company.id_cipher)
    held = next(party for party in people.actor(FOUNDER).parties if party.id == company.pk)
    assert held.relation == "legal_person"
    known = parties.known_facts(company.pk)
    assert known["enterprise.uscc"].value == code
    assert known["enterprise.name"].source == founding.SOURCE


def test_what_waited_goes_on_accepted_as_cases_of_the_new_enterprise_with_four_fields_of_its_licence():
    made = taken_in()
    decide(made)
    licence, founder = licence_of(made), people.actor(FOUNDER)
    for key in WAITING:
        case = made.children.get(child_key=key).case
        assert case is not None
        assert case.state == CaseState.ACCEPTED, key
        assert (case.party_id, case.applicant_name) == (licence.holder_id, NAME)
        for field in ("name", "uscc", "legal_person_name", "address"):
            assert case.form[f"enterprise.{field}"] == licence.data[f"enterprise.{field}"]
        assert case.materials.get(key="business-licence").way == "certificate"
        assert cases.get_case(founder, case.number) == case
        for stranger in (people.OWNER, people.STRANGER):
            with pytest.raises(CaseNotFound):
                cases.get_case(people.actor(stranger), case.number)
        told = [one.event for one in messages_visible_to(founder) if one.reference_number == case.number]
        assert told == ["accepted"]
    assert cases.get_bundle_case(founder, made.number).party.kind == "person"
    own = cases.own_bundles(founder)
    assert list(cases.bundles_of_party(own, licence.holder_id)) == [made]
    assert not cases.bundles_of_party(own, people.company_of(people.actor(people.OWNER))).exists()


def test_the_second_wall_shows_the_founder_all_four_and_other_companies_none():
    made = taken_in()
    decide(made)
    for who, count in ((FOUNDER, 4), (people.OWNER, 0), (people.STRANGER, 0)):
        actor = people.actor(who)
        walls.begin_request()
        try:
            walls.enter(wall_of(actor))
            assert Case.objects.filter(in_bundle=True).count() == count, who
            assert Party.objects.filter(name=NAME).count() == (1 if count else 0), who
            assert Certificate.objects.filter(type__key="business-licence", holder__name=NAME).count() == (
                1 if count else 0
            ), who
        finally:
            walls.end_request()


def test_a_refused_registration_makes_no_enterprise_and_nothing_begins():
    made = taken_in()
    before = Party.objects.count()
    decide(made, is_granted=False)
    made.refresh_from_db()
    assert made.state == BundleState.REFUSED
    assert {row.state for row in made.children.exclude(child_key="registration")} == {ChildState.NOT_STARTED}
    assert Party.objects.count() == before
    assert not certificates.certificates_for(Reference("case", registration(made).number)).exists()
    assert Case.objects.filter(in_bundle=True).count() == 1


def test_deciding_again_and_issuing_again_give_the_same_code_and_the_same_enterprise():
    made = taken_in()
    decide(made, key="once")
    first, count = licence_of(made), Party.objects.count()
    decide(made, key="once")
    case = registration(made)
    founding.register(case)
    assert founding.enterprise_of(case, people.actor("decider-yun")) == first.holder
    founding.hand_over(case)
    assert licence_of(made).data["enterprise.uscc"] == first.data["enterprise.uscc"]
    assert Party.objects.count() == count
    assert Representation.objects.filter(party=first.holder).count() == 1
    assert Case.objects.filter(in_bundle=True).count() == 4


def test_a_decision_killed_in_the_middle_leaves_neither_licence_nor_enterprise_and_can_be_made_again(
    monkeypatch,
):
    made = taken_in()
    before = Party.objects.count()

    def fail(*_args, **_options):
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(deliver.founding, "hand_over", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            decide(made)
    assert Party.objects.count() == before
    assert "enterprise.uscc" not in registration(made).facts
    decide(made)
    assert Party.objects.count() == before + 1
    assert licence_of(made).holder.name == NAME


def test_two_companies_have_two_codes():
    made, other = taken_in(), None
    decide(made)
    other = taken_in(**{"company.proposed_name": "样例快运有限公司"})
    decide(other)
    codes = {licence_of(one).data["enterprise.uscc"] for one in (made, other)}
    assert len(codes) == 2


def test_who_is_named_legal_representative_stands_for_it_and_the_founder_alone_sees_where_it_stands():
    officer = {
        "officer.post": "legal_representative",
        "officer.name": "王演示",
        "officer.id_number": "999999197908220039",
        "officer.phone": "13800000002",
    }
    made = taken_in(officers=[officer])
    decide(made)
    company = licence_of(made).holder_id
    assert company in people.actor(people.STRANGER).party_ids
    founder = people.actor(FOUNDER)
    assert founder.held(company) is None
    case = made.children.get(child_key="tax").case
    assert case is not None
    assert case.party_id == company
    with pytest.raises(CaseNotFound):
        cases.get_case(founder, case.number)
    assert cases.get_bundle_case(founder, made.number) == made


def test_without_a_legal_representative_nothing_is_registered():
    made = taken_in(officers=[FORM["officers"][0] | {"officer.post": "manager"}])
    with pytest.raises(CaseMoveNotPossible, match="法定代表人"):
        decide(made)
    assert registration(made).state == CaseState.DECIDING


def test_where_only_the_registrars_own_system_assigns_codes_none_is_invented(monkeypatch):
    monkeypatch.setattr("yueban.certificates.services.get_current", lambda: Profile.NATIONAL)
    made = taken_in()
    before = Party.objects.count()
    decide(made)
    assert Party.objects.count() == before
    assert not certificates.certificates_for(Reference("case", registration(made).number)).exists()


TRADER: dict[str, Any] = {
    "contact.name": "赵样例",
    "contact.id_number": FOUNDER_ID,
    "contact.phone": "13800000003",
    "person.address": "绍兴市越城区样例路8号",
    "person.born_on": "1968-05-07",
    "sole.name": "样例小吃店",
    "premises.division": "330602000000",
    "premises.address": ADDRESS,
    "premises.tenure": "rented",
    "sole.scope": "小吃服务",
    "sole.capital": "20000",
    "sole.staff": "2",
    "sole.form": "person",
    "delivery.method": "window",
}


def test_a_sole_trader_is_registered_alike_with_a_code_of_traders():
    founder, version = people.actor(FOUNDER), get_published("sole-trader-registration", "330602000000")
    answers = {"kind": "new", "person": "self", "place": "shop", "scope": "none"}
    draft = apply.start(founder, version.pk, answers, founder.parties[0].id)
    apply.save_draft(founder, draft.number, TRADER, None)
    for material in apply.check(founder, draft.number).materials:
        if material.is_missing:
            people.attach(founder, draft.number, material.key)
    case = apply.submit(founder, draft.number)
    review.receive(people.actor(people.CLERK), case.number)
    review.accept(people.actor(people.CLERK), case.number)
    reviewer = people.actor("reviewer-hua")
    for task in approvals.inbox(reviewer).filter(reference_number=case.number):
        review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS, opinion="已经核对")
    review.decide(people.actor("decider-yun"), case.number, is_granted=True)
    licence = certificates.certificates_for(Reference("case", case.number)).get()
    assert (licence.holder.name, licence.holder.kind) == ("样例小吃店", "enterprise")
    assert licence.data["enterprise.uscc"].startswith("92999999MA8")
    assert licence.holder_id in people.actor(FOUNDER).party_ids
