"""Whether a fact stands in an answer, whatever the width, spaces and dashes it is written with."""

import re
import unicodedata


def normal(text: str) -> str:
    """Spaces around Chinese, full-width forms and punctuation do not count; a dash between numbers is one dash."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"(?<=\d)\s*(?:[-–—~]|至|到)\s*(?=\d)", "-", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"[\"'“”‘’\u300c\u300d《》〈〉【】()\[\]{}。、;!?·…*|]|(?<!\d)[,:]|[,:](?!\d)", "", text)
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", re.sub(r"\s+", " ", text))


def holds(answer: str, fact: str) -> bool:
    """5个工作日 is not in 15个工作日, nor 五年 in 十五年, nor ten in often."""
    fact = normal(fact)
    if not fact:
        return True
    before = after = ""
    if re.match(r"[a-z0-9]", fact):
        before = r"(?<![a-z0-9.])"
    elif re.match(r"[一二两三四五六七八九十百]", fact):
        before = r"(?<![一二两三四五六七八九十百])"
    if fact[-1].isdigit():
        after = r"(?![\d%]|\.\d)"
    return re.search(before + re.escape(fact) + after, normal(answer)) is not None


def holds_all(answer: str, facts: list[list[str]]) -> bool:
    """Whether of every list of alternatives at least one stands."""
    return all(any(holds(answer, one) for one in alternatives) for alternatives in facts)


def plain_name(name: str) -> str:
    """A name without width, brackets and spaces, as keywords of names are compared."""
    return re.sub(
        r"[\s\"'“”‘’\u300c\u300d《》〈〉【】()\[\]{}]", "", unicodedata.normalize("NFKC", name)
    ).casefold()
