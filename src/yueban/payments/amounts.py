"""The amount by rule: a share of a value that was asked, at most a cap, half a fen rounded up once at the end."""

from decimal import Decimal
from fractions import Fraction

from yueban.kernel import money


def amount_of(value: Decimal, *, share: Fraction = Fraction(1), cap: Decimal | None = None) -> Decimal:
    """Exact until the end; one rounding (half up) to the fen, then the cap.

    >>> amount_of(Decimal("1000"), share=Fraction(2, 3))
    Decimal('666.67')
    """
    exact = Fraction(value) * share
    # 28 significant digits hold every amount the kernel allows with room for the digit that rounds.
    rounded = money.rounded(Decimal(exact.numerator) / Decimal(exact.denominator))
    return rounded if cap is None else min(rounded, money.yuan(cap))
