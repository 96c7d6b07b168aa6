"""The canonical form does not depend on the order of keys, and nothing is kept that reads back differently."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from yueban.audit.digests import canonical, digest, plain
from yueban.audit.errors import EventInvalid
from yueban.kernel.periods import Unit
from yueban.kernel.reference import Reference


def test_keys_are_sorted_and_chinese_stays_chinese():
    assert canonical({"b": 1, "a": "受理"}) == '{"a":"受理","b":1}'.encode()
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


def test_domain_values_become_plain_json():
    value = {
        "day": date(2026, 11, 22),
        "at": datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
        "fee": Decimal("12.50"),
        "unit": Unit.WORKDAY,
        "of": Reference("case", "1"),
        "codes": {"b", "a"},
        "steps": (1, None, True),
    }
    assert plain(value) == {
        "day": "2026-11-22",
        "at": "2026-11-22T09:02:03.000000+08:00",
        "fee": "12.50",
        "unit": "工作日",
        "of": "case:1",
        "codes": ["a", "b"],
        "steps": [1, None, True],
    }


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, {1: "a"}, "a\x00b", {"a\x00": 1}, object(), b"x"])
def test_what_would_read_back_differently_is_refused(value):
    with pytest.raises(EventInvalid):
        plain(value)
