"""The demo clock's button."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.cases.choices import CaseState
from yueban.clocks.models import DemoOffset
from yueban.divisions import selectors as divisions
from yueban.flows import pass_time
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_clock(settings):
    """The demo's clock, followed as a demo process does, and put back."""
    from yueban.clocks.demo import _seen, follow_demo_offset

    settings.YUEBAN_DEMO_CLOCK = True
    _seen[0] = float("-inf")
    follow_demo_offset()
    yield
    clock.set_source(None)
    _seen[:] = [float("-inf"), 0.0]


def test_one_press_is_one_working_day(demo_clock):
    today = clock.today()
    response = visitor(people.CLERK).post("/desk/clock/advance", HTTP_REFERER="http://testserver/desk/done/")
    assert response["Location"] == "/desk/done/"
    assert clock.today() == divisions.add_workdays(today, 1, "330602000000")


def test_what_falls_due_is_done(demo_clock):
    case = people.received()
    pass_time.pass_workdays(people.actor(people.CLERK), 6)
    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED


@pytest.mark.parametrize("referer", ["https://elsewhere.example/desk/", "http://testserver/my/", ""])
def test_the_way_back_stays_in_the_desk(referer, demo_clock):
    response = visitor(people.CLERK).post("/desk/clock/advance", HTTP_REFERER=referer)
    assert response["Location"] == "/desk/"


@pytest.mark.parametrize("count", [0, -1, 31])
def test_time_passes_forwards_and_not_by_months(count, demo_clock):
    with pytest.raises(Invalid):
        pass_time.pass_workdays(people.actor(people.CLERK), count)


def test_applicants_do_not_move_the_clock(demo_clock):
    with pytest.raises(NotAllowed):
        pass_time.pass_workdays(people.actor(people.OWNER), 1)


def test_outside_a_demo_there_is_no_such_button(settings):
    settings.YUEBAN_DEMO_CLOCK = False
    client = visitor(people.CLERK)
    assert "演示时钟" not in client.get("/desk/").content.decode()
    assert client.post("/desk/clock/advance").status_code == 404
    assert not DemoOffset.objects.exists()
