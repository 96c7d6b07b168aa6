"""Divisions renamed or merged while cases run: the case goes on, old papers keep the old words."""

import pytest

from tests import people
from tests.flows.city_folder import CityFolder
from yueban.agencies import services as agencies
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.audit import selectors as audit
from yueban.cases import selectors as cases
from yueban.cases.choices import CaseState
from yueban.divisions import selectors as divisions
from yueban.divisions import services as division_services
from yueban.documents import selectors as documents
from yueban.flows import merge_divisions, review
from yueban.flows.load_city import load_city
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference
from yueban.parties.models import Party

pytestmark = pytest.mark.django_db

OLD, NEW = "330602011221", "330602011220"
VILLAGE_REVIEWER = people.STRANGER


def a_running_case():
    """Accepted, of an enterprise in the old village, where one reviewer has his post."""
    Party.objects.filter(name="示例运输有限公司").update(division_code=OLD)
    agencies.give_post(
        user=people.user(VILLAGE_REVIEWER),
        role=roles.REVIEWER,
        agency="yuecheng-transport",
        actor=SYSTEM,
        division=OLD,
    )
    return people.accepted()


def sees(username, case):
    return cases.cases_visible_to(people.actor(username)).filter(pk=case.pk).exists()


def tasks_of(username, case):
    return approvals.inbox(people.actor(username)).filter(reference_number=case.number)


def test_a_case_goes_on_when_its_village_is_merged():
    case = a_running_case()
    assert (case.place_division, sees(VILLAGE_REVIEWER, case)) == (OLD, True)
    for _ in range(2):
        merge_divisions.merge(SYSTEM, OLD, NEW, clock.today())
    case.refresh_from_db()
    assert (case.place_division, case.party.division_code) == (NEW, NEW)
    assert divisions.current_code(OLD) == NEW
    # The post has moved with the village: same person, same case, same task.
    assert sees(VILLAGE_REVIEWER, case)
    assert [post.division for post in people.actor(VILLAGE_REVIEWER).posts] == [NEW]
    review.finish_task(
        people.actor(VILLAGE_REVIEWER),
        tasks_of(VILLAGE_REVIEWER, case).get(kind=TaskKind.REVIEW).pk,
        outcome=TaskOutcome.CONFORMS,
        opinion="核对无误",
    )
    kinds = [event.kind for event in audit.events_of(Reference("case", case.number))]
    assert kinds.count("division_merged") == 1


def test_an_ended_case_keeps_the_place_it_had():
    case = a_running_case()
    type(case).objects.filter(pk=case.pk).update(state=CaseState.WITHDRAWN)
    merge_divisions.merge(SYSTEM, OLD, NEW, clock.today())
    case.refresh_from_db()
    assert case.place_division == OLD


def test_a_merge_written_in_the_pack_carries_the_cases_over(tmp_path):
    case = a_running_case()
    city = CityFolder(tmp_path / "city")
    line = next(
        row for row in (city.root / "divisions.csv").read_text("utf-8").splitlines() if row.startswith(OLD)
    )
    city.replace("divisions.csv", line, line.removesuffix(",,,,") + f",,{NEW},2026-01-01,")
    assert load_city(city.root).changes["divisions"].changed == 1
    case.refresh_from_db()
    assert case.place_division == NEW
    assert load_city(city.root).changes["divisions"].changed == 0


def test_papers_issued_before_a_renaming_keep_the_old_name():
    case = review.decide(
        people.actor(people.DECIDER), people.deciding().number, is_granted=False, reason="车辆不合格"
    )
    issued = documents.documents_of(Reference("case", case.number))
    before = {paper.pk: paper.content for paper in issued}
    assert any("绍兴市越城区人民政府" in str(body) for body in before.values())
    division_services.rename_division(code="330602000000", name="镜湖区", actor=SYSTEM)
    after = documents.documents_of(Reference("case", case.number))
    assert {paper.pk: paper.content for paper in after} == before
    assert [row.code for row in divisions.divisions_called("越城区")] == ["330602000000"]
