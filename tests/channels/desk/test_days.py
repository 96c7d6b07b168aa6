"""A day in an address that is no day, or lies at the end of time, is no server's error."""

import pytest

from tests import people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db
DAYS = ("9999-12-31", "0001-01-01", "gestern", "2026-02-30")
PAGES = (
    ("auditor-shen", "/desk/audit/search/"),
    (people.SUPERVISOR, "/desk/ratings/"),
    (people.SUPERVISOR, "/desk/figures/"),
)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_day_nobody_can_reckon_with_is_left_out(who, address, day):
    assert visitor(who).get(f"{address}?from={day}&to={day}").status_code == 200


def test_no_day_can_be_proved_at_the_end_of_time():
    assert visitor(people.SUPERVISOR).post("/desk/audit/", {"day": "9999-12-31"}).status_code == 422
