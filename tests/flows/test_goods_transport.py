"""普通货物运输经营准入 as the city's pack has it: one form, a permit, a certificate for each truck, issued together."""

import pytest

from tests import bundles, people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.cases.choices import BundleState, CaseState
from yueban.cases.errors import NotProceeding
from yueban.cases.models import Case
from yueban.certificates import selectors as certificates
from yueban.flows import bundle, bundle_window, review
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


def grant(case: Case) -> Case:
    for username in (people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER, people.REVIEWER):
        worker = people.actor(username)
        for task in approvals.inbox(worker).filter(reference_number=case.number):
            review.finish_task(worker, task.pk, outcome=TaskOutcome.CONFORMS)
    return review.decide(people.actor(people.DECIDER), case.number, is_granted=True)


def test_the_permits_number_flows_into_each_trucks_certificate_and_all_are_issued_together():
    made = bundles.goods_submitted()
    assert [row.name for row in made.children.order_by("position")][1:] == [
        "道路运输证配发（1）",
        "道路运输证配发（2）",
    ]
    done = bundle_window.receive_all(people.actor(people.CLERK), made.number)
    assert (done.received, done.accepted, done.left) == (1, 1, ())
    grant(bundles.case_of(made, "permit"))
    (permit,) = certificates.certificates_for(Reference("case", bundles.case_of(made, "permit").number))
    assert bundles.child(made, "permit").is_held
    clerk = people.actor(people.CLERK)
    assert not approvals.inbox(clerk).filter(kind=TaskKind.DELIVER).exists()
    plates, numbers = set(), [permit.identifier]
    assert not certificates.verify(permit.identifier).is_found
    for row in made.children.filter(child_key="certificate").select_related("case"):
        assert row.case is not None
        assert row.case.state == CaseState.ACCEPTED
        grant(row.case)
        (found,) = certificates.certificates_for(Reference("case", row.case.number))
        assert found.data["freight.permit_number"] == permit.number
        numbers.append(found.identifier)
        plates.add(found.data["vehicle.plate"])
    assert plates == {"浙D00001", "浙D00002"}
    assert all(certificates.verify(number).is_valid for number in numbers)
    made.refresh_from_db()
    assert made.state == BundleState.DONE
    assert approvals.inbox(clerk).filter(kind=TaskKind.DELIVER).count() == 3


def test_a_light_truck_is_told_that_nothing_is_needed():
    version = bundles.bundles_read.get_bundle("goods-transport", bundles.COUNTY)
    owner = people.actor(people.OWNER)
    with pytest.raises(NotProceeding):
        bundle.start(owner, version.pk, {"vehicle_mass": "light"}, people.company_of(owner))
