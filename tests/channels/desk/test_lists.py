"""The lists: what must be done, what was done, the cases one may see."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.channels.visitors import visitor
from yueban.approvals.models import Task
from yueban.cases.models import Case
from yueban.clocks.models import Clock
from yueban.kernel import clock

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="/desk/cases/(\d+)/" data-row')


def numbers(response) -> list[str]:
    return LINK.findall(response.content.decode())


def copies_of(case: Case, count: int) -> list[Task]:
    """More tasks like the case's first one, on cases of other numbers."""
    pattern = Task.objects.filter(reference_number=case.number).first()
    rows = []
    for position in range(count):
        task = Task.objects.get(pk=pattern.pk)
        task.pk = None
        task.reference_number = f"99{position:04d}"
        rows.append(task)
    return Task.objects.bulk_create(rows)


def test_the_most_urgent_comes_first():
    later, sooner = people.received(), people.submitted(people.STRANGER)
    assert numbers(visitor(people.CLERK).get("/desk/")) == [sooner.number, later.number]


def test_each_role_sees_its_own_work_only():
    case = people.accepted()
    for username in (people.REVIEWER, people.VEHICLE_CHECKER, people.QUALIFICATION_CHECKER):
        assert numbers(visitor(username).get("/desk/")) == [case.number]
    for username in (people.CLERK, people.DECIDER, people.OTHER_COUNTY, people.SUPERVISOR):
        assert numbers(visitor(username).get("/desk/")) == []


def test_an_empty_inbox_says_that_all_is_done():
    assert "都办完了" in visitor(people.REVIEWER).get("/desk/").content.decode()


def test_a_light_never_stands_without_its_word():
    case = people.submitted()
    Task.objects.filter(reference_number=case.number).update(due_on=clock.today() - timedelta(days=30))
    page = visitor(people.CLERK).get("/desk/").content.decode()
    assert '<span class="light red" >已逾期</span>' in page
    assert "个工作日（应于" in page


def test_filters_stand_in_the_address_and_in_the_form():
    mine, other = people.submitted(), people.received(people.STRANGER)
    client = visitor(people.CLERK)
    assert numbers(client.get("/desk/?text=示例")) == [mine.number]
    assert numbers(client.get(f"/desk/?text={other.number}")) == [other.number]
    assert numbers(client.get("/desk/?kind=accept")) == [other.number]
    assert numbers(client.get("/desk/?item=没有这项")) == []
    assert numbers(client.get("/desk/?overdue=1")) == []
    Task.objects.filter(reference_number=mine.number).update(due_on=clock.today() - timedelta(days=1))
    assert numbers(client.get("/desk/?overdue=1")) == [mine.number]
    page = client.get("/desk/?text=示例&kind=accept").content.decode()
    assert 'value="示例"' in page
    assert '<option value="accept" selected>' in page


@pytest.mark.parametrize("query", ["kind=nonsense", "page=99999", "page=x", "overdue=maybe"])
def test_a_wrong_address_shows_the_list_all_the_same(query):
    case = people.submitted()
    assert numbers(visitor(people.CLERK).get(f"/desk/?{query}")) == [case.number]


def test_a_long_list_is_paged_and_keeps_its_filters():
    case = people.submitted()
    copies_of(case, 24)
    client = visitor(people.CLERK)
    first, second = client.get("/desk/?kind=receive"), client.get("/desk/?kind=receive&page=2")
    assert (len(numbers(first)), len(numbers(second))) == (20, 5)
    assert 'href="?kind=receive&amp;page=2"' in first.content.decode()


@pytest.mark.parametrize(("address", "most"), [("/desk/", 12), ("/desk/cases/", 12), ("/desk/done/", 10)])
def test_lists_ask_no_question_per_row(address, most, django_assert_max_num_queries):
    case = people.received()
    copies_of(case, 15)
    for _ in range(3):
        people.received()
    client = visitor(people.CLERK)
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


