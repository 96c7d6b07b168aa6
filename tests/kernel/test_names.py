"""Names: all of GB 18030 is taken, everything invisible is refused."""

import pytest

from yueban.kernel.names import TextInvalid, clean_line, clean_paragraphs, clean_person_name


@pytest.mark.parametrize(
    "name", ["张三", "䶮", "㛃", "李𠀀", "王𬎆", "赵𰻝", "钱\U000313f0", "Anna-Maria O’Neill", "Müller Jr."]
)
def test_names_of_all_scripts_are_taken(name):
    assert clean_person_name(name) == name


@pytest.mark.parametrize("separator", "·•・‧∙⋅．")
def test_every_separator_becomes_the_middle_dot(separator):
    assert clean_person_name(f"迪丽热巴 {separator} 买买提") == "迪丽热巴·买买提"


def test_a_name_of_fifty_characters_with_dots_is_taken():
    name = "·".join(["阿卜杜热合曼"] * 7) + "伊"
    assert len(name) >= 49
    assert clean_person_name(name + "力") == name + "力"


def test_outer_space_goes_and_inner_space_is_one():
    assert clean_person_name("　 Anna \u00a0 Maria ") == "Anna Maria"


def test_a_combining_accent_is_composed():
    assert clean_person_name("Mu\u0308ller") == "Müller"


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u202e",
        "\u2066",
        "\u200f",
        "\x00",
        "\t",
        "\n",
        "\u2028",
        "\u3164",
        "\ue000",
        "\ufe0f",
        "\ud800",
        "\U0001fffe",
        "\u0378",
    ],
)
def test_an_invisible_character_is_refused_with_its_place(character):
    with pytest.raises(TextInvalid, match="第 2 个字"):
        clean_person_name(f"张{character}三")
    with pytest.raises(TextInvalid, match="第 2 个字"):
        clean_line(f"张{character}三", 10)


@pytest.mark.parametrize("name", ["张3", "张<b>", "张=三", "李/四", "🙂"])
def test_what_no_name_contains_is_refused(name):
    with pytest.raises(TextInvalid, match=r"姓名中不能有.*U\+"):
        clean_person_name(name)


@pytest.mark.parametrize("name", ["", "  ", "···"])
def test_a_name_without_letters_is_refused(name):
    with pytest.raises(TextInvalid, match="姓名"):
        clean_person_name(name)


def test_ten_thousand_characters_are_refused_with_their_number():
    with pytest.raises(TextInvalid, match="10000 个字，超过 100"):
        clean_person_name("张" * 10_000)


def test_a_line_keeps_digits_and_signs_and_may_be_empty():
    assert clean_line(" 胜利西路 1 号 <东> ", 20) == "胜利西路 1 号 <东>"
    assert clean_line("  ", 20) == ""


def test_a_line_too_long_is_refused():
    with pytest.raises(TextInvalid, match="超过 5 个字"):
        clean_line("一二三四五六", 5)


def test_paragraphs_keep_their_lines():
    assert clean_paragraphs("\r\n第一条 \r\n\r\n\r\n\r\n第二条\n", 100) == "第一条\n\n第二条"
    with pytest.raises(TextInvalid, match="零宽"):
        clean_paragraphs("第一条\n第\u200b二条", 100)
