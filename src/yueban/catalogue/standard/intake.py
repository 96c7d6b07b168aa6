"""受理时段: when an item takes applications, where it does not do so all the year round."""

from datetime import date

from pydantic import model_validator

from yueban.kernel.rows import Line, Row


class IntakePeriod(Row):
    """Applications are taken from ``opens_on`` to ``closes_on``, the last day included; early and late count alike."""

    name: Line
    opens_on: date
    closes_on: date
    note: str | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "IntakePeriod":
        if self.closes_on < self.opens_on:
            raise ValueError("受理时段的截止日期早于开始日期，请核对 opens_on 和 closes_on。")
        return self

    def covers(self, day: date) -> bool:
        """Whether applications are taken on this day."""
        return self.opens_on <= day <= self.closes_on
