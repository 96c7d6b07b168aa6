"""A clause read into drafts: what is given to whom, and every word that was not understood.

Deterministic: constructions that policy writers use, and a lexicon of the city. Nothing is guessed: a number whose
part is not clear, and words that no construction took, are shown as they stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yueban.policies.reading import benefits as giving
from yueban.policies.reading.benefits import Benefit, Role
from yueban.policies.reading.conditions import (
    Found,
    find_honours,
    find_industries,
    find_phrases,
    find_thresholds,
)
from yueban.policies.reading.draft import Condition, DraftOffer, Step, Told
from yueban.policies.reading.lexicon import Honour, Lexicon
from yueban.policies.reading.numbers import find_numbers
from yueban.policies.reading.tables import Table, find_tables, steps_of
from yueban.policies.reading.text import Span, even

SENTENCE = re.compile(r"[^。;\n]+")
DEPARTMENT = re.compile(
    r"(?:责任|牵头|主管|实施|兑现|负责)(?:单位|部门)\s*[::]\s*(?P<name>[^。;)\n]{2,60})|\(?由(?P<by>[^,。;]{2,20}(?:局|委|部|办|中心))(?:负责|牵头|组织|会同)"
)
HIGHEST = re.compile(
    r"(?:按照?)?(?:就高|从高|从优|择优|择高|最高(?:标准|额))[^,。;]{0,12}(?:不重复|不再重复|享受|执行|原则|奖励|补助|兑现)[^,。;]{0,8}|不(?:得)?重复(?:享受|奖励|补助|补贴|资助|兑现|计奖|支持)|就高(?=[,。;]|$)|不再享受|只(?:奖|补)一次|扣除后补足"
)
TOP_UP = re.compile(
    r"(?:给予|按|补足|补)?(?:差额|补差|差价)(?:部分)?(?:奖励|补助|补足|补差|给予)?|补足差额|晋级(?:的)?[^,。;]{0,10}(?:差额|补差)"
)
FIRST = re.compile(
    r"首次|首家|首个|首批(?!次)|第一次|新(?:认定|获评|获得|获|评定|评为|列入|入选|增|引进|设立|注册|上规|升规|创建|通过|建成|晋升)|新上规"
)
THIS_YEAR = re.compile(r"当年度?|年度内|本年度|上一?年度|\d{4}年度?")
ATTACHED = re.compile(
    r"^\s*(?:且|但|并|其中)?(?:最高|单个|单户|每家|每个|每年|每户|单家|单项|累计|总额|合计|总计|同一|全年|年度|一个|上限|不超过|最多|原则上|奖励总额|补助总额)"
)
# What only says what the clause is about: no number, no duty, no limit.
INTRODUCES = re.compile(
    r"^\s*(?:支持|鼓励|推动|推进|加快|引导|深化|加大|强化|加强|促进|培育|发挥|提升|优化|落实|实施)(?:(?!不|须|必|应|得|\d|除外|仅)[^,])*$"
)
# What somebody who meets the conditions is then called is no condition.
GRANTED = re.compile(r",\s*(?:可以?)?(?:申请认定|申请|认定为|评价为|列入|评定为)")
WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
STOP = re.compile(
    r"^(?:对|对于|凡|经|并|且|并且|同时|其中|按|按照|根据|符合|的|给予|分别|一次性|再|另|每|每年|企业|单位|项目|获得|获评|被|列入|入选|认定|评定|评为|通过|为|成为|等|当年|年度|鼓励|支持|推动|加快|引导)*$"
)


@dataclass
class _Passage:
    """Text that says for whom, and what is given there."""

    condition: Span
    said: Span
    sentence: int
    benefits: list[Benefit] = field(default_factory=list)


def read_clause(text: str, lexicon: Lexicon) -> list[DraftOffer]:
    """At least one draft; where nothing was understood the whole clause stands in `unresolved`."""
    plain = even(text)
    tables = find_tables(plain)
    if not tables:
        return _read_prose(text, plain, lexicon)
    bare, bare_plain = text, plain
    for table in tables:
        blank = "\n" * (table.span.end - table.span.start)
        bare = bare[: table.span.start] + blank + bare[table.span.end :]
        bare_plain = bare_plain[: table.span.start] + blank + bare_plain[table.span.end :]
    offers = _read_prose(bare, bare_plain, lexicon)
    for table in tables:
        _add_table(text, plain, table, offers, lexicon)
    return offers


def _add_table(text: str, plain: str, table: Table, offers: list[DraftOffer], lexicon: Lexicon) -> None:
    """A ladder is what the words before it give; a table that is none stands row by row with the unresolved."""
    before = [one for one in offers if one.span.start <= table.span.start] or offers[:1]
    intro = Span(0, table.span.start)
    found, named = find_honours(plain, *intro, lexicon)
    steps = steps_of(plain, table, lexicon, named)
    if not steps:
        rows = [Span(row[0].start, row[-1].end) for row in (table.head, *table.rows)]
        before[-1].unresolved += [Told(text[row.start : row.end], row) for row in rows]
        return
    target = before[-1]
    if target.steps:
        target = DraftOffer(table.span)
        offers.append(target)
    else:
        general = {one.condition.span for one in found if not one.level}
        read, _ = _read_passage(plain, _Passage(intro, intro, 0), [], lexicon, None)
        target.span = Span(0, table.span.end)
        target.conditions = [one for one in read.conditions if one.span not in general]
        target.unresolved = read.unresolved
    target.steps = steps
    _common(plain, [target], lexicon)


def _read_prose(text: str, plain: str, lexicon: Lexicon) -> list[DraftOffer]:
    roles = _roles(plain, lexicon)
    passages = _passages(plain, roles)
    offers = _offers(plain, passages, roles, lexicon)
    if not offers:
        return [_without_benefit(text, plain, lexicon)]
    _common(plain, offers, lexicon)
    _rest(plain, offers)
    return offers


def _without_benefit(text: str, plain: str, lexicon: Lexicon) -> DraftOffer:
    """Whom a clause is for that gives nothing one could count; unresolved where even that is unclear."""
    whole = Span(0, len(text))
    department = DEPARTMENT.search(plain)
    end = department.start() if department else len(text)
    granted = [match.start() for match in GRANTED.finditer(plain, 0, end)]
    area = Span(0, granted[-1] if granted else end)
    numbers = [number for number in find_numbers(plain) if number.span.end <= area.end]
    passage = _Passage(area, area, 0)
    offer, _ = _read_passage(plain, passage, [Role(one, "condition") for one in numbers], lexicon, None)
    offer.span = whole
    if not offer.conditions:
        offer.unresolved = [Told(text.strip(), whole)] if text.strip() else []
    _common(plain, [offer], lexicon)
    return offer


def _sentences(plain: str) -> list[Span]:
    return [Span(found.start(), found.end()) for found in SENTENCE.finditer(plain)]


def _give_at(plain: str, chunk: Span) -> int:
    """Where giving begins in a part of a sentence; -1 where it does not."""
    said = plain[chunk.start : chunk.end]
    strong = re.search(
        r"给予|予以|给与|享受|发放|分别(?:奖励|补助|补贴|按)|一次性(?:奖励|补助|补贴|资助)|再(?:奖励|给予)|另(?:奖励|给)",
        said,
    )
    if strong:
        return chunk.start + strong.start()
    weak = re.search(
        r"(?:奖励|奖补|补助|补贴|资助|贴息|扶持|支持|拨付|返还|减免)(?=[^,]{0,14}\d)|免收|免征|免缴|减半|减免|补足|补差|差额",
        said,
    )
    if weak:
        return chunk.start + weak.start()
    closing = re.search(r"\d[^,]{0,8}(?:奖励|奖补|补助|补贴|资助|贴息)", said)
    return chunk.start + closing.start() if closing else -1


def _chunks(plain: str, sentence: Span) -> list[Span]:
    found, start = [], sentence.start
    for place in range(sentence.start, sentence.end):
        if plain[place] == "," and not (
            plain[place - 1].isdigit() and plain[place + 1 : place + 2].isdigit()
        ):
            found.append(Span(start, place))
            start = place + 1
    return [*found, Span(start, sentence.end)]


def _roles(plain: str, lexicon: Lexicon) -> list[Role]:
    roles = []
    words = "|".join(re.escape(word) for one in lexicon.measures if one.unit == "money" for word in one.words)
    bounded = re.compile(rf"(?:{words})[^,。;、\d]{{0,4}}(?:不得?超过|不高于|控制在|以内)[^,。;\d]{{0,4}}$")
    numbers = find_numbers(plain)
    for sentence in _sentences(plain):
        for chunk in _chunks(plain, sentence):
            give = _give_at(plain, chunk)
            if give < 0 and ATTACHED.match(plain[chunk.start : chunk.end]):
                give = chunk.start
            for number in numbers:
                if not chunk.start <= number.span.start < chunk.end:
                    continue
                part = giving.role_of(number, plain, give)
                if part == "cap" and give < 0 and bounded.search(plain[chunk.start : number.span.start]):
                    part = "condition"
                roles.append(Role(number, part))
    return _same_in_lists(roles, plain)


def _same_in_lists(roles: list[Role], plain: str) -> list[Role]:
    """Numbers of one list have one part: that of the last, which has the words after it."""
    for place in range(len(roles) - 2, -1, -1):
        one, after = roles[place], roles[place + 1]
        between = plain[one.number.span.end : after.number.span.start]
        if one.number.unit == after.number.unit and re.fullmatch(
            r"\s*(?:、|/|和|及|或|-|~|—|至)\s*", between
        ):
            roles[place] = Role(one.number, after.part)
    return roles


def _passages(plain: str, roles: Sequence[Role]) -> list[_Passage]:
    passages: list[_Passage] = []
    for place, sentence in enumerate(_sentences(plain)):
        begun = sentence.start
        for chunk in _chunks(plain, sentence):
            made = giving.benefits_of(plain, chunk.start, chunk.end, roles)
            if not made:
                continue
            if _goes_on(plain, chunk, made, passages, place):
                _add_cap(passages[-1], made)
                passages[-1].said = Span(passages[-1].said.start, chunk.end)
                begun = chunk.end + 1
                continue
            give = _give_at(plain, chunk)
            first = min(one.span.start for one in made)
            turn = min(first, give) if give >= 0 else first
            turn = _by_share(plain, chunk, turn, made)
            passages.append(_Passage(Span(begun, max(begun, turn)), Span(begun, chunk.end), place, made))
            begun = chunk.end + 1
    return passages


def _by_share(plain: str, chunk: Span, turn: int, made: Sequence[Benefit]) -> int:
    """按……的30%: what comes after 按 is the base, not a condition."""
    if any(one.rate is not None for one in made):
        by = plain.rfind("按", chunk.start, turn)
        return by if by >= 0 else turn
    return turn


def _goes_on(
    plain: str, chunk: Span, made: Sequence[Benefit], passages: Sequence[_Passage], sentence: int
) -> bool:
    """Whether this part only limits what was given before."""
    if not passages or any(one.amount is not None or one.rate is not None for one in made):
        return False
    near = passages[-1].sentence == sentence or passages[-1].sentence == sentence - 1
    return near and ATTACHED.match(plain[chunk.start : chunk.end].strip()) is not None


def _add_cap(passage: _Passage, made: Sequence[Benefit]) -> None:
    for one in made:
        if one.cap is None:
            continue
        passage.benefits = [
            replace(benefit, cap=one.cap, cap_scope=one.cap_scope)
            if benefit.cap is None
            else replace(benefit, limits=(*benefit.limits, (one.cap_scope, one.cap)))
            for benefit in passage.benefits
        ]


def _offers(
    plain: str, passages: Sequence[_Passage], roles: Sequence[Role], lexicon: Lexicon
) -> list[DraftOffer]:
    offers: list[DraftOffer] = []
    last, named = -1, None
    for passage in passages:
        draft, named = _read_passage(plain, passage, roles, lexicon, named)
        inherits = (
            offers
            and passage.sentence == last
            and not re.match(r"\s*(?:对|凡)", plain[passage.condition.start :])
        )
        if inherits:
            _join(offers[-1], draft)
        else:
            offers.append(draft)
        last = passage.sentence
    return offers


def _join(offer: DraftOffer, more: DraftOffer) -> None:
    """Another case of the same sentence: its own conditions stand with its own steps."""
    offer.span = Span(offer.span.start, more.span.end)
    offer.steps += [Step(step.benefit, (*more.conditions, *step.conditions)) for step in more.steps]
    offer.unresolved += more.unresolved


def _read_passage(
    plain: str, passage: _Passage, roles: Sequence[Role], lexicon: Lexicon, before: Honour | None
) -> tuple[DraftOffer, Honour | None]:
    start, end = passage.condition
    numbers = [
        role.number
        for role in roles
        if role.part == "condition" and start <= role.number.span.start < passage.said.end
    ]
    honours, named = find_honours(plain, start, end, lexicon, before)
    phrases = [one for one in find_phrases(plain, start, end, lexicon) if not _inside(one, honours)]
    honours = [one for one in honours if not _overlaps(one, phrases)]
    industries = [one for one in find_industries(plain, start, end, lexicon) if not _inside(one, honours)]
    thresholds, unknown = find_thresholds(plain, start, passage.said.end, numbers, lexicon)
    found = sorted([*phrases, *industries, *honours, *thresholds], key=lambda one: one.place)
    offer = DraftOffer(passage.said)
    steps, common = _split(passage.benefits, found)
    offer.steps = steps
    offer.conditions = _gathered(common)
    for name, pattern in (("first_time", FIRST), ("current_year", THIS_YEAR)):
        match = pattern.search(plain, start, end)
        if match and not (name == "first_time" and _is_said(Span(*match.span()), found)):
            setattr(offer, name, Told(match[0], Span(match.start(), match.end())))
    left = _left_over(plain, passage.condition, found, lexicon)
    offer.unresolved = [*unknown, *(told for told in left if not _within(told.span, unknown))]
    return offer, named


def _is_said(first: Span, found: Sequence[Found]) -> bool:
    """首次突破1亿元 and 首次成为规上企业 say themselves what is new."""
    return any(
        (one.condition.span.start <= first.start and first.end <= one.condition.span.end)
        or (one.is_first and first.end <= one.condition.span.start)
        for one in found
    )


def _within(span: Span, others: Sequence[Told]) -> bool:
    return any(other.span.start <= span.start and span.end <= other.span.end for other in others)


def _overlaps(one: Found, others: Sequence[Found]) -> bool:
    span = one.condition.span
    return any(
        span.start < other.condition.span.end and other.condition.span.start < span.end for other in others
    )


def _inside(one: Found, others: Sequence[Found]) -> bool:
    span = one.condition.span
    return any(
        other.condition.span.start <= span.start and span.end <= other.condition.span.end for other in others
    )


def _split(given: Sequence[Benefit], found: Sequence[Found]) -> tuple[list[Step], list[Found]]:
    """As many steps as benefits: the list with as many members as there are benefits gives each step its own."""
    if len(given) < 2:
        return [Step(one) for one in given], list(found)
    for series in dict.fromkeys(one.series for one in reversed(found)):
        members = [one for one in found if one.series == series]
        if (
            (series != "phrase" or len(members) == len(given))
            and len(members) >= len(given)
            and len(members) % len(given) == 0
        ):
            groups = _groups(members, len(given))
            steps = [
                Step(replace(benefit, label=group[0].label), (_any_of(group),))
                for benefit, group in zip(given, groups, strict=True)
            ]
            return steps, [one for one in found if one.series != series]
    return [Step(one) for one in given], list(found)


def _groups(members: Sequence[Found], count: int) -> list[list[Found]]:
    """国家级、省级智能工厂、数字化车间: whatever has the first level to the first step, the second to the second."""
    levels = list(dict.fromkeys(one.level for one in members))
    if len(members) > count and len(levels) == count:
        return [[one for one in members if one.level == level] for level in levels]
    size = len(members) // count
    return [list(members[place * size : (place + 1) * size]) for place in range(count)]


def _any_of(group: Sequence[Found]) -> Condition:
    if len(group) == 1:
        return group[0].condition
    span = Span(group[0].condition.span.start, group[-1].condition.span.end)
    return Condition({"any": [one.condition.rule for one in group]}, span)


def _gathered(found: Sequence[Found]) -> list[Condition]:
    """Honours, industries and codes of one list side by side mean any of them; all else must hold together."""
    conditions: list[Condition] = []
    for series in dict.fromkeys(one.series for one in found):
        members = [one for one in found if one.series == series]
        is_choice = series in {"honour", "industry"} or series.startswith("code:")
        conditions += [_any_of(members)] if is_choice else [one.condition for one in members]
    return conditions


def _left_over(plain: str, area: Span, found: Sequence[Found], lexicon: Lexicon) -> list[Told]:
    """Words of the condition that no construction took."""
    passed = [*lexicon.ignored, *(word for measure in lexicon.measures for word in measure.words)]
    known = [re.compile("|".join(map(re.escape, sorted(passed, key=len, reverse=True)))), FIRST, THIS_YEAR]
    taken = [one.condition.span for one in found]
    taken += [Span(*match.span()) for pattern in known for match in pattern.finditer(plain, *area)]
    rest = list(plain)
    for span in taken:
        rest[span.start : span.end] = "\0" * (span.end - span.start)
    words = WORDS.finditer("".join(rest), *area)
    return [
        Told(word[0], Span(*word.span())) for word in words if len(word[0]) > 2 and not STOP.match(word[0])
    ]


def _common(plain: str, offers: Sequence[DraftOffer], lexicon: Lexicon) -> None:
    """What holds for the whole clause: who answers for it, what excludes what, who receives it."""
    department = DEPARTMENT.search(plain)
    exclusive = HIGHEST.search(plain)
    top_up = TOP_UP.search(plain)
    for offer in offers:
        if department:
            group = "name" if department["name"] else "by"
            offer.department = Told(department[group].strip(), Span(*department.span(group)))
        if exclusive or top_up:
            kind, match = ("top_up", top_up) if top_up else ("highest_only", exclusive)
            assert match is not None  # one of them was found
            offer.exclusivity = Told(kind, Span(match.start(), match.end()))
        offer.beneficiary = _beneficiary(plain, offer, lexicon)


def _rest(plain: str, offers: Sequence[DraftOffer]) -> None:
    """Parts of sentences that no offer took: unless they only introduce, they stand with the offer before them."""
    for sentence in _sentences(plain):
        for chunk in _chunks(plain, sentence):
            said = plain[chunk.start : chunk.end]
            if any(one.span.start < chunk.end and chunk.start < one.span.end for one in offers):
                continue
            if INTRODUCES.match(said) or any(one.search(said) for one in (DEPARTMENT, HIGHEST, TOP_UP)):
                continue
            words = [word for word in WORDS.findall(said) if len(word) > 2 and not STOP.match(word)]
            if not words:
                continue
            before = [one for one in offers if one.span.start <= chunk.start]
            start = chunk.start + len(said) - len(said.lstrip())
            span = Span(start, chunk.start + len(said.rstrip()))
            (before[-1] if before else offers[0]).unresolved.append(Told(plain[span.start : span.end], span))


def _beneficiary(plain: str, offer: DraftOffer, lexicon: Lexicon) -> Told | None:
    said = plain[offer.span.start : offer.span.end]
    best: tuple[int, str, int, int] | None = None
    for kind, words in lexicon.beneficiaries.items():
        for word in words:
            match = re.search(word, said)
            if match and (best is None or (len(match[0]), -match.start()) > (best[0], -best[2])):
                best = (len(match[0]), kind, *match.span())
    if best is None:
        return None
    return Told(best[1], Span(offer.span.start + best[2], offer.span.start + best[3]))
