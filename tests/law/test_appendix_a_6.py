"""Appendix A 6: the data check of a 证明 fails twice → 协查 → 承诺 → paper, and what the case then counts as.

It counts as 无证明化办件 when it ends at data, 协查 or 承诺, not at paper; a licence that the applicant holds counts
only towards 免提交办件.
"""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import jobless, people
from tests.jobless import CONNECTOR, PROOF, WORKED
from tests.sources import counterpart
from yueban.approvals.choices import TaskOutcome
from yueban.cases.models import Case
from yueban.certificates.models import Exchange
from yueban.commands.demo_sources import Counterpart
from yueban.flows import fall_back
from yueban.kernel import clock
from yueban.oversight import selectors as oversight

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources() -> Iterator[Counterpart]:
    """The data sources, to be told how to behave."""
    with counterpart() as server:
        yield server


def counted(case: Case) -> dict[str, tuple[int, int]]:
    """Part and whole of the two figures over this one case."""
    span = oversight.Span(clock.today() - timedelta(days=1), clock.today())
    shares = oversight.figures_of(Case.objects.filter(pk=case.pk), span)
    return {one.key: (one.part, one.whole) for one in shares if one.key in ("proof_free", "hand_free")}


def promise(case: Case) -> None:
    actor = people.actor(WORKED)
    fall_back.promise(actor, case.number, PROOF, jobless.person_of(actor).name)


def test_a_proof_that_data_confirm_counts(sources):
    assert counted(jobless.closed(jobless.accepted()))["proof_free"] == (1, 1)


def test_where_the_data_check_fails_twice_the_department_is_asked_and_its_answer_counts(sources):
    sources.book.behave(CONNECTOR, "fail")
    case = jobless.accepted()
    assert Exchange.objects.get().tries == 2
    jobless.answer_check(case, TaskOutcome.CONFORMS)
    assert counted(jobless.closed(case))["proof_free"] == (1, 1)


def test_where_the_department_finds_nothing_a_promise_counts(sources):
    sources.book.behave(CONNECTOR, "fail")
    case = jobless.accepted()
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    promise(case)
    assert counted(jobless.closed(case))["proof_free"] == (1, 1)


def test_a_paper_in_the_end_does_not_count_as_free_of_proofs(sources):
    sources.book.behave(CONNECTOR, "fail")
    case = jobless.accepted()
    jobless.answer_check(case, TaskOutcome.NOT_FOUND)
    fall_back.attach(people.actor(WORKED), case.number, PROOF, io.BytesIO(people.PDF), "解除合同.pdf")
    closed = jobless.closed(case)
    assert counted(closed)["proof_free"] == (0, 1)
    # The identity card that he holds was fetched: that is 免提交, and says nothing of proofs.
    assert counted(closed)["hand_free"] == (1, 1)


def test_a_licence_that_the_applicant_holds_counts_only_towards_handing_in_nothing():
    case = people.granted()
    people_case = Case.objects.get(pk=case.pk)
    classes = set(people_case.materials.values_list("detail__class", flat=True))
    assert "holding" in classes
    Case.objects.filter(pk=case.pk).update(ended_at=clock.now())
    _, whole_of_proofs = counted(case)["proof_free"]
    assert whole_of_proofs == int("proof" in classes)
    assert counted(case)["hand_free"][1] == 1


def test_beside_the_two_figures_stand_the_rungs_and_the_interfaces(sources):
    sources.book.behave(CONNECTOR, "fail")
    case = jobless.accepted()
    jobless.answer_check(case, TaskOutcome.CONFORMS)
    jobless.closed(case)
    span = oversight.Span(clock.today() - timedelta(days=1), clock.today())
    found = oversight.proofs_of(Case.objects.filter(pk=case.pk), span)
    assert {way.name: way.count for way in found.ways} == {"电子证照": 1, "部门核验": 1}
    assert (found.spared.part, found.spared.whole) == (2, 2)
    assert (found.answered.part, found.answered.whole) == (0, 1)
    assert [one.source for one in found.sources] == ["社会保险参保信息"]
