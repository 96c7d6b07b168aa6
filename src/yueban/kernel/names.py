"""Names and lines of text as people type them: the full GB 18030 is taken, the invisible is refused.

Names of persons follow 民委发〔2016〕33号: the separator is "·" (U+00B7) and at least 50 characters are
taken. Python's own table of characters ends before the newest extensions of Han, so planes 2 and 3 are
taken as Han whatever the table says.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from yueban.kernel.errors import Invalid

PERSON_NAME_LIMIT: Final = 100
SEPARATOR: Final = "\u00b7"
SEPARATOR_VARIANTS: Final = "\u2022\u30fb\uff65\u2027\u2219\u22c5\u0387\u2024\u25cf\uff0e"
PUNCTUATION_IN_NAMES: Final = frozenset(SEPARATOR + " -'\u2019.,")
# Letters and symbols that print as nothing: Hangul fillers, braille blank, Mongolian and Khmer ones.
BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
REFUSED: Final = {
    "Cc": "控制字符",
    "Cf": "零宽或方向控制字符",
    "Cs": "残缺字符",
    "Co": "私用区字符",
    "Zl": "分行符",
    "Zp": "分段符",
}
COPY_HINT: Final = "请删除后重新手工输入，不要从网页或聊天软件直接粘贴。"


class TextInvalid(Invalid):
    """A text with characters that cannot be taken, or a text too long."""

    code = "text.invalid"


def clean_person_name(text: str) -> str:
    """A person's name in NFC, separators made U+00B7, spaces tidy; raises TextInvalid."""
    name = _tidy(text.translate(str.maketrans(SEPARATOR_VARIANTS, SEPARATOR * len(SEPARATOR_VARIANTS))))
    _check_length(name, PERSON_NAME_LIMIT, "姓名")
    _check_visible(name)
    if not name:
        raise TextInvalid("姓名没有填写。", hint="请填写证件上的姓名。")
    for character in name:
        if not _is_letter(character) and character not in PUNCTUATION_IN_NAMES:
            raise TextInvalid(
                f"姓名中不能有“{character}”（{_label(character)}）。",
                hint="请按证件上的姓名填写，间隔号用“·”。",
            )
    if not any(_is_letter(character) for character in name):
        raise TextInvalid("姓名中没有文字。", hint="请填写证件上的姓名。")
    return re.sub(rf" ?{SEPARATOR} ?", SEPARATOR, name)


def clean_line(text: str, max: int) -> str:  # noqa: A002 - reads as clean_line(text, max=200)
    """One line of text in NFC with tidy spaces, at most ``max`` characters; may be empty."""
    line = _tidy(text)
    _check_length(line, max, "内容")
    _check_visible(line)
    return line


def clean_paragraphs(text: str, max: int) -> str:  # noqa: A002
    """Text of several lines: each line tidy, at most two line ends in a row; may be empty."""
    # Long texts are refused before any work is done on them.
    _check_length(text.strip(), max * 2, "内容")
    lines = [_tidy(line) for line in re.split(r"\r\n|\r|\n", text)]
    for line in lines:
        _check_visible(line)
    cleaned = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    _check_length(cleaned, max, "内容")
    return cleaned


def _tidy(text: str) -> str:
    """NFC, without outer space, every run of inner space one plain space."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text.strip())
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", spaced)).strip()


def _check_length(text: str, limit: int, what: str) -> None:
    if len(text) > limit:
        raise TextInvalid(f"{what}有 {len(text)} 个字，超过 {limit} 个字。", hint="请缩短后再提交。")


def _check_visible(text: str) -> None:
    for position, character in enumerate(text, start=1):
        reason = _refusal(character)
        if reason:
            raise TextInvalid(
                f"第 {position} 个字是{reason}（{_label(character)}），看不见或无法显示。", hint=COPY_HINT
            )


def _refusal(character: str) -> str:
    if character in BLANK:
        return "空白字符"
    if 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF:
        return "字形选择符"
    category = unicodedata.category(character)
    if category == "Cn" and not _is_new_han(character):
        return "未定义字符"
    return REFUSED.get(category, "")


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or _is_new_han(character)


def _is_new_han(character: str) -> bool:
    return 0x20000 <= ord(character) <= 0x3FFFD and ord(character) & 0xFFFE != 0xFFFE


def _label(character: str) -> str:
    return f"U+{ord(character):04X}"
