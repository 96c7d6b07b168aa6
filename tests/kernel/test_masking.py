"""Personal data is masked by profile; free text loses its identity and telephone numbers."""

import pytest

from yueban.kernel.masking import PROFILES, MaskingUnknown, mask, mask_text


@pytest.mark.parametrize(
    ("profile", "text", "shown"),
    [
        ("name", "张三", "张*"),
        ("name", "李小敏", "李*敏"),
        ("name", "王", "*"),
        ("phone", "13812343210", "138****3210"),
        ("id_number", "11010519491231002X", "1****************X"),
        ("id_number_tail", "11010519491231002X", "**************002X"),
        ("bank", "6222021234567890", "************7890"),
        ("address", "浙江省绍兴市越城区府山街道胜利西路1号", "浙江省绍兴市越城区府山街道****"),
        ("address", "绍兴市越城区胜利路1号阳光小区", "绍兴市越城区****"),
        ("address", "胜利路1号阳光小区", "****"),
        ("email", "abc@example.cn", "a***@example.cn"),
        ("email", "nothing", "****"),
        ("name", "", ""),
    ],
)
def test_each_profile(profile, text, shown):
    assert mask(profile, text) == shown


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_short_text_is_never_shown_whole(profile):
    assert "乙" not in mask(profile, "乙")


def test_an_unknown_profile_is_an_error_and_shows_nothing():
    with pytest.raises(MaskingUnknown):
        mask("nmae", "张三")


def test_numbers_in_free_text_are_masked_and_others_stay():
    text = "证号11010519491231002X，电话138 1234 3210，编号33060220261122000000019"
    assert mask_text(text) == "证号1****************X，电话138******3210，编号33060220261122000000019"
