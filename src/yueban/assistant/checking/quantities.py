"""The numbers, times, dates and numbers to call that a text says, each with its value in one form."""

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from yueban.assistant.checking.numerals import HALF, HAN, SCALE, SCALES, value_of
from yueban.assistant.checking.plain_text import clauses_of


@dataclass(frozen=True, slots=True)
class Quantity:
    """One of them: its kind, how it is written, its value, the clause it stands in, and its bound."""

    kind: str
    text: str
    value: Hashable
    clause: str
    bound: str = ""
    is_weak: bool = False
    start: int = 0
    end: int = 0


UNITS = {
    "工作日": "个工作日|个工作天|工作日|工作天|working days?|workdays?|business days?",
    "日": "个自然日|自然日|个日历日|日历日|日(?![元常期])|天|days?",
    "周": "个星期|星期|个礼拜|礼拜|周(?![岁年边])|weeks?",
    "月": "个自然月|个月|months?",
    "岁": "周岁|岁|years? old|years? of age",
    "年": "个年度|个自然年|周年|年(?![级检审报])|years?",
    "季度": "个季度|季度",
    "小时": "个小时|小时|个钟头|钟头|hours?",
    "分钟": "分钟|minutes?",
    "秒": "秒钟|秒",
    "元": "元人民币|元|块钱|块(?![地头])|圆|yuan|RMB|CNY",
    "角": "角|毛钱",
    "平方米": "平方米|平米|㎡|m2",
    "公里": "公里|千米|km",
    "公斤": "公斤|千克|kg",
    "楼": "楼|层",
    "人": "人(?![才民员社力])|名|位",
    "次": "次(?!性)|趟|回(?![复答执])",
    **{
        one: one for one in "亩户家个件份张套页本项条台辆吨米倍级类种号室寸分折度字档批期星步处艘间门款枚座幢"
    },
}
UNIT_OF = {form: name for name, forms in UNITS.items() for form in forms.split("|")}
BARE_UNITS = tuple((form.split("(?!")[0], name) for form, name in UNIT_OF.items())
UNIT = "|".join(sorted(UNIT_OF, key=len, reverse=True))
WEAK = frozenset("个件次项家种人条类级处门间位")
FIGURE = r"\d+(?:\.\d+)?"
SHORT = "[一二三四五六七八九十]{1,3}"
HALF_DAY = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|晚"
LATE = frozenset({"下午", "傍晚", "晚上", "夜间", "晚"})
JOINT = re.compile(r"[-、/和或至到]|或者")
BOUNDS = (
    (
        "most",
        (
            "不超过|不高于|不得超过|不多于|不大于|至多|最多|最高|上限|封顶|不满|未满|不足|低于|少于|小于|up to|"
            "at most"
        ),
    ),
    (
        "least",
        "不低于|不少于|不得少于|不得低于|不小于|至少|最少|最低|超过|高于|多于|大于|年满|满(?![足意])|at least",
    ),
)
BEFORE = re.compile("|".join(f"(?P<{name}>{forms})" for name, forms in BOUNDS))
AFTER = re.compile(r"\)?(?:人民币)?(?:(?P<least>及?以上|起)|(?P<most>及?以下|以内|之内|内(?!容)|封顶))")
REACH = 8

