"""The figures of a department: parts of wholes, counted from cases that can be looked at one by one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests import people
from tests.channels.visitors import content_of, visitor
from yueban.cases import selectors as cases_read
from yueban.cases.models import Case
from yueban.clocks.models import Clock
from yueban.flows import review
from yueban.kernel import clock
from yueban.oversight import selectors as oversight

pytestmark = pytest.mark.django_db
ITEMS = [{"material": "safety-rules", "what": "缺少盖章"}]


@pytest.fixture(scope="module")
def world(rows_of_module) -> list[Case]:
    """Two decided, one of them after its promised day; one returned; one asked once, one asked twice."""
    clerk = people.actor(people.CLERK)
    in_time, late = people.granted(), people.granted()
    for kind in ("promise", "statutory"):
        days = 3 if kind == "promise" else -3
        Clock.objects.filter(reference_number=late.number, kind=kind).update(
            due_on=clock.today() - timedelta(days=days)
        )
    returned = review.return_case(clerk, people.received().number, "与前一件重复。")
    once, twice = people.received(), people.received()
    review.request_supplement(clerk, once.number, ITEMS)
    review.request_supplement(clerk, twice.number, ITEMS)
    Case.objects.filter(pk=twice.pk).update(supplements_asked=2)
    return [in_time, late, returned, once, twice]


def today() -> oversight.Span:
    return oversight.Span(clock.today(), clock.today())


def counted(username: str, span: oversight.Span | None = None) -> dict[str, tuple[int, int]]:
    rows = cases_read.cases_visible_to(people.actor(username))
    return {one.key: (one.part, one.whole) for one in oversight.figures_of(rows, span or today())}


def test_each_figure_is_a_part_of_its_whole(world):
    assert counted(people.DECIDER) == {
        "in_time": (1, 2),
        "late": (1, 2),
        "late_by_law": (0, 2),
        "returned": (1, 5),
        "not_accepted": (0, 5),
        "supplement": (2, 5),
        "second": (1, 2),
        "sampled": (0, 0),
        "proof_free": (0, 0),
        "hand_free": (0, 0),
    }


def test_behind_each_number_stand_exactly_its_cases(world):
    rows = cases_read.cases_visible_to(people.actor(people.DECIDER))
    for key, (part, whole) in counted(people.DECIDER).items():
        figure = oversight.BY_KEY[key]
        assert oversight.cases_behind(rows, figure, today(), only_part=True).count() == part
        assert oversight.cases_behind(rows, figure, today(), only_part=False).count() == whole
    late = oversight.cases_behind(rows, oversight.BY_KEY["late"], today(), only_part=True)
    assert [case.number for case in late] == [world[1].number]


def test_another_departments_cases_and_other_days_are_not_counted(world):
    assert set(counted(people.OTHER_COUNTY).values()) == {(0, 0)}
    yesterday = clock.today() - timedelta(days=1)
    assert set(counted(people.DECIDER, oversight.Span(yesterday, yesterday)).values()) == {(0, 0)}


def test_the_last_day_counts_to_its_last_minute(world):
    midnight = timezone.localtime().replace(hour=23, minute=59, second=59)
    Case.objects.filter(pk=world[0].pk).update(decided_at=midnight)
    assert counted(people.DECIDER)["in_time"] == (1, 2)


def test_the_page_shows_counts_but_no_percentage_of_a_few(world):
    page = visitor(people.DECIDER).get("/desk/figures/").content.decode()
    assert "少于5件，不算百分比" in page
    assert "20.00%" in page  # one of five was returned
    assert "95%区间" in page


def test_the_cases_of_a_number_are_listed_and_open(world):
    client = visitor(people.DECIDER)
    page = client.get("/desk/figures/cases?figure=late&part=1").content.decode()
    assert world[1].number in page and world[0].number not in page
    of_item = client.get("/desk/figures/cases?figure=returned&item=没有这个事项").content.decode()
    assert "没有这样的办件" in of_item
    assert client.get("/desk/figures/cases?figure=explode").status_code == 404


@pytest.mark.parametrize(
    "dates", ["from=x&to=y", "from=2027-01-01&to=2020-01-01", "from=0001-01-01&to=9999-12-31"]
)
def test_a_span_that_is_none_is_mended(world, dates):
    assert visitor(people.DECIDER).get(f"/desk/figures/?{dates}").status_code == 200


def test_people_are_counted_without_a_ranking(world):
    page = visitor(people.DECIDER).get("/desk/figures/").content.decode()
    assert "郑审查" in page and "不排名" in page


def test_the_same_figures_leave_as_excel_and_as_csv(world):
    client = visitor(people.DECIDER)
    book = content_of(client.get("/desk/figures/export.xlsx"))
    import io

    rows = list(load_workbook(io.BytesIO(book)).active.values)
    assert rows[0][:3] == ("范围", "指标", "定义")
    assert rows[4][:2] == ("全部", "退件率") and rows[4][3:5] == (1, 5)
    text = content_of(client.get("/desk/figures/export.csv")).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == len(rows)
    assert client.get("/desk/figures/export.exe").status_code == 404


def test_who_leads_no_department_sees_no_figures(world):
    assert visitor(people.CLERK).get("/desk/figures/").status_code == 403


def test_more_cases_ask_no_more_questions(world, django_assert_max_num_queries):
    client = visitor(people.DECIDER)
    client.get("/desk/figures/")
    with django_assert_max_num_queries(14):
        client.get("/desk/figures/")
