"""A certificate relied on at submission and revoked since is noticed at the decision; an earlier paper serves again."""

from datetime import timedelta

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.certificates import selectors as certificates
from yueban.certificates import services as certificate_services
from yueban.certificates.choices import CertificateStatus
from yueban.certificates.errors import ReuseRefused
from yueban.certificates.models import Holding
from yueban.flows import apply, prove, review
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
RULES = "safety-rules"


def revoke_licence_of(case: Case) -> None:
    held = certificates.satisfactions_of(Reference("case", case.number)).get(material_key="business-licence")
    source = Reference(held.certificate.source_kind, held.certificate.source_number)
    certificate_services.end_certificates(
        source=source, status=CertificateStatus.REVOKED, reason="演示吊销", actor=SYSTEM
    )


def test_a_certificate_revoked_between_submission_and_decision_stops_the_grant():
    case = people.deciding()
    revoke_licence_of(case)
    with pytest.raises(CaseMoveNotPossible, match="营业执照（吊销）"):
        review.decide(people.actor(people.DECIDER), case.number, is_granted=True)
    review.decide(people.actor(people.DECIDER), case.number, is_granted=False, reason="营业执照已吊销。")


def test_the_reviewer_sees_it_on_the_material():
    case = people.accepted()
    address = f"/desk/cases/{case.number}/?paper=m-business-licence"
    assert "证照已经不能用" not in visitor(people.REVIEWER).get(address).content.decode()
    revoke_licence_of(case)
    page = visitor(people.REVIEWER).get(address).content.decode()
    assert "证照已经不能用" in page
    assert "状态变为“吊销”" in page


def test_a_paper_of_a_granted_case_serves_again_when_its_owner_agrees():
    first = people.granted()
    owner = people.actor(people.OWNER)
    holding = Holding.objects.get(canonical="transport-safety-rules")
    assert (holding.source_number, holding.handed_in_on) == (first.number, clock.today())
    again = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    apply.save_draft(owner, again.number, people.FORM, None)
    status = next(one for one in apply.check(owner, again.number).materials if one.key == RULES)
    assert (status.way, status.is_missing, status.reusable) == ("upload", True, holding)
    row = prove.use_again(owner, again.number, RULES)
    assert (row.file_id, row.reused_from) == (holding.file_id, first.number)
    status = next(one for one in apply.check(owner, again.number).materials if one.key == RULES)
    assert (status.way, status.is_spared, status.reusable) == ("reuse", True, None)
    case = apply.submit(owner, again.number)
    kept = certificates.satisfactions_of(Reference("case", case.number)).get(material_key=RULES)
    assert (kept.way, kept.file_id) == ("reuse", holding.file_id)
    assert first.number in kept.basis
    current = case.materials.get(key=RULES).files.get(is_current=True)
    assert current.file_id == holding.file_id, "who reviews sees the paper itself"


def test_a_paper_too_old_or_of_somebody_else_does_not_serve():
    people.granted()
    stranger = people.actor(people.STRANGER)
    other = apply.start(stranger, people.freight().pk, people.ANSWERS, people.company_of(stranger))
    with pytest.raises(ReuseRefused):
        prove.use_again(stranger, other.number, RULES)
    moment = clock.now() + timedelta(days=366)
    clock.set_source(lambda: moment)
    owner = people.actor(people.OWNER)
    again = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    with pytest.raises(ReuseRefused):
        prove.use_again(owner, again.number, RULES)
