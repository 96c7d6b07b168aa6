"""Many issue at the same moment: one certificate a matter, serials without gaps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from tests.certificates.conftest import CASE, DATA, DECIDER, PERMIT
from tests.certificates.holders import make_enterprise
from tests.documents.offices import make_agency
from yueban.certificates import services
from yueban.certificates.choices import SatisfactionWay
from yueban.certificates.models import Certificate, Satisfaction
from yueban.documents.models import Document
from yueban.kernel.reference import Reference

AT_ONCE = 6
pytestmark = pytest.mark.django_db(transaction=True)


def run_at_once(work):
    together = Barrier(AT_ONCE)

    def one(position: int):
        try:
            together.wait()
            return work(position)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def issue_for():
    agency, holder = make_agency(), make_enterprise()
    services.load_types([PERMIT])

    def issue_for(source: Reference) -> Certificate:
        return services.issue_certificate(
            type_key="test-permit",
            holder=holder,
            agency=agency,
            data=DATA,
            valid_from=date(2026, 11, 22),
            subject=source,
            actor=DECIDER,
        )

    return issue_for


def test_one_matter_gives_one_certificate_and_one_document(issue_for):
    issued = run_at_once(lambda _position: issue_for(CASE).pk)
    assert len(set(issued)) == 1
    assert Certificate.objects.filter(source_number=CASE.number).count() == 1
    assert Document.objects.filter(subject_number=CASE.number).count() == 1
    assert issue_for(Reference("case", "next")).number[-7:-1] == "000002", "no number was used up"


def test_different_matters_get_serials_without_gaps_or_doubles(issue_for):
    numbers = run_at_once(lambda position: issue_for(Reference("case", f"at-once-{position}")).number)
    assert sorted(int(number[-7:-1]) for number in numbers) == list(range(1, AT_ONCE + 1))


def test_ways_recorded_at_once_leave_one_that_counts_and_all_in_the_history():
    def record(position: int) -> None:
        services.record_satisfaction(
            reference=CASE,
            material_key="id-card",
            way=SatisfactionWay.CHECK,
            request=f"task-{position}",
            actor=DECIDER,
        )

    run_at_once(record)
    rows = Satisfaction.objects.filter(reference_number=CASE.number)
    assert rows.filter(superseded_at=None).count() == 1
    assert {row.request for row in rows} == {f"task-{position}" for position in range(AT_ONCE)}
