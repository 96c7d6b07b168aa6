"""A budget line for tests, and the figures of one."""

from decimal import Decimal

from tests.documents.offices import COUNTY, make_agency
from yueban.agencies.models import Agency
from yueban.kernel.reference import Reference
from yueban.payments import budgets
from yueban.payments.models import BudgetLine

KEY, YEAR = "test-line", 2026


def make_line(total: str = "1000.00", *, year: int = YEAR, shortfall: str = "first_come") -> BudgetLine:
    """A line with its first allotment."""
    agency = Agency.objects.filter(code="test-transport").first() or make_agency()
    line, _ = budgets.open_line(
        key=KEY,
        name="数字化改造专项",
        year=year,
        agency_id=agency.pk,
        division_code=COUNTY,
        shortfall=shortfall,
        total=Decimal(total),
    )
    line.refresh_from_db()
    return line


def claim(number: int | str) -> Reference:
    """The reference of something that is nobody's flow."""
    return Reference("grant", f"SB-{number}")


def words(number: int | str, amount: str, key: str, *, year: int = YEAR) -> dict[str, object]:
    """What every movement of a claim's money is asked with."""
    return {
        "line_key": KEY,
        "year": year,
        "amount": Decimal(amount),
        "reference": claim(number),
        "key": key,
    }


def figures(year: int = YEAR) -> tuple[Decimal, ...]:
    """Total, balance, reserved, frozen and spent as they stand."""
    fields = ("total", "balance", "reserved", "frozen", "spent")
    return tuple(BudgetLine.objects.values_list(*fields).get(key=KEY, year=year))


def yuan(*amounts: str) -> tuple[Decimal, ...]:
    """The figures that are expected."""
    return tuple(Decimal(amount) for amount in amounts)
