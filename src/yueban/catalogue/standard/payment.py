"""What is paid out after a grant: how much, to which account, out of whose funds."""

from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from yueban.kernel.rows import ElementCode, Key, Line, Row


class PaymentAmount(Row):
    """The amount by rule: an element of the form, a share of it (``"2/3"``), at most the cap (yuan)."""

    element: ElementCode
    ratio: str = Field(default="1", pattern=r"^[1-9][0-9]{0,5}(/[1-9][0-9]{0,5})?$")
    cap: str | None = Field(default=None, pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$")

    @property
    def share(self) -> Fraction:
        """The exact share."""
        return Fraction(self.ratio)

    @property
    def ceiling(self) -> Decimal | None:
        """The cap in yuan."""
        return None if self.cap is None else Decimal(self.cap)


class Payment(Row):
    """给付: prepared with the grant, paid by another person; ``payer_kind`` None = the deciding agency."""

    name: Line
    amount: PaymentAmount
    account_element: ElementCode
    funded_by: Key | None = None
    payer_kind: Key | None = None
