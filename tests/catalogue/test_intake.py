"""An item may take applications in certain periods only."""

from datetime import date

import pytest
from pydantic import ValidationError

from tests.catalogue.standards import compiled
from yueban.catalogue.errors import IntakeClosed
from yueban.catalogue.selectors import check_intake_open, find_next_period, is_intake_open
from yueban.catalogue.standard.intake import IntakePeriod

SUMMER = {"name": "集中报名", "opens_on": date(2027, 5, 25), "closes_on": date(2027, 6, 5)}
LATE = {"name": "补报", "opens_on": date(2027, 8, 10), "closes_on": date(2027, 8, 15)}


def school():
    return compiled(intake_periods=[LATE, SUMMER])


def test_an_item_without_periods_takes_applications_every_day():
    assert is_intake_open(compiled(), date(2027, 1, 1))
    check_intake_open(compiled(), date(2027, 1, 1))


@pytest.mark.parametrize("day", [date(2027, 5, 25), date(2027, 6, 5), date(2027, 8, 10)])
def test_the_first_and_the_last_day_belong_to_the_period(day):
    check_intake_open(school(), day)


@pytest.mark.parametrize("day", [date(2027, 5, 24), date(2027, 6, 6)])
def test_outside_one_is_told_when_the_next_period_opens(day):
    coming = find_next_period(school(), day)
    with pytest.raises(IntakeClosed) as closed:
        check_intake_open(school(), day)
    assert coming is not None
    assert f"{coming.opens_on.month}月{coming.opens_on.day}日" in closed.value.hint


def test_after_the_last_period_one_is_told_to_wait_or_to_ask():
    with pytest.raises(IntakeClosed) as closed:
        check_intake_open(school(), date(2027, 9, 1))
    assert "联系受理部门" in closed.value.hint


def test_a_period_that_ends_before_it_begins_is_a_mistake():
    with pytest.raises(ValidationError, match="早于开始日期"):
        IntakePeriod(name="集中报名", opens_on=date(2027, 6, 5), closes_on=date(2027, 5, 25))
