"""统一社会信用代码 is checked by GB 32100."""

import pytest

from yueban.kernel.codes import uscc
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile

# Public codes of government organs.
REAL = ["113306000025771029", "11370800MB28559184", "12441500196720244T", "11100000000013338W"]


@pytest.mark.parametrize("code", REAL)
def test_real_code_is_valid(code):
    assert uscc.is_valid(code)
    assert uscc.compose(code[:-1]) == code


@pytest.mark.parametrize("code", REAL)
def test_every_other_check_character_is_refused(code):
    others = set(uscc.ALPHABET) - {code[-1]}
    assert not any(uscc.is_valid(code[:-1] + other) for other in others)


@pytest.mark.parametrize("position", range(17))
def test_a_single_wrong_character_is_refused(position):
    code = REAL[0]
    wrong = "2" if code[position] != "2" else "3"
    assert not uscc.is_valid(code[:position] + wrong + code[position + 1 :])


def test_the_error_says_what_is_wrong_and_what_to_do():
    with pytest.raises(CodeError) as caught:
        uscc.check("113306000025771028")
    assert caught.value.code == "code.invalid"
    assert caught.value.message == "统一社会信用代码校验位不符，可能有一位填错。"
    assert "核对" in caught.value.hint


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("11330600002577102", "现为 17 位"),
        ("11330600002577102O", "校验位"),
        ("1133060000257710I9", "I、O、S、V、Z"),
        (uscc.compose("11000000002577102"), "行政区划"),
        (uscc.compose("01330600002577102"), "首位"),
    ],
)
def test_each_fault_has_its_sentence(code, part):
    with pytest.raises(CodeError, match=part):
        uscc.check(code)


def test_a_region_that_cannot_exist_is_taken_in_the_demonstration_only():
    code = uscc.compose("91990101MA2XXXXX0")
    assert uscc.is_valid(code, profile=Profile.DEMO)
    assert not uscc.is_valid(code, profile=Profile.NATIONAL)


@pytest.mark.parametrize("code", ["91999999MA990001XD", *REAL[1:3]])
def test_the_organisation_code_within_has_its_own_check_character(code):
    assert uscc.organisation_code(code[8:16]) == code[8:17]