COUNTIES = ("330602000000", "330603000000", "330604000000", "330681000000", "330683000000")
SEARCHES = ("", "?kind=accepted", "?overdue=1", "?light=red", "?light=green", "?text=3306&page=2")


@pytest.mark.parametrize("query", SEARCHES)
def test_a_list_asks_as_many_questions_among_many_cases_of_many_counties_as_among_few(query):
    case = people.accepted()
    spread(case, range(24))
    client = visitor(people.SUPERVISOR)
    client.get("/desk/cases/")  # what is kept for a minute is kept
    few = questions(client, f"/desk/cases/{query}")
    spread(case, range(24, 90))
    assert questions(client, f"/desk/cases/{query}") == few


def questions(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def spread(case: Case, numbers: range) -> None:
    """More cases like this one with its clocks, each in another county, some of them late."""
    clocks = list(Clock.objects.filter(reference_number=case.number))
    for position in numbers:
        county = COUNTIES[position % 2 if position < 24 else position % 5]
        row = Case.objects.get(number=case.number)
        row.pk, row.number, row.division_code = None, f"{case.number[:17]}{position:04d}", county
        row._state.adding = True
        row.save()
        for timed in clocks:
            timed.pk, timed.reference_number, timed.division_code = None, row.number, county
            timed.due_on = clock.today() + timedelta(days=position % 24 - 12)
            timed._state.adding = True
            timed.save()


def test_what_a_person_has_done_is_listed_newest_first():
    first, second = people.received(), people.received(people.STRANGER)
    assert numbers(visitor(people.CLERK).get("/desk/done/")) == [second.number, first.number]
    assert numbers(visitor(people.OTHER_CLERK).get("/desk/done/")) == []


def test_the_supervisor_sees_the_cases_of_his_division_with_lights():
    case = people.accepted()
    page = visitor(people.SUPERVISOR).get("/desk/cases/")
    assert numbers(page) == [case.number]
    assert "督办" in page.content.decode()
    assert 'class="light green"' in page.content.decode()


def test_only_cases_past_their_promise_are_shown_when_asked():
    late, fine = people.accepted(), people.accepted(people.STRANGER)
    promise = Clock.objects.filter(reference_number=late.number, kind="promise")
    promise.update(due_on=clock.today() - timedelta(days=3))
    found = numbers(visitor(people.SUPERVISOR).get("/desk/cases/?overdue=1"))
    assert found == [late.number]
    assert fine.number not in found


def test_searching_finds_nothing_of_another_county():
    case = people.accepted()
    for text in (case.number, "示例运输"):
        response = visitor(people.OTHER_COUNTY).get(f"/desk/cases/?text={text}")
        assert numbers(response) == []
        assert "示例运输有限公司" not in response.content.decode()


@pytest.mark.parametrize("query", ["overdue=1", "light=red"])
def test_what_is_late_comes_with_the_most_overdue_first_and_once(query):
    case = people.accepted()
    spread(case, range(40))
    client = visitor(people.SUPERVISOR)
    pages = [numbers(client.get(f"/desk/cases/?{query}&page={page}")) for page in (1, 2)]
    found = pages[0] + pages[1][: len(pages[1])]
    days = {row.reference_number: row.due_on for row in Clock.objects.order_by("-due_on")}
    late = [number for number, day in days.items() if day < clock.today()]
    assert sorted(found) == sorted(late)
    assert len(found) > 20, "the second page is walked as well"
    assert [days[number] for number in found] == sorted(days[number] for number in found)


def test_a_filter_of_late_cases_shows_nobody_more_than_he_sees():
    case = people.accepted()
    spread(case, range(24))
    mine = set(numbers(visitor(people.OTHER_COUNTY).get("/desk/cases/")))
    assert set(numbers(visitor(people.OTHER_COUNTY).get("/desk/cases/?overdue=1"))) <= mine
    assert numbers(visitor(people.OTHER_COUNTY).get("/desk/cases/?overdue=1&kind=delivered")) == []
