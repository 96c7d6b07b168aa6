"""Whom a policy is for: honours with their levels, thresholds of figures, whole phrases, as rules of the language."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yueban.policies.reading.draft import Condition, Told
from yueban.policies.reading.lexicon import Honour, Lexicon, Measure, Phrase
from yueban.policies.reading.numbers import Number, Unit
from yueban.policies.reading.text import Span

JOINT = r"(?:、|,|和|及|与|或|或者|以及|/|\s)*"
GRADES = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
ABOVE = re.compile(r"^\s*(?:\(含\))?(?:及以上|\(含\)以上|以上)")
WORDS_OF_COMPARISON: tuple[tuple[str, str], ...] = (
    ("不低于", "ge"),
    ("不少于", "ge"),
    ("不小于", "ge"),
    ("≥", "ge"),
    ("达到", "ge"),
    ("突破", "ge"),
    ("满", "ge"),
    ("不超过", "le"),
    ("不高于", "le"),
    ("不多于", "le"),
    ("≤", "le"),
    ("控制在", "le"),
    ("超过", "gt"),
    ("大于", "gt"),
    ("高于", "gt"),
    (">", "gt"),
    ("超", "gt"),
    ("低于", "lt"),
    ("少于", "lt"),
    ("小于", "lt"),
    ("不足", "lt"),
    ("<", "lt"),
    ("未达到", "lt"),
    ("达", "ge"),
    ("首次上", "ge"),
    ("增长", "ge"),
)
AFTER = (
    (re.compile(r"^\s*(?:\(含\)|\(含本数\))?\s*(?:及以上|以上|\(含\)以上)"), "ge"),
    (re.compile(r"^\s*(?:\(不含\))\s*以上"), "gt"),
    (re.compile(r"^\s*(?:\(不含\))\s*以下"), "lt"),
    (re.compile(r"^\s*(?:\(含\))?\s*(?:及以下|以下|以内)"), "le"),
)
WITHIN_YEARS = re.compile(r"^\s*以?内")
PLACES_END = frozenset("市县区")
FAR = 24  # characters between a figure's name and its number


@dataclass(frozen=True)
class Found:
    """One condition that was read, and what kind of list it may be a member of."""

    condition: Condition
    series: str
    label: str
    level: str = ""
    place: int = 0
    """Where it stands among its like: the place of its level or grade where several share one name."""
    is_first: bool = False
    """Whether it says itself that it was never so before: 首次突破1亿元."""


def find_honours(
    text: str, start: int, end: int, lexicon: Lexicon, before: Honour | None = None
) -> tuple[list[Found], Honour | None]:
    """Each recognition with each of its levels or grades, in the order of the text, and the last one named.

    `before` is what an earlier part of the clause named: 获得绍兴市一、二等奖的 speaks of it still.
    """
    found: list[Found] = []
    levels_before: list[tuple[str, Span]] = []
    named = _named(text, start, end, lexicon.honours)
    for place, (honour, span) in enumerate(named):
        until = named[place + 1][1].start if place + 1 < len(named) else end
        own = _levels_at(text, start, span, lexicon) if honour.levels else []
        joined = bool(found) and re.fullmatch(JOINT + r"\(?", text[found[-1].condition.span.end : span.start])
        levels = own or (levels_before if joined and honour.levels else [])
        levels_before = levels
        found += _spread(text, honour, span, levels, until, lexicon, start)
    if not named and before is not None:
        found = _spread(text, before, Span(start, start), [], end, lexicon, start)
        if all(not one.level for one in found):
            found = []
    return found, named[-1][0] if named else before


def _spread(  # noqa: PLR0917 - what is found, and where
    text: str,
    honour: Honour,
    span: Span,
    levels: Sequence[tuple[str, Span]],
    until: int,
    lexicon: Lexicon,
    start: int,
) -> list[Found]:
    """One name with its levels before it, or levels and grades after it."""
    later = [] if levels or not honour.levels else _levels_in(text, span.end, until, lexicon)
    grades = _grades_in(text, span.end, until) or (
        [] if levels or later else _grades_before(text, start, span)
    )
    rows = list(levels) or later
    if rows and grades and len(rows) == 1:
        level, at = rows[0]
        return [
            _honour(lexicon, honour, f"{level}.{grade}", _cover(_cover(span, at), place), place, text)
            for grade, place in grades
        ]
    if rows:
        return [
            _honour(lexicon, honour, level, _cover(span, at) if len(rows) == 1 else span, at, text)
            for level, at in rows
        ]
    if grades:
        return [_honour(lexicon, honour, grade, _cover(span, at), at, text) for grade, at in grades]
    return [_honour(lexicon, honour, "", span, span, text)]


def _cover(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))


def _named(text: str, start: int, end: int, honours: Iterable[Honour]) -> list[tuple[Honour, Span]]:
    """Names of honours, the longest first, none inside another."""
    taken: list[tuple[Honour, Span]] = []
    words = sorted(
        ((word, honour) for honour in honours for word in honour.words), key=lambda pair: -len(pair[0])
    )
    for word, honour in words:
        place = text.find(word, start, end)
        while place >= 0:
            span = Span(place, place + len(word))
            if not any(span.start < other.end and other.start < span.end for _, other in taken):
                taken.append((honour, span))
            place = text.find(word, span.end, end)
    return sorted(taken, key=lambda pair: pair[1].start)


def _level_words(lexicon: Lexicon) -> dict[str, str]:
    return dict(
        sorted(
            ((word, level) for level, words in lexicon.levels.items() for word in words),
            key=lambda pair: -len(pair[0]),
        )
    )


def _levels_at(text: str, start: int, span: Span, lexicon: Lexicon) -> list[tuple[str, Span]]:
    """国家级、省级 before a name, in order."""
    level_of = _level_words(lexicon)
    # 诸暨市小微企业园 is a park of that place, not one of a level.
    pattern = "|".join(
        rf"(?<![^为、和及或入得获\W]){word}" if word in PLACES_END else re.escape(word) for word in level_of
    )
    listed = re.search(
        rf"((?:{pattern})(?:(?:、|,|和|及|或|/)(?:{pattern}))*)(?:首批|新|重点|优秀|示范|培育|试点|政府)?$",
        text[start : span.start],
    )
    if listed is None:
        return []
    at = start + listed.start()
    return [
        (level_of[match[0]], Span(at + match.start(), at + match.end()))
        for match in re.finditer(pattern, listed[1])
    ]


def _levels_in(text: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[str, Span]]:
    """获得国家级、省级、市级试点 after a name: levels by their whole words, or a level just before prizes."""
    level_of = _level_words(lexicon)
    whole = "|".join(re.escape(word) for word in level_of if word.endswith("级"))
    found = [
        (level_of[match[0]], Span(start + match.start(), start + match.end()))
        for match in re.finditer(whole, text[start:end])
    ]
    if found:
        return found
    short = "|".join(map(re.escape, level_of))
    prize = re.search(rf"({short})(?=(?:[一二三1-3](?:、|和|及|等|/)*)+等?奖)", text[start:end])
    return [(level_of[prize[1]], Span(start + prize.start(1), start + prize.end(1)))] if prize else []


GRADE_LIST = re.compile(
    r"(?:[1-5一二三四五](?:星级?|级|等奖|等级|等)?(?:\(?含?\)?及?以上)?(?:、|和|及|或|/)?){1,6}(?<=[星级奖等上])"
)


def _grades_in(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """2级、3级、4级及以上 after a name."""
    area = re.search(GRADE_LIST, text[start : min(end, start + 24)])
    return _grades(text, start + area.start(), start + area.end()) if area else []


def _grades_before(text: str, start: int, span: Span) -> list[tuple[str, Span]]:
    """五星级、四星级 before a name."""
    area = re.search(rf"{GRADE_LIST.pattern}$", text[start : span.start])
    return _grades(text, start + area.start(), span.start) if area else []


def _grades(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    found = []
    for match in re.finditer(r"([1-5一二三四五])(?:星级?|级|等奖|等级|等)?", text[start:end]):
        at = Span(start + match.start(), start + match.end())
        above = ABOVE.match(text[at.end : at.end + 8])
        found.append((f"{GRADES[match[1]]}{'+' if above else ''}", at))
    return found


def _honour(  # noqa: PLR0917 - what is found, and where
    lexicon: Lexicon, honour: Honour, level: str, span: Span, at: Span, text: str
) -> Found:
    if level.endswith("+"):
        codes = [f"{honour.key}.{grade}" for grade in range(int(level[:-1]), 6)]
    else:
        codes = [f"{honour.key}.{level}" if level else honour.key]
    rule: dict[str, Any] = {"fact": lexicon.honours_fact, "op": "contains_any", "value": codes}
    return Found(Condition(rule, span), "honour", text[at.start : at.end], level, at.start)


def find_phrases(text: str, start: int, end: int, lexicon: Lexicon) -> list[Found]:
    """Words that are a whole condition."""
    found: list[Found] = []
    matches = sorted(
        (
            (phrase, match)
            for phrase in lexicon.phrases
            for word in phrase.words
            for match in re.compile(word).finditer(text, start, end)
        ),
        key=lambda pair: -len(pair[1][0]),
    )
    for phrase, match in matches:
        span = Span(*match.span())
        if not any(
            span.start < one.condition.span.end and one.condition.span.start < span.end for one in found
        ):
            found.append(Found(Condition(phrase.rule, span), _series(phrase), match[0], place=span.start))
    return sorted(found, key=lambda one: one.condition.span)


def _series(phrase: Phrase) -> str:
    """Phrases that are codes of one list may be steps of a ladder: 上市辅导、新三板挂牌、上市."""
    is_code = phrase.rule.get("op") in {"eq", "contains", "contains_any"} and isinstance(
        phrase.rule.get("value"), str | list
    )
    return f"code:{phrase.rule['fact']}" if is_code else "phrase"


WHO = r"(?:制造|加工|类|行业|产业|服务业|领域|消费|经营|等|的)*(?:企业|公司|主体|单位|合作社|业)"
NOT_THESE = re.compile(r"^[^。;]{0,12}?(?:不适用|不在此列|除外)")


def find_industries(text: str, start: int, end: int, lexicon: Lexicon) -> list[Found]:
    """批发、零售、住宿、餐饮企业: names of industries side by side are one condition; 不适用 turns it round."""
    code_of = {word: one.codes for one in lexicon.industries for word in one.words}
    if not code_of:
        return []
    word = "|".join(re.escape(one) for one in sorted(code_of, key=len, reverse=True))
    each = rf"(?:{word})(?:制造)?业?"
    listed = re.compile(rf"(?P<list>{each}(?:(?:、|和|及|与|或){each})*?)(?:{WHO}|(?<=旅行社))")
    found = []
    for match in listed.finditer(text, start, end):
        named = (re.match(word, part) for part in re.split(r"(?<!酒)、|(?<!酒)和|及|与|或", match["list"]))
        codes = sorted({code for one in named if one for code in code_of[one[0]]})
        rule: dict[str, Any] = {"fact": lexicon.industry_fact, "op": "prefix", "value": codes}
        span = Span(*match.span())
        series = "industry"
        if NOT_THESE.match(text[span.end : end]):
            rule, series = {"none": [rule]}, "not for"
        found.append(Found(Condition(rule, span), series, match[0], place=span.start))
    return found


def find_thresholds(
    text: str, start: int, end: int, numbers: Sequence[Number], lexicon: Lexicon
) -> tuple[list[Found], list[Told]]:
    """Each number of a condition with the figure that it is the threshold of; those whose figure is not known."""
    found: list[Found] = []
    unknown: list[Told] = []
    last: tuple[Measure, str] | None = None
    for number in numbers:
        comparison = comparison_of(text, number)
        measure = _measure(text, start, end, number, lexicon)
        if (
            measure is None
            and last is not None
            and found
            and _is_listed(text, found[-1].condition.span, number.span)
        ):
            measure, comparison = last[0], comparison or last[1]
        if measure is None:
            clause = re.split(r"[,。;]", text[start : number.span.start])[-1]
            span = Span(number.span.start - len(clause), number.span.end)
            unknown.append(Told(text[span.start : span.end], span))
            continue
        op = comparison or "ge"
        is_listed = last == (measure, op) and bool(found)
        last = (measure, op)
        is_first = bool(measure.peak) and (
            re.search(r"首次(?:达到?|突破|超过|上)$", text[start : number.span.start]) is not None
            or (is_listed and found[-1].is_first)
        )
        found.append(
            Found(
                Condition(_threshold(measure, op, number, is_first=is_first), number.span),
                f"threshold:{measure.fact}:{op}",
                text[number.span.start : number.span.end],
                place=number.span.start,
                is_first=is_first,
            )
        )
    return found, unknown


def _threshold(measure: Measure, op: str, number: Number, *, is_first: bool) -> dict[str, Any]:
    """首次突破 asks of all earlier years that they stayed below."""
    rule = {"fact": measure.fact, "op": op, "value": value_of(number)}
    if not is_first:
        return rule
    return {"all": [rule, {"fact": measure.peak, "op": "lt", "value": value_of(number)}]}


def _is_listed(text: str, before: Span, after: Span) -> bool:
    return (
        re.fullmatch(
            r"(?:\(含\)|及?以上|\s)*(?:、|和|及|,|至|-|~|—)?(?:\(含\)|\s)*", text[before.end : after.start]
        )
        is not None
    )


def value_of(number: Number) -> Any:
    """As the facts have it: amounts in yuan, shares in percent."""
    value = (number.value * 100 if number.unit is Unit.PERCENT else number.value).normalize()
    whole = value == value.to_integral_value()
    if number.unit is Unit.MONEY or not whole:
        return format(value, "f")
    return int(value)


def comparison_of(text: str, number: Number) -> str:
    """How a number bounds, from the words on both sides; empty where they do not say."""
    after = text[number.span.end : number.span.end + 10]
    if number.unit is Unit.YEARS and WITHIN_YEARS.match(after):
        return "lt"  # 成立5年以内: the fifth year is not over
    for pattern, op in AFTER:
        if pattern.match(after):
            return op
    before = re.split(r"[,。;]", text[: number.span.start])[-1][-10:]
    nearest, chosen = -1, ""
    for word, op in WORDS_OF_COMPARISON:
        place = before.rfind(word)
        if place >= 0 and place + len(word) > nearest:
            nearest, chosen = place + len(word), op
    return chosen


def _measure(text: str, start: int, end: int, number: Number, lexicon: Lexicon) -> Measure | None:
    """The figure whose name stands nearest before the number in its sentence, else just after it."""
    unit = str(number.unit)
    best: tuple[int, int, Measure] | None = None
    for measure in lexicon.measures:
        if measure.unit != unit:
            continue
        for word in measure.words:
            place = text.rfind(word, max(start, number.span.start - FAR - len(word)), number.span.start)
            between = text[place + len(word) : number.span.start]
            if unit != str(Unit.PERCENT) and "占" in text[max(place - 3, 0) : max(place, 0)]:
                continue  # 残疾人占职工比例: the staff is only what the share is of
            if place >= 0 and not re.search(r"[。;]", between):
                candidate = (-(number.span.start - place - len(word)), len(word), measure)
                best = max(best, candidate, key=lambda one: one[:2]) if best else candidate
    if best is not None:
        return best[2]
    after = text[number.span.end : min(end, number.span.end + 14)]
    return next(
        (
            measure
            for measure in lexicon.measures
            if measure.unit == unit
            for word in measure.words
            if word in after
        ),
        None,
    )
