"""Appendix A.1: 实施编码 of 31 digits, with the two real codes of the domain and a real 统一社会信用代码."""

import pytest

from yueban.kernel.codes import item_codes
from yueban.kernel.codes.errors import CodeError

# Read in public code: a city's and a county-level body's items (domain §1.4).
CITY, COUNTY = "11370800MB285591843370117002011", "12441500196720244T3442199806003"
CONSTRUCTION_BUREAU = "113306000025771029"  # 绍兴市建设局


@pytest.mark.parametrize("code", [CITY, COUNTY])
def test_a_real_code_is_read_into_agency_level_and_basic_code(code):
    read = item_codes.parse_implementation(code)
    assert (read.agency_uscc, read.level, str(read.basic)) == (code[:18], "3", code[19:])
    assert str(read) == code


def test_the_parts_of_a_real_code_are_those_of_the_standard():
    basic = item_codes.parse_implementation(CITY).basic
    assert (basic.region, basic.type, basic.department, basic.item, basic.sub) == (
        "37",
        "01",
        "17",
        "002",
        "011",
    )


def test_a_code_is_composed_of_its_parts():
    code = item_codes.compose_implementation(agency_uscc=CONSTRUCTION_BUREAU, level="3", basic="330117002011")
    assert code == "1133060000257710293330117002011"
    assert len(code) == 31


@pytest.mark.parametrize("wrong", [d for d in "0123456789X" if d != CONSTRUCTION_BUREAU[-1]])
def test_a_wrong_check_digit_of_the_credit_code_is_rejected(wrong):
    code = f"{CONSTRUCTION_BUREAU[:-1]}{wrong}3330117002011"
    with pytest.raises(CodeError, match="实施编码前 18 位有误"):
        item_codes.parse_implementation(code)


def test_a_level_other_than_the_field_is_rejected():
    with pytest.raises(CodeError, match=r"行使层级为 3（市级），与填写的 4（县级） 不一致"):
        item_codes.check_implementation(CITY, level="4")
    item_codes.check_implementation(CITY, level="3")


def test_an_agency_or_a_basic_code_other_than_the_field_is_rejected():
    with pytest.raises(CodeError, match="实施主体"):
        item_codes.check_implementation(CITY, agency_uscc=CONSTRUCTION_BUREAU)
    with pytest.raises(CodeError, match="基本编码"):
        item_codes.check_implementation(CITY, basic="330117002012")


def test_a_handling_code_has_two_digits_more():
    assert item_codes.compose_handling(CITY, 1) == f"{CITY}01"
