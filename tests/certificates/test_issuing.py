"""Issuing: numbered, identified, printed, once for each matter."""

from datetime import date
from itertools import count

import pytest

from tests.certificates.conftest import CASE, DATA
from yueban.audit import selectors as audit
from yueban.certificates.errors import CertificateInvalid, CertificateTypeNotFound
from yueban.certificates.models import Certificate
from yueban.documents import selectors as documents
from yueban.documents import services as printing
from yueban.files import selectors as files
from yueban.kernel.codes import licence_identifier
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.codes.public_number import check_digit
from yueban.kernel.reference import Reference

serials = count(1)


def another_case() -> Reference:
    return Reference("case", f"test-{next(serials)}")


def test_a_certificate_carries_a_valid_identifier_made_of_its_parts(issue, agency, on_day):
    on_day(2026, 11, 22)
    certificate = issue()
    parts = licence_identifier.parse(certificate.identifier, profile=Profile.DEMO)
    assert parts.type_code == "11100000000013338W801"
    assert parts.issuer == agency.uscc
    assert (parts.serial, parts.version) == (certificate.number, "001")
    assert certificate.number[:-1] == "3306022026801000001"
    assert certificate.number[-1] == check_digit(certificate.number[:-1])


def test_validity_ends_the_day_before_the_anniversary(issue):
    assert issue().valid_until == date(2030, 11, 21)
    leap = issue(subject=another_case(), valid_from=date(2028, 2, 29))
    assert leap.valid_until == date(2032, 2, 28)


def test_the_same_matter_and_type_give_the_same_certificate(issue):
    first = issue()
    again = issue(data={}, valid_from=date(2027, 1, 1))
    assert again == first
    assert documents.documents_of(CASE).count() == 1
    assert Certificate.objects.filter(source_number=CASE.number).count() == 1


def test_serials_run_on_without_gaps_for_other_matters(issue):
    numbers = [issue().number, issue().number, issue(subject=another_case()).number]
    assert [number[-7:-1] for number in numbers] == ["000001", "000001", "000002"]


def test_a_required_field_that_is_empty_stops_the_issue_and_is_named(issue):
    with pytest.raises(CertificateInvalid) as refusal:
        issue(data={**DATA, "freight.scope": []})
    assert refusal.value.fields == {"freight.scope": "证照必须写明“经营范围”。"}
    assert not Certificate.objects.filter(source_number=CASE.number).exists()


def test_an_unknown_type_is_not_issued(issue):
    with pytest.raises(CertificateTypeNotFound):
        issue(type_key="no-such-permit")


def test_the_paper_says_holder_data_validity_and_identifier(issue):
    certificate = issue()
    content = certificate.document.content
    assert content["addressee"] == "绍兴市青瓷物流有限公司"
    assert content["facts"] == [
        ["证照编号", certificate.number],
        ["名称", "绍兴市青瓷物流有限公司"],
        ["经营范围", "道路普通货物运输、货物专用运输"],
        ["有效期", "自2026年11月22日至2030年11月21日"],
    ]
    assert certificate.identifier in content["footer"][0]
    document = printing.render_document(certificate.document_id)
    assert document.subject == CASE
    with files.open_file(document.file) as handle:
        assert handle.read(5) == b"%PDF-"


def test_issuing_is_an_event_of_the_certificate(issue):
    certificate = issue()
    issue()
    (event,) = audit.events_of(certificate.reference)
    assert event.kind == "certificate_issued"
    assert event.data["source"] == str(CASE)
    assert event.actor["name"] == "决定人甲"
