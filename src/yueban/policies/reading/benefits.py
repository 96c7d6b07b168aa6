"""What a policy gives: amounts, shares with their caps, steps, each with its place in the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from yueban.policies.reading.numbers import Number, Unit
from yueban.policies.reading.text import Span

GIVE = re.compile(
    r"(?:给予|给与|予以|奖励|奖补|补助|补贴|资助|支持|扶持|发放|拨付|贴息|减免|减半|免收|免征|返还|兑现|享受|认购|补足|补差)"
)
CAP = re.compile(
    r"(?:最高|不超过|不得超过|上限|封顶|限额|限|至多|以内|控制在)[^,。;、\d一二三四五六七八九十百千]{0,12}$"
)
CAP_AFTER = re.compile(r"^\s*(?:\(含\))?(?:封顶|以内|为限|为上限|的上限)")
LIMIT_AFTER = re.compile(r"^\s*为限额")
PART_AFTER = re.compile(r"^\s*(?:以上)?的?部分")
# 按应缴额的50%缴纳: what is left to be paid.
STILL_PAID = re.compile(r"^\s*(?:计征|缴纳|征收(?!率))")
THRESHOLD_AFTER = re.compile(r"^\s*\(?含?\)?\s*(?:及?以上|以下|以内的|\(含\)以[上下])")
THRESHOLD_BEFORE = re.compile(
    r"(?:达到?|(?<!不)超过|(?<!不)超(?!过)|不低于|不少于|不小于|突破|满|大于|高于|低于|少于|小于|不足|增长|增幅|增速|占比?|比例|强度|高出|≥|>|≤|<|首次上)[^,。;]{0,8}$"
)
SHARE_BEFORE = re.compile(r"(?:按|按照|以|的|给予|补助|补贴|奖励|资助|承担|减按|贴息)[^,。;]{0,30}$")
SHARE_AFTER = re.compile(
    r"^\s*(?:、|和|,)?\s*(?:的(?:比例|标准|额度)|的?(?:给予|予以|奖励|补助|补贴|资助|贴息|返还|减免|补足|计算|奖补|发放|配套)|(?:比例)?(?:抵减|抵免)|从[^,。;]{0,10}抵免|[,。;]|$|、)"
)
CAP_SCOPES = (
    (
        re.compile(r"(?:单个|每个|每家|同一|一家|单家|每户)(?:企业|单位|主体|经营主体|园区|平台|机构|法人)"),
        "enterprise",
    ),
    (re.compile(r"(?:单个|每个|同一|单一)(?:项目|产品|课题|展会|专利|设备|合同)"), "item"),
    (re.compile(r"(?:每年|年度|全年|当年|一年|/年)"), "year"),
    (re.compile(r"(?:累计|总额|合计|总计)"), "total"),
)
PER = re.compile(r"(?:每|/)(人|名|家|户|个|项|件|台|套|吨|亩|平方米|场|次|辆|标准集装箱|只|条|年|月|班列|柜)")
BASE = re.compile(
    r"(?:按|按照|以)(?:其|企业|项目|当年|上年度?|年度|其当年|照)*(?P<base>[^,。;%]{2,30}?)的?(?:[\d一二三四五六七八九十百]|分别|不超过|不高于)"
)
BY = re.compile(r"(?:按|按照)[^,。;]{0,24}(?:的|部分)$")
STANDARD_BEFORE = re.compile(
    r"(?:按|按照|每)(?:人|家|户|个|项|件|台|套|吨|亩|名|次|场|辆|平方米|照)?[^,。;\d]{0,6}$"
)
STANDARD_AFTER = re.compile(
    r"^\s*(?:(?:/[^,。;]{1,4})?(?:的?标准)?(?:给予|予以|发放|一次性|奖励|补助|补贴|的标准|标准|定额))"
)
INSTALMENT = re.compile(r"(?:分[二三两四五\d]+(?:年|期|次)|分年度|分期)")


class Kind(StrEnum):
    """How a benefit is worked out."""

    FIXED = "fixed"
    RATIO = "ratio"
    UP_TO = "up_to"
    INTEREST = "interest"
    RELIEF = "relief"


@dataclass(frozen=True)
class Benefit:
    """One benefit: money in yuan, shares of one, and the words it was read from."""

    kind: Kind
    span: Span
    amount: Decimal | None = None
    rate: Decimal | None = None
    base: str = ""
    cap: Decimal | None = None
    cap_scope: str = ""
    per: str = ""
    label: str = ""
    """Which step of a ladder: 国家级, 四星级, 1000万元 …"""
    above: Decimal | None = None
    """Of the base only what lies above this counts."""
    most: Decimal | None = None
    """Of the base no more than this counts."""
    limits: tuple[tuple[str, Decimal], ...] = ()
    """Further caps with what they are for."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """What one number of a sentence is there for."""

    number: Number
    part: str
    """condition, amount, rate, rest (still to be paid), cap, above or most (of the base), or other"""


@dataclass
class Passage:
    """A stretch of text that ends with what is given: its condition before, its benefits in it."""

    span: Span
    condition: Span
    benefits: list[Benefit] = field(default_factory=list)


def role_of(number: Number, text: str, give: int) -> str:
    """What a number is there for, from the words on both sides; `give` is where the giving begins, -1 if nowhere."""
    before, after = text[: number.span.start], text[number.span.end :]
    sentence = re.split(r"[。;]", before)[-1]
    if number.unit in (Unit.YEARS, Unit.MONTHS, Unit.PEOPLE):
        return "condition" if give < 0 or number.span.start < give else "other"
    if number.unit in (Unit.PIECES, Unit.AREA):
        is_bound = THRESHOLD_AFTER.match(after) or re.search(r"(?:不少于|不低于|达到)$", before)
        return "condition" if is_bound else "other"
    if PART_AFTER.match(after) and re.search(r"超过?[^,。;\d]{0,4}$", before):
        return _of_base(number, before)
    if number.unit is Unit.PERCENT:
        return _role_of_share(sentence, after, is_given=0 <= give <= number.span.start)
    return _role_of_money(sentence, after, give=give, is_given=0 <= give <= number.span.start)


def _of_base(number: Number, before: str) -> str:
    """超过300万元的部分 counts from there on, 不超过300万元的部分 up to there."""
    if number.unit is Unit.PERCENT:
        return "other"
    return "most" if re.search(r"不得?超过?[^,。;\d]{0,4}$", before) else "above"


def _role_of_share(sentence: str, after: str, *, is_given: bool) -> str:
    if STILL_PAID.match(after) and re.search(r"按[^,。;]{0,30}$", sentence):
        return "rest"
    if _sets_threshold(sentence, after):
        return "condition"
    if is_given or (SHARE_AFTER.match(after) and SHARE_BEFORE.search(sentence)):
        return "rate"
    return "condition"


def _role_of_money(sentence: str, after: str, *, give: int, is_given: bool) -> str:
    if (
        CAP.search(sentence)
        and not THRESHOLD_AFTER.match(after)
        and (is_given or "最高" in sentence[-14:] or give < 0)
    ):
        return "cap"
    if LIMIT_AFTER.match(after) or (CAP_AFTER.match(after) and is_given):
        return "cap"
    if STANDARD_BEFORE.search(sentence) and STANDARD_AFTER.match(after):
        return "amount"
    return "amount" if is_given and not _sets_threshold(sentence[-10:], after) else "condition"


def _sets_threshold(before: str, after: str) -> bool:
    if BY.search(before):
        return False
    return bool(THRESHOLD_AFTER.match(after) or THRESHOLD_BEFORE.search(before[-12:]))


def scope_of(text: str) -> str:
    """What a cap is for: enterprise, item, year, total; several joined by a plus sign."""
    return "+".join(scope for pattern, scope in CAP_SCOPES if pattern.search(text))


def benefits_of(text: str, start: int, end: int, roles: Sequence[Role]) -> list[Benefit]:
    """The benefits between two places of the text, from the numbers in them."""
    said = text[start:end]
    span = Span(start, end)
    given = [role for role in roles if start <= role.number.span.start < end]
    rates = [role for role in given if role.part in {"rate", "rest"}]
    amounts = [role.number for role in given if role.part == "amount"]
    caps = [role.number for role in given if role.part == "cap"]
    notes = tuple(found[0] for found in (INSTALMENT.search(said),) if found)
    if rates:
        return _capped(_shares(text, said, given, rates, notes), caps, text, span)
    if amounts:
        fixed = [
            Benefit(
                Kind.FIXED,
                number.span,
                amount=number.value,
                per=number.per or _per_of(text, number),
                notes=notes,
            )
            for number in amounts
        ]
        return _capped(fixed, caps, text, span)
    relief = RELIEF.search(said)
    if relief and not caps:
        return [_relief(relief, start, given)]
    return [
        Benefit(
            Kind.UP_TO,
            number.span,
            cap=number.value,
            cap_scope=scope_of(_around(text, number, span)),
            notes=notes,
        )
        for number in caps
    ]


def _shares(
    text: str, said: str, given: Sequence[Role], rates: Sequence[Role], notes: tuple[str, ...]
) -> list[Benefit]:
    """Shares of a base, each with the part of the base that counts."""
    kind = Kind.INTEREST if "贴息" in said else Kind.RATIO
    above = next((role.number.value for role in given if role.part == "above"), None)
    most = next((role.number.value for role in given if role.part == "most"), None)
    return [
        Benefit(
            kind,
            role.number.span,
            rate=1 - role.number.value if role.part == "rest" else role.number.value,
            base=_base_of(text, role.number),
            above=above,
            most=most,
            notes=notes,
        )
        for role in rates
    ]


RELIEF = re.compile(
    r"(?P<half>减半(?:征收|缴纳|收取)?)(?P<of_half>[^,。;]{0,20})"
    r"|(?P<all>(?<!或)(?:免征|免收|免缴|全额(?:返还|补贴|补助|贴息|减免)))(?P<of_all>[^,。;]{0,20})"
    r"|减免[^,。;]{0,20}"
)
HALF = Decimal("0.5")


def _relief(found: re.Match[str], start: int, given: Sequence[Role]) -> Benefit:
    """免征 is all of what is named, 减半 half of it; how much 减免 is, nobody says."""
    span = Span(start + found.start(), start + found.end())
    share = Decimal(1) if found["all"] else HALF if found["half"] else None
    if share is None:
        return Benefit(Kind.RELIEF, span, label=found[0])
    base = (found["of_all"] if found["all"] else found["of_half"]) or ""
    most = next((role.number.value for role in given if role.part == "most"), None)
    return Benefit(Kind.RATIO, span, rate=share, base=base, label=found[0], most=most)


def _capped(made: list[Benefit], caps: Sequence[Number], text: str, span: Span) -> list[Benefit]:
    """As many caps as benefits: each its own; else the caps hold for all of them, the lowest for one piece first."""
    if not caps:
        return made
    if len(caps) == len(made):
        return [
            replace(one, cap=cap.value, cap_scope=scope_of(_around(text, cap, span)))
            for one, cap in zip(made, caps, strict=True)
        ]
    first = caps[0]
    rest = tuple((scope_of(_around(text, cap, span)), cap.value) for cap in caps[1:])
    return [
        replace(
            one,
            cap=first.value,
            cap_scope=scope_of(_around(text, first, span)),
            limits=(*one.limits, *rest),
        )
        for one in made
    ]


def _around(text: str, number: Number, span: Span) -> str:
    """The words of the cap's own part of the sentence."""
    before = text[span.start : number.span.start]
    cut = max(before.rfind(","), before.rfind("。"), before.rfind(";"), 0)
    return before[cut:] + text[number.span.start : number.span.end + 6].split(",", maxsplit=1)[0]


def _base_of(text: str, number: Number) -> str:
    before = re.split(r"[。;,]", text[: number.span.start + 1])[-1]
    found = BASE.search(before)
    return found["base"].removesuffix("的").strip() if found else ""


def _per_of(text: str, number: Number) -> str:
    before = re.split(r"[。;,]", text[: number.span.start])[-1]
    found = PER.findall(before)
    return "·".join(dict.fromkeys(found))
