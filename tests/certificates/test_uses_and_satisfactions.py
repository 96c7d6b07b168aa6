"""Every use of a certificate is recorded; how a material was satisfied keeps its history."""

import pytest

from tests.certificates.conftest import CASE
from tests.files import samples
from yueban.certificates import selectors, services
from yueban.certificates.choices import SatisfactionWay
from yueban.certificates.errors import CertificateUseInvalid, SatisfactionInvalid
from yueban.certificates.models import Satisfaction
from yueban.files import services as files
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference

REVIEWER = Actor(user_id=3, name="审查人甲")
OTHER = Reference("case", "another")


def record(way, **more):
    return services.record_satisfaction(
        reference=CASE, material_key="business-licence", way=way, actor=REVIEWER, **more
    )


def test_a_use_says_who_used_it_why_and_for_what(issue):
    certificate = issue()
    services.record_use(certificate=certificate, purpose="核对许可范围", reference=OTHER, actor=REVIEWER)
    services.record_use(certificate=certificate, purpose="窗口核验", reference=CASE, actor=REVIEWER)
    last, first = selectors.uses_of(certificate)
    assert (first.purpose, first.reference_number, first.actor["name"]) == (
        "核对许可范围",
        "another",
        "审查人甲",
    )
    assert last.purpose == "窗口核验"


def test_a_use_without_a_purpose_is_refused(issue):
    certificate = issue()
    with pytest.raises(CertificateUseInvalid):
        services.record_use(certificate=certificate, purpose="  ", reference=CASE, actor=REVIEWER)
    assert not selectors.uses_of(certificate).exists()


def test_relying_on_a_certificate_is_a_use_once(issue, on_day):
    on_day(2026, 12, 1)
    certificate = issue()
    first = record(SatisfactionWay.CERTIFICATE, certificate=certificate, purpose="办理货运许可")
    again = record(SatisfactionWay.CERTIFICATE, certificate=certificate, purpose="办理货运许可")
    assert first == again
    (use,) = selectors.uses_of(certificate)
    assert (use.purpose, use.reference_number) == ("办理货运许可", CASE.number)


def test_a_certificate_that_is_not_valid_satisfies_nothing(issue, on_day):
    certificate = issue()
    on_day(2031, 1, 1)
    with pytest.raises(CertificateUseInvalid):
        record(SatisfactionWay.CERTIFICATE, certificate=certificate)
    assert not selectors.satisfactions_of(CASE).exists()
    assert not selectors.uses_of(certificate).exists()


@pytest.mark.django_db
def test_another_way_supersedes_and_the_history_stays():
    share = record(SatisfactionWay.SHARE, basis="数据共享", request="q-1", answer_digest="a" * 64)
    upload = record(
        SatisfactionWay.UPLOAD, file=files.store_file(content=samples.PDF, name="a.pdf", actor=SYSTEM)
    )
    assert list(selectors.satisfactions_of(CASE)) == [upload]
    assert list(selectors.satisfaction_history(CASE, "business-licence")) == [share, upload]
    share.refresh_from_db()
    assert share.superseded_at == upload.satisfied_at
    assert (share.answer_digest, share.actor_name) == ("a" * 64, "审查人甲")


@pytest.mark.django_db
def test_the_same_way_again_changes_nothing():
    first = record(SatisfactionWay.PROMISE, basis="告知承诺书", request="p-1")
    assert record("promise", basis="告知承诺书", request="p-1") == first
    assert Satisfaction.objects.filter(reference_number=CASE.number).count() == 1


@pytest.mark.django_db
def test_materials_and_matters_stand_apart():
    record(SatisfactionWay.PROMISE)
    services.record_satisfaction(reference=CASE, material_key="id-card", way="upload", actor=REVIEWER)
    services.record_satisfaction(reference=OTHER, material_key="id-card", way="later", actor=REVIEWER)
    assert {(row.material_key, row.way) for row in selectors.satisfactions_of(CASE)} == {
        ("business-licence", "promise"),
        ("id-card", "upload"),
    }
    assert selectors.satisfactions_of(OTHER).get().way == "later"


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["certificate", "reuse", "cancelled", "magic"])
def test_a_way_without_the_evidence_it_needs_is_refused(way):
    with pytest.raises(SatisfactionInvalid):
        record(way)
    assert not selectors.satisfactions_of(CASE).exists()
