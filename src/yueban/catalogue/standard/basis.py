"""设定依据 and the limits of an item."""

from datetime import date

from pydantic import Field

from yueban.kernel.periods import Limit, Unit
from yueban.kernel.rows import Line, Row, Text


class Basis(Row):
    """One article of law; ``text`` None = the wording is not confirmed (待核)."""

    law: Line
    number: str | None = None
    article: str | None = None
    text: Text | None = None
    issuer: str | None = None
    effective_on: date | None = None


class TimeLimit(Row):
    """法定 or 承诺办结时限; amount 0 = 即办; ``by_law`` False = no law sets one, the policy or the house did."""

    amount: int = Field(ge=0, le=3650)
    unit: Unit = Field(strict=False)
    note: str | None = None
    by_law: bool = True

    @property
    def limit(self) -> Limit:
        """The limit as the kernel counts it."""
        return Limit(self.amount, self.unit)


class Validity(Row):
    """How long a result is valid."""

    amount: int = Field(ge=1, le=100)
    unit: Unit = Field(strict=False)


class SpecialProcedure(Row):
    """特别程序: time for expert review and the like; ``kind`` 1 延长审批, 2 others (list A.7)."""

    name: Line
    days: int = Field(ge=0, le=3650)
    unit: Unit = Field(default=Unit.WORKDAY, strict=False)
    basis: str | None = None
    counted: bool = False
    fee: bool = False
    kind: str = Field(default="2", pattern="^[12]$")
