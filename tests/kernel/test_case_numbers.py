"""Case numbers find a wrong digit before anything is looked up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yueban.kernel.codes import public_number as numbers
from yueban.kernel.codes.errors import CodeError

NUMBER = numbers.case_number("330602000000", date(2026, 11, 22), 1)


def test_a_number_says_where_when_and_which():
    read = numbers.parse_case_number(NUMBER)
    assert len(NUMBER) == 23
    assert (read.division, read.day, read.serial) == ("330602", date(2026, 11, 22), 1)


def test_the_check_digit_is_iso_7064_mod_11_10():
    # The worked example of the standard.
    assert numbers.check_digit("0794") == "5"


@given(st.integers(1, 99_999_999), st.integers(0, 22), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(serial, position, shift):
    number = numbers.case_number("330602", date(2026, 11, 22), serial)
    wrong = str((int(number[position]) + shift) % 10)
    assert numbers.is_valid_case_number(number)
    assert not numbers.is_valid_case_number(number[:position] + wrong + number[position + 1 :])


def test_what_people_type_is_cleaned():
    typed = f" {NUMBER[:6]}-{NUMBER[6:14]} {NUMBER[14:]}　"
    assert numbers.clean_case_number(typed) == NUMBER
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER)
    assert numbers.clean_case_number(wide) == NUMBER


@pytest.mark.parametrize(("text", "part"), [("123", "23 位"), (NUMBER[:-1] + "0", "校验位")])
def test_each_fault_has_its_sentence(text, part):
    with pytest.raises(CodeError, match=part):
        numbers.check_case_number(text)


def test_a_day_that_does_not_exist_is_refused():
    body = "3306022026023000000001"
    with pytest.raises(CodeError, match="日期"):
        numbers.check_case_number(body + numbers.check_digit(body))


def test_a_serial_beyond_eight_digits_is_refused():
    with pytest.raises(CodeError, match="8 位"):
        numbers.case_number("330602", date(2026, 11, 22), 100_000_000)
