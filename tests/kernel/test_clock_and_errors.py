"""One source of now; errors carry a code, a sentence and what to do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yueban.kernel import clock
from yueban.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError


@pytest.fixture
def late_evening():
    clock.set_source(lambda: datetime(2026, 9, 30, 16, 30, tzinfo=UTC))
    yield
    clock.set_source(None)


def test_now_is_beijing_time(late_evening):
    assert clock.now().isoformat() == "2026-10-01T00:30:00+08:00"
    assert clock.today() == date(2026, 10, 1)


def test_the_systems_clock_comes_back():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("kind", "status"),
    [(ServiceError, 400), (NotFound, 404), (NotAllowed, 403), (Conflict, 409), (Invalid, 422)],
)
def test_each_kind_of_error_has_its_status(kind, status):
    error = kind("没有这个办件。", hint="请核对编号。", data={"number": "1"})
    assert (error.status, str(error), error.data) == (status, "没有这个办件。请核对编号。", {"number": "1"})
    assert error.code.startswith("service.")


def test_a_form_error_names_its_fields():
    error = Invalid.of_fields({"contact.phone": "手机号应为 11 位。"})
    assert error.fields == {"contact.phone": "手机号应为 11 位。"}
    assert Invalid("整体有误。").fields == {}
