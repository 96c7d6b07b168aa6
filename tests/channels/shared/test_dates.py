"""Dates as Chinese readers expect them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from yueban.channels.shared.templatetags import chinese_dates
from yueban.kernel import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def sunday():
    clock.set_source(lambda: datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI))
    yield
    clock.set_source(None)


def test_a_date_is_written_out():
    assert chinese_dates.han_date(date(2026, 11, 22)) == "2026年11月22日"
    assert chinese_dates.han_date(None) == ""


def test_an_instant_counts_by_shanghai_time():
    late = datetime(2026, 11, 21, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert chinese_dates.han_date(late) == "2026年11月22日"
    assert chinese_dates.han_moment(late) == "今天 00:30"


def test_the_year_is_left_out_only_in_this_year():
    assert chinese_dates.han_weekday(date(2026, 11, 25)) == "11月25日（周三）"
    assert chinese_dates.han_weekday(date(2027, 1, 4)) == "2027年1月4日（周一）"
    assert chinese_dates.han_moment(datetime(2025, 5, 1, 9, 5, tzinfo=SHANGHAI)) == "2025年5月1日 09:05"
