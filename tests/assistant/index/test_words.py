"""What is cut into which tokens."""

import pytest

from yueban.assistant.index import words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("身份证", ["身", "份", "证", "身份", "份证"]),
        ("Ａ证２０２４年", ["a", "证", "2024", "年"]),
        ("办理 WiFi-6，不收费", ["办", "理", "办理", "wifi", "6", "不", "收", "费", "不收", "收费"]),
        ("𠮷田", ["𠮷", "田", "𠮷田"]),
        ("", []),
        ("，。！ ", []),
    ],
)
def test_characters_and_pairs_are_tokens_and_latin_words_and_numbers_stay_whole(text, cut):
    assert words.tokens(text) == cut


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("shenfenzheng", ["shen", "fen", "zheng"]),
        ("gongjijin", ["gong", "ji", "jin"]),
        ("wifi", []),
        ("", []),
        ("xian", ["xian"]),
    ],
)
def test_letters_are_cut_into_as_few_syllables_as_it_takes(typed, cut):
    assert words.syllables(typed) == cut


def test_a_homophone_sounds_like_the_title_and_so_do_typed_letters():
    title = set(words.title_sounds("居民身份证"))
    assert {"shenfen", "fenzheng"} <= title & set(words.query_sounds("申分政"))
    assert {"shenfen", "fenzheng"} <= title & set(words.query_sounds("shen fen zheng"))
    assert words.query_sounds("证") == []


def test_a_question_without_end_is_searched_by_its_beginning():
    assert len(words.query_tokens("".join(map(chr, range(0x4E00, 0x4E00 + 5000))))) == words.MOST_TOKENS
