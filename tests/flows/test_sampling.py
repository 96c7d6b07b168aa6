"""抽查: the lot can be drawn again, a finding is written once, and it counts in the figures."""

from datetime import timedelta

import pytest

from tests import people
from yueban.audit.selectors import events_of
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.flows import apply, sampling
from yueban.kernel import clock
from yueban.kernel.errors import NotAllowed, ServiceError
from yueban.kernel.reference import Reference
from yueban.oversight import selectors as oversight
from yueban.oversight.choices import Point
from yueban.oversight.models import Sample
from yueban.oversight.sampling import digest_of, drawn

pytestmark = pytest.mark.django_db
SOUND = {str(point): "yes" for point in Point}


def closed() -> str:
    """The number of a case that has ended."""
    case = people.submitted()
    return apply.withdraw(people.actor(people.OWNER), case.number).number


def draw(size: int = 2) -> Sample:
    day = clock.today()
    return sampling.draw(people.actor(people.SUPERVISOR), first=day, last=day, item_name="", size=size)


def test_whoever_has_the_numbers_and_the_seed_draws_the_same():
    numbers = [closed() for _ in range(5)]
    sample = draw(3)
    assert [row.case_number for row in oversight.sampled_cases(sample)] == drawn(numbers, 3, sample.seed)
    assert (sample.population, sample.population_digest) == (5, digest_of(numbers))
    kept = events_of(Reference("sample", sample.number)).get().data
    assert kept["seed"] == sample.seed and kept["digest"] == sample.population_digest


def test_two_draws_have_seeds_of_their_own():
    closed()
    assert draw(1).seed != draw(1).seed


def test_running_cases_are_not_drawn_and_too_few_are_all_drawn():
    people.received()
    number = closed()
    assert [row.case_number for row in oversight.sampled_cases(draw(10))] == [number]


def test_where_nothing_was_closed_nothing_is_drawn():
    with pytest.raises(ServiceError) as refused:
        draw()
    assert "first" in refused.value.data["fields"]


def test_a_no_needs_words_and_every_point_an_answer():
    number = closed()
    sample = draw()
    supervisor = people.actor(people.SUPERVISOR)
    for answers, field in (
        ({}, "materials"),
        (SOUND | {"times": "no"}, "note"),
        (SOUND | {"times": "maybe"}, "times"),
    ):
        with pytest.raises(ServiceError) as refused:
            sampling.check(supervisor, sample.number, number, answers=answers, note="")
        assert field in refused.value.data["fields"]


def test_a_finding_is_written_once():
    number, supervisor = closed(), people.actor(people.SUPERVISOR)
    sample = draw()
    found = sampling.check(
        supervisor, sample.number, number, answers=SOUND | {"times": "no"}, note="收件晚了两天"
    )
    assert found.result == "faulty"
    with pytest.raises(ServiceError) as refused:
        sampling.check(supervisor, sample.number, number, answers=SOUND, note="")
    assert refused.value.code == "sample.checked"


def test_only_supervisors_draw_and_another_agencys_sample_is_not_found():
    closed()
    sample = draw()
    with pytest.raises(NotAllowed):
        sampling.draw(people.actor(people.CLERK), first=sample.first, last=sample.last, item_name="", size=1)
    with pytest.raises(ServiceError) as refused:
        oversight.get_sample(people.actor("supervisor-ji"), sample.number)
    assert refused.value.code == "sample.not_found"


def test_findings_count_in_the_figures():
    case = people.granted()
    Case.objects.filter(pk=case.pk).update(ended_at=clock.now())
    supervisor = people.actor(people.SUPERVISOR)
    sample = draw(1)
    sampling.check(supervisor, sample.number, case.number, answers=SOUND, note="")
    span = oversight.Span(clock.today() - timedelta(days=1), clock.today())
    shares = {one.key: one for one in oversight.figures_of(cases_read.cases_visible_to(supervisor), span)}
    assert (shares["sampled"].part, shares["sampled"].whole) == (1, 1)
