"""Small words of the policy pages: a list as lines, money as people write it, the fault of a row."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import template

from yueban.policies.telling import money

register = template.Library()


@register.filter
def lines(rows: Iterable[str] | None) -> str:
    """One line each."""
    return "\n".join(rows or ())


@register.filter
def yuan(amount: str) -> str:
    """500000.00 as 50万元."""
    return money(Decimal(amount))


@register.filter
def at(errors: Mapping[str, str], place: int) -> str:
    """The fault of the value in one row of conditions."""
    return errors.get(f"c-{place}-value", "")
