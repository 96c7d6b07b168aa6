"""Pieces of policies and their offers: what is given, to whom, how much, until when, and every clause as it stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yueban.assistant.choices import Element
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.wording import sentence
from yueban.expressions import Vocabulary
from yueban.kernel import clock
from yueban.policies.choices import Redemption
from yueban.policies.documents import PolicyStandard
from yueban.policies.standard import OfferStandard
from yueban.policies.telling import money, say_benefit, say_exclusive, say_rule

WHOLE_COUNTRY = "000000000000"
CLAUSE = re.compile(
    r"^(第[一二三四五六七八九十百零]+条|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)"
)
UNIT = re.compile(r"(?:责任|牵头|主管)单位：([^。；，]+)")
LARGE = re.compile(r"(\d{5,})万元")
HOW = {
    Redemption.AUTO: "免申即享：不用申请，符合条件的由部门列入名单，您确认后拨付",
    Redemption.INSTANT: "即申即享：在本平台申请，系统核对后马上兑现",
    Redemption.FAST: "快申快享：在本平台申请，部门审核后兑现",
    Redemption.REVIEW: "评审类：在本平台申报，由部门组织评审",
    Redemption.STATUTORY: "法定程序类：按法定程序向主管部门办理",
}


@dataclass(frozen=True, slots=True)
class PolicySource:
    """One version of a policy's text."""

    standard: PolicyStandard
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class OfferSource:
    """One signed version of an offer with the days in which it holds."""

    standard: OfferStandard
    policy: PolicyStandard
    number: int
    valid_from: str
    valid_to: str
    clause: str = ""


def place_of(policy: PolicyStandard) -> str:
    """The division in which a policy holds; empty for the whole city."""
    is_above = policy.level in {"national", "provincial", "municipal"}
    return "" if is_above else policy.division


def policy_pieces(source: PolicySource) -> Iterator[Piece]:
    """The document itself and its clauses."""
    standard = source.standard
    common = {
        "subject": f"policy:{standard.key}",
        "name": standard.title,
        "names": (standard.document_number,) if standard.document_number else (),
        "version": f"第{source.number}版",
        "owner": standard.agency or "",
        "division": place_of(standard),
        "valid_from": standard.effective_on.isoformat(),
        "valid_to": standard.expires_on.isoformat() if standard.expires_on else "",
    }

    def piece(element: Element, said: list[str], part: str = "") -> Piece:
        return Piece(
            element=element,
            title=f"{standard.title} · {part or element.label}",
            sentences=tuple(sentence(one) for one in said),
            part=part,
            **common,  # type: ignore[arg-type]
        )

    issued = f"《{standard.title}》由{'、'.join(standard.issuers)}发布"
    if standard.document_number:
        issued += f"，文号{standard.document_number}"
    yield piece(Element.SUMMARY, [issued])
    yield piece(Element.DEADLINE, [validity_words(standard)])
    for part, text in clauses(source.text):
        yield piece(Element.CLAUSE, [text], part)


def validity_words(policy: PolicyStandard) -> str:
    """From when until when a policy holds."""
    begins = f"《{policy.title}》从{clock.written(policy.effective_on)}起施行"
    if policy.expires_on is None:
        return f"{begins}，没有写明失效日期"
    return f"{begins}，到{clock.written(policy.expires_on)}为止"


def clauses(text: str) -> Iterator[tuple[str, str]]:
    """The numbered clauses of a text, each with its number; lines before the first are left out."""
    seen: dict[str, int] = {}
    for line in text.splitlines():
        stripped = line.strip()
        if found := CLAUSE.match(stripped):
            number = found.group(1).rstrip("、")
            seen[number] = seen.get(number, 0) + 1
            again = f"-{seen[number]}" if seen[number] > 1 else ""
            yield f"{number}{again}", stripped


def offer_pieces(source: OfferSource, vocabulary: Vocabulary, kinds: Mapping[str, str]) -> Iterator[Piece]:
    """All that may be said of an offer."""
    standard, policy = source.standard, source.policy

    def piece(element: Element, said: list[str], english: tuple[str, ...] = ()) -> Piece:
        return Piece(
            subject=f"offer:{standard.key}",
            element=element,
            name=standard.name,
            name_en=standard.name_en or "",
            names=(standard.summary, policy.title),
            title=f"{standard.name} · {element.label}",
            sentences=tuple(sentence(one) for one in said if one),
            sentences_en=english,
            version=f"第{source.number}版",
            owner=standard.department_kind,
            division=place_of(policy),
            audience="enterprise" if standard.beneficiary == "enterprise" else "",
            valid_from=source.valid_from,
            valid_to=source.valid_to,
        )

    yield piece(Element.SUMMARY, [standard.summary])
    rule = _in_hundred_millions(say_rule(standard.conditions, vocabulary))
    yield piece(
        Element.CONDITIONS, [f"条件是：{rule}", *(f"还要由部门核实：{one}" for one in standard.manual)]
    )
    amounts = [_benefit(standard, number, vocabulary) for number in range(len(standard.benefits))]
    caps = [
        f"{name}{money(value)}"
        for name, value in (
            ("每年最高", standard.caps.year),
            ("每个项目最高", standard.caps.project),
            ("累计最高", standard.caps.ever),
        )
        if value is not None
    ]
    exclusive = say_exclusive(standard.exclusive)
    if amounts:
        yield piece(Element.AMOUNT, [*amounts, *caps, *([exclusive] if exclusive else [])])
    if caps:
        yield piece(Element.CAP, [*caps, *([exclusive] if exclusive else [])])
    days = [day for day in (standard.opens_on, standard.closes_on) if day]
    period = f"申报时间：{'至'.join(clock.written(day) for day in days)}" if days else ""
    yield piece(Element.DEADLINE, [period, f"依据的{validity_words(policy)}"])
    kind = kinds.get(standard.department_kind, standard.department_kind)
    written = UNIT.search(source.clause)
    named = written.group(1) if written and written.group(1) != kind else ""
    yield piece(Element.DEPARTMENT, [f"责任单位：{named}" if named else "", f"由{kind}办理"])
    if source.clause:
        yield piece(Element.CLAUSE, [f"政策原文：{source.clause}"])
    yield piece(Element.STEPS, [HOW[Redemption(standard.redemption)]])
    if standard.materials:
        yield piece(Element.MATERIALS, [f"申报材料：{'；'.join(standard.materials)}"])
    yield piece(Element.BASIS, [f"依据《{policy.title}》{standard.clause}"])


def _in_hundred_millions(words: str) -> str:
    """20000万元 as 2亿元, the way people say it."""
    return LARGE.sub(lambda found: f"{int(found[1]) / 10000:g}亿元", words)


def _benefit(standard: OfferStandard, number: int, vocabulary: Vocabulary) -> str:
    benefit = standard.benefits[number]
    when = f"{say_rule(benefit.when, vocabulary)}的，" if benefit.when is not None else ""
    return f"{benefit.label}：{when}{say_benefit(benefit, vocabulary)}"
