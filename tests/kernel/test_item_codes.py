"""基本编码 and 实施编码 are composed, read and compared with the fields beside them."""

import pytest

from yueban.kernel.codes import item_codes
from yueban.kernel.codes.errors import CodeError

AGENCY = "11370800MB28559184"
BASIC = "370117002011"


def test_an_implementation_code_is_composed_and_read_back():
    code = item_codes.compose_implementation(agency_uscc=AGENCY, level="3", basic=BASIC)
    assert code == "11370800MB285591843370117002011"
    read = item_codes.parse_implementation(code)
    assert (read.agency_uscc, read.level, str(read.basic)) == (AGENCY, "3", BASIC)
    assert (read.basic.region, read.basic.type, read.basic.department) == ("37", "01", "17")


def test_real_codes_are_valid():
    assert item_codes.is_valid_implementation("12441500196720244T3442199806003")
    assert item_codes.is_valid_basic("000118001000")
    assert item_codes.parse_basic("00010010100Y").has_sub_items


def test_a_wrong_check_digit_of_the_agency_is_refused():
    with pytest.raises(CodeError, match="前 18 位有误：统一社会信用代码校验位不符"):
        item_codes.check_implementation(f"11370800MB285591853{BASIC}")


def test_a_level_unlike_the_field_is_refused():
    with pytest.raises(CodeError, match=r"行使层级为 3（市级），与填写的 4（县级） 不一致"):
        item_codes.check_implementation(f"{AGENCY}3{BASIC}", level="4")
    item_codes.check_implementation(f"{AGENCY}3{BASIC}", level="3")


def test_an_agency_or_a_basic_code_unlike_the_field_is_refused():
    with pytest.raises(CodeError, match="实施主体"):
        item_codes.check_implementation(f"{AGENCY}3{BASIC}", agency_uscc="113306000025771029")
    with pytest.raises(CodeError, match="基本编码"):
        item_codes.check_implementation(f"{AGENCY}3{BASIC}", basic="370117002012")


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("37011700201", "现为 11 位"),
        ("37011700201A", "全为数字"),
        ("390117002011", "省级代码"),
        ("370117000011", "主项序号"),
    ],
)
def test_each_fault_of_a_basic_code_has_its_sentence(code, part):
    with pytest.raises(CodeError, match=part):
        item_codes.check_basic(code)


def test_a_basic_code_of_another_type_is_refused():
    item_codes.check_basic(BASIC, item_type="01")
    with pytest.raises(CodeError, match="事项类型"):
        item_codes.check_basic(BASIC, item_type="07")


def test_a_handling_code_has_33_digits():
    code = item_codes.compose_handling(f"{AGENCY}3{BASIC}", 2)
    assert (len(code), code[-2:]) == (33, "02")
    with pytest.raises(CodeError, match="1 至 99"):
        item_codes.compose_handling(f"{AGENCY}3{BASIC}", 100)


def test_level_seven_is_no_level_of_a_code():
    with pytest.raises(CodeError, match="第 19 位"):
        item_codes.check_implementation(f"{AGENCY}7{BASIC}")
