"""Money is exact to the fen and written in capitals as on receipts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.kernel.money import AmountInvalid, rounded, to_capitals, to_text, yuan


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("100.50", "壹佰元伍角整"),
        ("100.05", "壹佰元零伍分"),
        ("1005", "壹仟零伍元整"),
        ("10010", "壹万零壹拾元整"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),  # one of the two forms of 支付结算办法 appendix 1
        ("100010001.01", "壹亿零壹万零壹元零壹分"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("1000000000000", "壹万亿元整"),
        ("-3", "负叁元整"),
    ],
)
def test_capital_numerals(amount, capitals):
    assert to_capitals(yuan(amount)) == capitals


@given(st.integers(0, 10**16 - 1), st.integers(0, 10**16 - 1))
def test_different_amounts_never_read_alike(first, second):
    same = to_capitals(Decimal(first) / 100) == to_capitals(Decimal(second) / 100)
    assert same == (first == second)


def test_an_amount_is_shown_with_two_places():
    assert to_text(yuan("1234.5")) == "1,234.50 元"


@pytest.mark.parametrize("text", ["abc", "", "1.005", "NaN", "1e20"])
def test_what_is_no_exact_amount_is_refused(text):
    with pytest.raises(AmountInvalid):
        yuan(text)


def test_computed_amounts_round_half_up():
    assert rounded(Decimal("0.125")) == Decimal("0.13")
