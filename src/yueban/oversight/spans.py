"""The days that figures count."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from yueban.kernel import clock


@dataclass(frozen=True)
class Span:
    """The days counted, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), clock.BEIJING)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), clock.BEIJING)

    def within(self, when: str) -> Q:
        """That a time lies in it."""
        return Q(**{f"{when}__gte": self.since, f"{when}__lt": self.until})
