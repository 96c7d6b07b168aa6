"""The amount by rule: exact until one rounding at the end."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.payments.amounts import amount_of

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("value", "share", "cap", "expected"),
    [
        ("1000", "2/3", None, "666.67"),
        ("100.01", "2/3", None, "66.67"),
        ("0.01", "1/2", None, "0.01"),  # half a fen is rounded up
        ("0.01", "1/3", None, "0.00"),
        ("9000", "2/3", "5000", "5000.00"),
        ("7500", "2/3", "5000", "5000.00"),
        ("300", "1", None, "300.00"),
    ],
)
def test_a_share_is_rounded_half_up_to_the_fen_and_capped(value, share, cap, expected):
    found = amount_of(Decimal(value), share=Fraction(share), cap=None if cap is None else Decimal(cap))
    assert (found, str(found)) == (Decimal(expected), expected)


@given(AMOUNTS, st.fractions(min_value=0, max_value=1, max_denominator=100))
def test_a_share_never_strays_more_than_half_a_fen(value, share):
    assert abs(Fraction(amount_of(value, share=share)) - Fraction(value) * share) <= Fraction(1, 200)
