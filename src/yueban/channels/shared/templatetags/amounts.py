"""Amounts of money in tables: grouped, two places, the unit in the heading."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def amount(value: Decimal) -> str:
    """``1,234.50``."""
    return f"{value:,.2f}"