PHONE = re.compile(r"(?<![\d.])\+?\d(?:-?\d){6,}(?![\d.]*[万亿元年%])(?!\d)")
CODE = re.compile(r"[A-Za-z][A-Za-z/-]*\d[\w.-]*|\d+(?:\.\d+)?[A-Za-z](?!\w*days?)[A-Za-z]*", re.ASCII)
DATES = (
    re.compile(
        rf"(?P<y>\d{{4}}|[零一二三四五六七八九]{{4}})年(?P<m>\d{{1,2}}|{SHORT})月(?:(?P<d>\d{{1,2}}|"
        rf"{SHORT})[日号])?"
    ),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d|[零一二三四五六七八九]{4})年"),
    re.compile(rf"(?<!\d)(?P<m>\d{{1,2}}|{SHORT})月(?P<d>\d{{1,2}}|{SHORT})[日号]"),
    re.compile(rf"(?<![\d{HAN}])(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"),
)
TIMES = (
    re.compile(rf"(?P<half>{HALF_DAY})?(?<!\d)(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?!\d)"),
    re.compile(
        rf"(?P<half>{HALF_DAY})?(?<!\d)(?P<h>\d{{1,2}})(?:点(?!击)|时(?![间期限候段效代]))[钟整]?(?P<m>半|"
        rf"[一三]刻|\d{{1,2}}分)?"
    ),
    re.compile(
        rf"(?P<half>{HALF_DAY})(?P<h>{SHORT})点[钟整]?(?P<m>半|[一三]刻|[一二三四五六七八九十]{{1,3}}分)?"
    ),
    re.compile(rf"(?P<half>)(?P<h>{SHORT})点(?:钟|整|(?=半|[一三]刻))(?P<m>半|[一三]刻)?"),
    re.compile(r"(?P<half>)(?P<h>十[一二]?|[四五六七八九])点(?P<m>)(?=[到至之前后开关上下-]|$)"),
)
WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天末])(?!年)|(节假日|双休日)")
ORDINAL = re.compile(rf"第({FIGURE}|[{HAN}]+)(条|款|项|章|批|期|次|档|类|季度|届|号|步|名|年|个月)?")
SHARE = re.compile(
    rf"(百|千)分之({FIGURE}|[{HAN}]+)|({FIGURE}|[{HAN}]+)(%|‰|个百分点|成(?![为立果员本绩功长]))"
)
VAGUE = re.compile("[一二三四五六七八九]?十几|几十|几百|几千|几万|数十|数百|数千|数万|好几|上百|上千|上万")
PER = re.compile(
    r"(?:每(?:一|个|满)?|/|按(?=[年月季日天周]))(年|月|季度|季|日|天|周|小时|次|人|户|家|亩|吨|台|件|份|"
    r"平方米)"
)
NUMBER = re.compile(
    rf"(?P<figure>{FIGURE})\s?(?P<scale>{SCALE})?\s?\(?(?P<unit>{UNIT})?(?P<more>半)?"
    rf"|(?<![统唯第之同其专])(?P<han>[{HAN}]+|半)(?P<han_unit>{UNIT})(?P<han_more>半)?",
    re.IGNORECASE,
)
HUNDREDTH, THOUSANDTH = Decimal("0.01"), Decimal("0.001")


def quantities_in(even: str) -> list[Quantity]:
    """Every quantity of an evened text, clause by clause."""
    return [found for clause in clauses_of(even) for found in _in_clause(clause)]


def _in_clause(clause: str) -> list[Quantity]:
    found: list[Quantity] = []
    rest = clause
    for pattern, read in READERS:
        for match in list(pattern.finditer(rest)):
            one = read(match)
            if one is not None:
                kind, value = one
                found.append(_placed(kind, value, match, clause))
                rest = rest[: match.start()] + "\x00" * len(match.group()) + rest[match.end() :]
    found += _plain_numbers(rest, clause)
    return _afternoons(sorted(found, key=lambda one: one.start))


def _placed(kind: str, value: Hashable, match: re.Match[str], clause: str) -> Quantity:
    return Quantity(kind, match.group().strip(), value, clause, start=match.start(), end=match.end())


def _date(match: re.Match[str]) -> tuple[str, Hashable]:
    parts = match.groupdict()
    return "date", tuple(int(value_of(parts[one])) if parts.get(one) else None for one in "ymd")


def _time(match: re.Match[str]) -> tuple[str, Hashable]:
    hour, said = int(value_of(match["h"])), match["m"] or "0"
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(said)
    minute = int(value_of(said.rstrip("分"))) if minute is None else minute
    return "time", (hour + 12 if match["half"] in LATE and hour < 12 else hour, minute)


def _phone(match: re.Match[str]) -> tuple[str, Hashable]:
    return "phone", re.sub(r"\D", "", match.group())


