"""Who sees which certificate, and what anybody learns by verifying one."""

import pytest

from tests.certificates.holders import make_enterprise
from tests.documents.offices import CITY, COUNTY, make_agency
from yueban.certificates import selectors
from yueban.certificates.choices import CertificateStatus
from yueban.certificates.errors import CertificateNotFound
from yueban.documents import services as documents
from yueban.kernel import roles
from yueban.kernel.actor import ANONYMOUS, SYSTEM, Actor, PartyHeld, PostHeld
from yueban.kernel.reference import Reference

OTHER_COUNTY = "330624000000"


def holder_of(party) -> Actor:
    return Actor(
        1, "甲", parties=(PartyHeld(party.pk, party.number, party.kind, party.name, "legal_person"),)
    )


def staff(role: str, agency: str = "test-transport", division: str = COUNTY) -> Actor:
    return Actor(
        2, "乙", posts=(PostHeld(role, agency, "某局", division, is_city_wide=role == roles.SUPERVISOR),)
    )


def test_holder_issuer_and_supervisor_see_a_certificate_and_nobody_else_does(issue, enterprise):
    certificate = issue()
    stranger = make_enterprise("test-stranger", "绍兴市他人有限公司")
    sees = {
        "holder": holder_of(enterprise),
        "reviewer of the issuer": staff(roles.REVIEWER),
        "supervisor of the county": staff(roles.SUPERVISOR, "test-oversight"),
        "supervisor of the city": staff(roles.SUPERVISOR, "test-oversight", CITY),
    }
    does_not = {
        "another enterprise": holder_of(stranger),
        "a reviewer of another agency in the county": staff(roles.REVIEWER, "test-health"),
        "a clerk of another agency in the county": staff(roles.CLERK, "test-health"),
        "a supervisor of another county": staff(roles.SUPERVISOR, "test-oversight", OTHER_COUNTY),
        "nobody": ANONYMOUS,
        "the system without a party": SYSTEM,
    }
    for who, actor in sees.items():
        assert selectors.certificates_visible_to(actor).filter(pk=certificate.pk).exists(), who
        assert selectors.get_certificate(certificate.number, actor=actor) == certificate, who
    for who, actor in does_not.items():
        assert not selectors.certificates_visible_to(actor).filter(pk=certificate.pk).exists(), who
        with pytest.raises(CertificateNotFound):
            selectors.get_certificate(certificate.number, actor=actor)


def test_a_list_shows_only_what_its_reader_may_see(issue, enterprise):
    other = make_enterprise("test-stranger", "绍兴市他人有限公司")
    elsewhere = make_agency(
        "test-keqiao", prefix="测试柯交", division="330603000000", body="11990603MB0000002"
    )
    mine = issue()
    theirs = issue(holder=other, agency=elsewhere, subject=Reference("case", "other"))
    assert list(selectors.certificates_visible_to(holder_of(enterprise))) == [mine]
    assert list(selectors.certificates_visible_to(staff(roles.DECIDER, "test-keqiao", "330603000000"))) == [
        theirs
    ]
    assert list(selectors.certificates_of([enterprise.pk])) == [mine]
    assert list(selectors.certificates_for(Reference("case", "other"))) == [theirs]


def test_the_valid_certificate_of_a_party_is_found_while_it_is_valid(issue, enterprise, person, on_day):
    certificate = issue()
    on_day(2030, 11, 21)
    assert selectors.find_valid(enterprise, "test-permit") == certificate
    assert selectors.find_valid(person, "test-permit") is None
    assert selectors.find_valid(enterprise, "another-permit") is None
    on_day(2030, 11, 22)
    assert selectors.find_valid(enterprise, "test-permit") is None
    on_day(2026, 11, 21)
    assert selectors.find_valid(enterprise, "test-permit") is None


def test_a_withheld_certificate_cannot_be_relied_on(issue, enterprise, on_day):
    certificate = issue()
    certificate.status = CertificateStatus.WITHHELD
    certificate.save(update_fields=["status"])
    on_day(2027, 1, 1)
    assert selectors.find_valid(enterprise, "test-permit") is None
    verified = selectors.verify(certificate.identifier)
    assert (verified.is_found, verified.is_valid, verified.status) == (True, False, "02")
    assert "暂扣" in verified.message


def test_anybody_with_the_code_or_the_identifier_verifies_a_certificate(issue, agency, on_day):
    certificate = issue()
    on_day(2026, 12, 1)
    documents.render_document(certificate.document_id)
    certificate.document.refresh_from_db()
    for text in (
        certificate.document.verify_code,
        certificate.identifier,
        f" {certificate.identifier.lower()} ",
    ):
        verified = selectors.verify(text)
        assert verified.is_valid
        assert verified.status_name == "有效"
        assert verified.issued_by == agency.name
        assert verified.holder == "绍兴市青瓷物流有限公司"
        assert verified.valid_until == certificate.valid_until
        assert verified.sha256 == certificate.document.sha256 != ""


def test_the_name_of_a_person_is_masked_for_the_public(issue, person):
    certificate = issue(holder=person)
    verified = selectors.verify(certificate.identifier)
    assert verified.holder == "诸*䶮"
    assert person.name not in repr(verified)


def test_a_certificate_whose_time_is_over_or_not_yet_come_says_so(issue, on_day):
    certificate = issue()
    on_day(2031, 1, 1)
    over = selectors.verify(certificate.identifier)
    assert (over.is_valid, over.status, over.status_name) == (False, "05", "失效")
    on_day(2026, 11, 1)
    early = selectors.verify(certificate.identifier)
    assert not early.is_valid
    assert "尚未" in early.message


def test_what_is_not_found_gets_one_and_the_same_answer(issue):
    certificate = issue()
    answers = {
        selectors.verify(text)
        for text in (
            "",
            "0" * 32,
            certificate.number,  # serial, and so guessable
            certificate.identifier[:-1] + ("A" if certificate.identifier[-1] != "A" else "B"),
            "'; drop table",
        )
    }
    (answer,) = answers
    assert not answer.is_found
    assert answer.holder == ""


def test_the_paper_of_another_kind_is_no_certificate(issue, agency):
    receipt = documents.create_document(
        kind="receipt",
        subject=Reference("case", "1"),
        agency_code=agency.code,
        title="收件凭证",
        content={},
        actor=SYSTEM,
        division=COUNTY,
    )
    assert not selectors.verify(receipt.verify_code).is_found
