"""Where somebody fills in an application for another."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Assistance:
    """Where somebody fills in for another, and the number of the mandate; none where the person stands by."""

    agency_id: int
    division: str
    mandate: str = ""


def columns_of(assistance: Assistance | None) -> dict[str, object]:
    """What of it stands on the application."""
    if assistance is None:
        return {}
    return {
        "assist_agency_id": assistance.agency_id,
        "assist_division": assistance.division,
        "mandate_number": assistance.mandate,
    }