def _share(match: re.Match[str]) -> tuple[str, Hashable]:
    if match[1]:
        return "percent", value_of(match[2]) * (HUNDREDTH if match[1] == "百" else THOUSANDTH)
    if match[4] == "个百分点":
        return "points", value_of(match[3])
    size = {"%": HUNDREDTH, "‰": THOUSANDTH, "成": HUNDREDTH * 10}[match[4]]
    return "percent", value_of(match[3]) * size


def _weekday(match: re.Match[str]) -> tuple[str, Hashable]:
    return "weekday", match[2] or ("日" if match[1] == "天" else match[1])


def _ordinal(match: re.Match[str]) -> tuple[str, Hashable]:
    return "ordinal", (value_of(match[1]), match[2] or "")


def _per(match: re.Match[str]) -> tuple[str, Hashable]:
    return "per", {"天": "日", "季": "季度"}.get(match[1], match[1])


def _same_text(kind: str) -> Callable[[re.Match[str]], tuple[str, Hashable]]:
    return lambda match: (kind, match.group().casefold())


READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, Hashable] | None]], ...] = (
    *((pattern, _date) for pattern in DATES[:3]),
    (PHONE, _phone),
    (CODE, _same_text("code")),
    *((pattern, _date) for pattern in DATES[3:]),
    *((pattern, _time) for pattern in TIMES),
    (WEEKDAY, _weekday),
    (ORDINAL, _ordinal),
    (SHARE, _share),
    (VAGUE, _same_text("vague")),
    (PER, _per),
)


def _plain_numbers(rest: str, clause: str) -> list[Quantity]:
    numbers = [one for match in NUMBER.finditer(rest) for one in _number(match, clause)]
    for place in range(len(numbers) - 2, -1, -1):  # 3至5个工作日: the unit of the last one holds for all
        one, after = numbers[place], numbers[place + 1]
        (amount, unit), (_, next_unit) = _pair(one), _pair(after)
        if unit == "" and next_unit and JOINT.fullmatch(clause[one.end : after.start]):
            scale = _scale_of(after)
            numbers[place] = replace(
                one, kind=after.kind, value=(amount * scale, next_unit), bound=after.bound
            )
    return numbers


def _pair(one: Quantity) -> tuple[Decimal, str]:
    assert isinstance(one.value, tuple)
    return one.value


def _scale_of(one: Quantity) -> int:
    match = NUMBER.match(one.text)
    return SCALES[match["scale"]] if match and match["scale"] else 1


def _number(match: re.Match[str], clause: str) -> Iterator[Quantity]:
    written, form = match["figure"] or match["han"], match["unit"] or match["han_unit"] or ""
    amount = value_of(written) * SCALES.get(match["scale"] or "", 1)
    if match["more"] or match["han_more"]:
        amount += HALF
    unit = _unit_named(form)
    if unit == "角":
        amount, unit = amount / 10, "元"
    kind = "money" if unit == "元" else "number"
    is_weak = written == "一" and form in WEAK
    found = _placed(kind, (amount, unit), match, clause)
    yield replace(found, bound=_bound(clause, match), is_weak=is_weak)


def _unit_named(form: str) -> str:
    if not form:
        return ""
    return next(name for one, name in BARE_UNITS if re.fullmatch(one, form, re.IGNORECASE))


def _bound(clause: str, match: re.Match[str]) -> str:
    after = AFTER.match(clause, match.end())
    if after:
        return str(after.lastgroup)
    near = re.split(r"\d", clause[max(0, match.start() - REACH) : match.start()])[-1]
    return next((str(found.lastgroup) for found in reversed(list(BEFORE.finditer(near)))), "")


def _afternoons(found: list[Quantity]) -> list[Quantity]:
    """下午2:00-5:00: the second time is in the afternoon too."""
    for place in range(1, len(found)):
        one, before = found[place], found[place - 1]
        if one.kind != "time" or before.kind != "time" or not isinstance(one.value, tuple):
            continue
        joint = one.clause[before.end : one.start]
        is_late = any(half in before.text for half in LATE)
        if JOINT.fullmatch(joint) and is_late and one.value[0] < 12 and not re.match(HALF_DAY, one.text):
            found[place] = replace(one, value=(one.value[0] + 12, one.value[1]))
    return found
