"""What a question says of persons, starred before a model or a log sees it; numbers of public services stay.

Digits are found however they are written: full-width, in Chinese, with spaces, points or hyphens between them. What
is in doubt is starred: a mask too many costs a word, one too few a person.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yueban.assistant.checking.plain_text import INVISIBLE
from yueban.kernel.masking import STAR, mask

HAN_DIGITS = "零一二三四五六七八九"
OTHER_DIGITS = {
    "〇": 0,
    "○": 0,
    "Ｏ": 0,
    "壹": 1,
    "幺": 1,
    "贰": 2,
    "两": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
DIGIT_OF = {character: str(value) for value, character in enumerate(HAN_DIGITS)}
DIGIT_OF |= {character: str(value) for character, value in OTHER_DIGITS.items()}
BETWEEN = re.compile(r"[\s.\-·_,，、/‐-―－—～~()（）]")
MOST_BETWEEN = 3
SHORTEST, LONGEST_CARD, LONGEST_PHONE, IDENTITY_LENGTH = 11, 19, 12, 18
SERVICE = re.compile(r"(?:0575|0571|400|800)-?\d{3,4}-?\d{4}(?![\d-])")
ENDING = frozenset(",，、/")
MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
IDENTITY = re.compile(r"\d{17}[\dXx]")
CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])92[0-9]{6}[0-9A-Za-z]{10}(?![0-9A-Za-z])")
EMAIL = re.compile(r"[\w.+-]+\s*[@＠]\s*[\w-]+(?:\s*[.．。]\s*[A-Za-z]{2,})+", re.ASCII)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]\s?[A-Za-z]\s?[·.\-]?\s?[A-HJ-NP-Za-hj-np-z0-9]{5,6}(?![A-Za-z0-9])"
)
PLACE_HEAD = r"[\u4e00-\u9fff]{2,12}?(?:路|街|大道|巷|弄|村|社区|小区|花园|公寓|新村|苑|里|庄|坊)"
NUMERAL = r"[\d０-９A-Za-z一二三四五六七八九十百零]{1,6}"
ADDRESS = re.compile(
    rf"(?:{PLACE_HEAD})?\s*{NUMERAL}\s*(?:号|弄|幢|栋|座|单元)(?:[\s\-－]*{NUMERAL}\s*(?:号楼|号|幢|栋|座|"
    rf"单元|楼|层|室|户))+"
    rf"|{PLACE_HEAD}\s*{NUMERAL}\s*(?:号楼|号(?!线)|幢|栋)(?:\s*{NUMERAL}\s*(?:室|户))?"
    rf"|{PLACE_HEAD}\s*{NUMERAL}\s*[-－]\s*{NUMERAL}(?:\s*[-－]\s*{NUMERAL})?\s*室?"
)
CALLED = re.compile(
    r"(?P<lead>我的?(?:名字)?(?:叫做?|姓名是|名叫|是叫)|本人(?:叫|姓名)?|(?:姓名|名字|申请人|户主|联系人|"
    r"法定?代表人|经办人)\s*[:：是叫为]+"
    r"|(?:我|伢|他|她|俺|咱)?(?:老公|老婆|丈夫|妻子|爱人|儿子|女儿|伢儿|囡|妈妈?|爸爸?|父亲|母亲|爷爷|"
    r"奶奶|外公|外婆|邻居|同事|朋友|哥哥?|弟弟?|姐姐?|妹妹?|孙子|孙女|他|她)(?:的名字)?(?:名字)?(?:叫做?|名叫))"
    r"\s*(?P<name>[\u4e00-\u9fff·]{2,4}?)(?=[\s,，。.;；!！?？、:：()（）\d*]|$|今年|现在|想|要|是|的|在|"
    r"住|身份|电话|手机|户口|办|能|怎|可|有|什|因|已|刚|退|年|男|女|家|来|于|出生|从|跟|和|去|没|属|申|快|"
    r"也|都|满|岁)"
)
ENGLISH_NAME = re.compile(
    r"(?P<lead>\b(?:my name is|i am called|name:)\s+)(?![A-Za-z]\*{3}(?![A-Za-z]))(?P<name>[A-Za-z]+(?: "
    r"[A-Z][a-z]+){0,2})",
    re.IGNORECASE,
)
NO_NAMES = re.compile("什么|怎么|办理|不|没|要|想|是|去|户口|今年|这|那|啥|哪")
# What follows 本人 where no name does: 本人和配偶, 本人登录.
NO_NAME_OF_SELF = re.compile(
    "和|或|与|也|登录|名下|申请|签|看|可|在|有|的|现场|承诺|按|银行|使用|身份|主动|意愿|亲自|携带|持|办|提|领|到|自|户|填|所|须|需"
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits that follow each other with little between them: as digits, and where each of them stands."""

    digits: str
    places: tuple[int, ...]


