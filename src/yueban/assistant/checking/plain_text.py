"""A text made even before it is checked: full-width digits, spaces, invisible characters; and cut into clauses."""

import re
import unicodedata
from functools import lru_cache

# Zero width, soft hyphen, bidirectional marks, variation selectors, tags: nothing that a reader sees.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
BESIDE_HAN = re.compile(r"(?<=[^\x00-\x7f])[ \t]+|[ \t]+(?=[^\x00-\x7f])")
CLAUSE = re.compile(r"[^,，。;；!！?？\n]+")
FORMAL = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億廿", "零二一二三四五六七八九十百千万亿念")
HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−～~－﹣", "-"))
STOPS = str.maketrans({",": "，", ";": "；"})


@lru_cache(maxsize=4096)
def evened(text: str) -> str:
    """NFKC without thousands' commas, invisible characters and spaces beside Chinese; numerals in their plain form.

    A comma that is left parts clauses.
    """
    digits = INVISIBLE.sub("", text).replace("，", "\n")
    plain = THOUSANDS.sub("", unicodedata.normalize("NFKC", digits))
    return BESIDE_HAN.sub("", plain.translate(FORMAL).translate(HYPHENS)).replace("念", "二十")


def clauses_of(even: str) -> list[str]:
    """The parts between commas, stops and line ends."""
    return CLAUSE.findall(even)


@lru_cache(maxsize=4096)
def pairs_of(text: str) -> frozenset[str]:
    """Neighbouring characters, without digits and punctuation: what a clause is about."""
    bare = re.sub(r"[\W\d_]+", "", text)
    return frozenset(bare[place : place + 2] for place in range(len(bare) - 1)) or frozenset(bare)
