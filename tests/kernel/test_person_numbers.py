"""Identity numbers of residents, of people from Hong Kong, Macao and Taiwan, and of foreigners."""

from datetime import date

import pytest

from yueban.kernel.codes import profiles, resident_id
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.codes.resident_id import IdKind


@pytest.fixture
def demo_profile():
    before = profiles.get_current()
    profiles.set_current(Profile.DEMO)
    yield
    profiles.set_current(before)


def test_the_standards_own_example_is_valid():
    # GB 11643-1999, annex B.
    assert resident_id.is_valid("11010519491231002X")
    assert resident_id.is_valid("440524188001010014")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("81000019900307123", IdKind.HONG_KONG),
        ("82000019900307123", IdKind.MACAO),
        ("83000019900307123", IdKind.TAIWAN),
        ("93384019900307123", IdKind.FOREIGN),
        ("33060219900307123", IdKind.RESIDENT),
    ],
)
def test_each_document_is_told_by_its_number(body, kind):
    read = resident_id.parse(resident_id.compose(body))
    assert (read.kind, read.birth_on) == (kind, date(1990, 3, 7))


def test_the_old_foreigners_card_has_fifteen_characters():
    read = resident_id.parse("CAN330090030711")
    assert (read.kind, read.birth_on) == (IdKind.FOREIGN_OLD, date(1990, 3, 7))
    assert not resident_id.is_valid("CAN330090133111")


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("110105194912310021", "校验位"),
        ("11010519491231002", "现为 17 位"),
        ("11010519491231002Y", "字母 X"),
        (resident_id.compose("11010519490231002"), "出生日期"),
        (resident_id.compose("11010520990131002"), "今天之后"),
        (resident_id.compose("00010519491231002"), "行政区划"),
        (resident_id.compose("99000019900101001"), "行政区划"),
    ],
)
def test_each_fault_has_its_sentence(number, part):
    with pytest.raises(CodeError, match=part):
        resident_id.check(number, profile=Profile.NATIONAL)


def test_a_small_x_is_read_as_the_capital():
    assert resident_id.parse("11010519491231002x").number == "11010519491231002X"


def test_demonstration_numbers_are_taken_where_the_profile_is_the_demonstrations(demo_profile):
    assert resident_id.parse(resident_id.compose("99000019900101001")).kind is IdKind.RESIDENT


@pytest.mark.parametrize("text", ["１１０１０５１９４９１２３１００２Ｘ", "", " ", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"])
def test_digits_of_other_scripts_are_no_number(text):
    assert not resident_id.is_valid(text)
