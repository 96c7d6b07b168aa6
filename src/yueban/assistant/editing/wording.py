"""What an editor writes of a Q&A, cleaned and checked field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from yueban.assistant.choices import Element
from yueban.assistant.knowledge.placeholders import faults_in
from yueban.catalogue.choices import Audience
from yueban.divisions import selectors as divisions
from yueban.kernel.errors import Invalid

KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
SUBJECTS: Final = ("item", "offer", "policy", "bundle", "outlet")
SOURCE: Final = re.compile(r"(?P<kind>[a-z]+):(?P<key>[A-Za-z0-9][A-Za-z0-9._-]*)(?:#(?P<part>\S+))?")
# A clause of a policy is named by its number.
CLAUSE: Final = re.compile(r"第[零〇一二三四五六七八九十百0-9]+[条款项章节]\S*")
LONGEST: Final = {"question": 300, "answer": 2000, "variant": 300}
MOST: Final = {"variants": 40, "sources": 12}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a Q&A with what they rest on; ``division`` empty = the whole city."""

    question: str
    answer: str
    owner: str
    variants: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    audience: str = ""
    division: str = ""
    review_on: date | None = None
    errors: dict[str, str] = field(default_factory=dict, compare=False)


def check_key(key: str) -> None:
    """Raises Invalid for what cannot name a Q&A."""
    if not KEY.fullmatch(key):
        raise Invalid.of_fields({"key": "编号由小写英文字母、数字和短横组成，不超过64位。"})


def check_wording(wording: Wording) -> None:
    """Raises Invalid with every field at fault."""
    if faults := dict(wording.errors) | faults_of(wording):
        raise Invalid.of_fields(faults)


def faults_of(wording: Wording) -> dict[str, str]:
    """What is wrong, by field."""
    faults = _words(wording)
    for source in wording.sources:
        if (fault := source_fault(source)) is not None:
            faults["sources"] = fault
    if len(wording.sources) > MOST["sources"]:
        faults["sources"] = f"依据最多{MOST['sources']}条，请只留答案真正依据的。"
    if len(wording.variants) > MOST["variants"]:
        faults["variants"] = f"其他问法最多{MOST['variants']}条。"
    if any(len(one) > LONGEST["variant"] for one in wording.variants):
        faults["variants"] = f"每种问法不超过{LONGEST['variant']}字，请分行写。"
    if wording.audience and wording.audience not in Audience.values:
        faults["audience"] = (
            f"“{wording.audience}”不是对象，可用 person（个人）、enterprise（企业），都适用就不填。"
        )
    if wording.division and not divisions.is_code(wording.division):
        faults["division"] = f"“{wording.division}”不是12位区划代码；全市适用就不填。"
    if not wording.owner:
        faults["owner"] = "请选择由哪类部门负责。"
    return faults


def _words(wording: Wording) -> dict[str, str]:
    faults = {}
    for name, label in (("question", "问题"), ("answer", "答案")):
        text = getattr(wording, name)
        if not text:
            faults[name] = f"请填写{label}。"
        elif len(text) > LONGEST[name]:
            faults[name] = f"{label}有{len(text)}字，最多{LONGEST[name]}字，请写得短一些。"
    if wrong := faults_in(wording.answer):
        faults["answer"] = wrong[0]
    return faults


def source_fault(source: str) -> str | None:
    """What is wrong with the form of one source key."""
    match = SOURCE.fullmatch(source)
    if match is None or match["kind"] not in SUBJECTS:
        return f"依据“{source}”应写作 item:事项key#要素，例如 item:road-freight-permit#fee。"
    part = match["part"] or ""
    if match["kind"] == "policy" and CLAUSE.fullmatch(part):
        return None
    element = re.split(r"[.@]", part)[0]
    if element and element not in Element.values:
        return f"依据“{source}”里没有要素“{element}”，可用 {'、'.join(Element.values)}。"
    return None


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text field, each once, without empty ones."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
