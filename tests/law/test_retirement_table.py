"""The tables of the legal retirement age against the rule they were made from."""

from datetime import date

import pytest

from yueban.elements import selectors as elements

pytestmark = pytest.mark.django_db
START = date(2025, 1, 1)


def delay(born, age, step, most):
    """Months of delay: one for each ``step`` months that the original age is reached after 2024."""
    reached = (born.year + age - START.year) * 12 + born.month - START.month
    return 0 if reached < 0 else min(reached // step + 1, most)


def said(codes, born):
    """The age in months that the table gives."""
    month = f"{born.year}-{born.month:02d}"
    starts = [code for code in codes if code not in ("before", "after")]
    fitting = [code for code in starts if code <= month]
    key = fitting[-1] if fitting else "before"
    after = codes["after"].partition("以后")[0]
    year, _, rest = after.partition("年")
    if (born.year, born.month) >= (int(year), int(rest.removesuffix("月"))):
        key = "after"
    years, _, months = codes[key].partition("：")[2].partition("岁")
    return int(years) * 12 + int(months.removesuffix("个月") or 0)


@pytest.mark.parametrize(
    ("key", "age", "step", "most"),
    [
        ("retirement-age-men", 60, 4, 36),
        ("retirement-age-women-55", 55, 4, 36),
        ("retirement-age-women-50", 50, 2, 60),
    ],
)
def test_every_month_of_birth_has_the_age_of_the_rule(key, age, step, most):
    codes = elements.code_list(key)
    for year in range(1960, 1995):
        for month in range(1, 13):
            born = date(year, month, 1)
            assert said(codes, born) == age * 12 + delay(born, age, step, most), born


def test_the_villager_of_may_1969_retires_at_61_and_two_months():
    codes = elements.code_list("retirement-age-men")
    assert codes["1969-05"] == "1969年5月至8月出生：61岁2个月"