def masked(text: str) -> str:
    """The text without identity numbers, cards, phones, names, addresses, e-mails, plates and traders' codes.

    What is starred may show a further name or door, so it is read again until nothing more is found: every reading
    that changes something leaves less in the clear.
    """
    before, text = None, INVISIBLE.sub("", text)
    while text != before:
        before, text = text, _masked_once(text)
    return text


def _masked_once(text: str) -> str:
    for pattern, replace in PATTERNS:
        text = pattern.sub(replace, text)
    return _without_numbers(text)


def _starred(profile: str) -> Callable[[re.Match[str]], str]:
    return lambda found: mask(profile, found.group())


def _named(found: re.Match[str]) -> str:
    name = found["name"]
    is_no_name = NO_NAMES.search(name) or (found["lead"] == "本人" and NO_NAME_OF_SELF.match(name))
    return found.group() if is_no_name else f"{found['lead']}{name[0]}{STAR * (len(name) - 1)}"


def _address(found: re.Match[str]) -> str:
    """The digits of a door go; the road stays, it tells the district."""
    return re.sub(
        r"[\d０-９A-Za-z]+|"
        r"(?<=[路街道巷弄村区园寓苑里庄坊号幢栋座元楼层])[一二三四五六七八九十百零]+(?=[号弄幢栋座单楼层室户])",
        "**",
        found.group(),
    )


PATTERNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (EMAIL, _starred("email")),
    (CREDIT_CODE, f"92{STAR * 16}"),
    (PLATE, lambda found: f"{found.group()[0]}{STAR * 6}"),
    (CALLED, _named),
    (ENGLISH_NAME, lambda found: f"{found['lead']}{found['name'][0]}{STAR * 3}"),
    (ADDRESS, _address),
)


def _without_numbers(text: str) -> str:
    characters = list(text)
    for run in _runs(text):
        for start, end in _personal(run.digits):
            kept = _kept(run.digits[start:end])
            for offset, place in enumerate(run.places[start:end]):
                characters[place] = kept[offset]
    return "".join(characters)


def _digit(character: str) -> str | None:
    if character in DIGIT_OF:
        return DIGIT_OF[character]
    if character.isdecimal():
        return str(int(character))
    return None


def _runs(text: str) -> Iterator[_Run]:
    """Runs of digits with at most three separators between two of them; an X may close one of seventeen."""
    public = {
        place for found in SERVICE.finditer(text) if _is_alone(text, found) for place in range(*found.span())
    }
    digits: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        digit = None if place in public else _digit(character)
        if digit is None and character in "XxＸｘ" and len(digits) >= IDENTITY_LENGTH - 1:
            digit = "X"
        if digit is not None:
            digits.append(digit)
            places.append(place)
        elif digits and (place in public or not _is_between(character, place - places[-1])):
            yield _Run("".join(digits), tuple(places))
            digits, places = [], []
    if digits:
        yield _Run("".join(digits), tuple(places))


def _is_between(character: str, distance: int) -> bool:
    return distance <= MOST_BETWEEN and BETWEEN.match(character) is not None


def _is_alone(text: str, found: re.Match[str]) -> bool:
    """Whether no digits stand before it that could belong to it: 33 0575-8800… may be part of something longer."""
    before = text[: found.start()].rstrip()
    return not before or before[-1] in ENDING or not (BETWEEN.match(before[-1]) or _digit(before[-1]))


def _personal(digits: str) -> Iterator[tuple[int, int]]:
    """The parts of a run that are a person's; of a long one without such a part all."""
    found = []
    is_card = LONGEST_PHONE < len(digits) <= LONGEST_CARD and len(digits) != IDENTITY_LENGTH
    place = 0
    while len(digits) >= SHORTEST and not is_card and place < len(digits):
        match = IDENTITY.match(digits, place) or MOBILE.match(digits, place)
        if match:
            found.append(match.span())
        place = match.end() if match else place + 1
    if not found and len(digits) > LONGEST_PHONE:
        found.append((0, len(digits)))
    yield from found


def _kept(digits: str) -> str:
    if len(digits) == IDENTITY_LENGTH:
        return mask("id_number", digits)
    return mask("phone", digits) if MOBILE.fullmatch(digits) else mask("bank", digits)
