"""Questions about a place where people are served: found by its name or its division, answered from its own row."""

import re
from typing import Final

from yueban.assistant.answering import composing
from yueban.assistant.answering.answer import Answer
from yueban.assistant.answering.understanding import Understood
from yueban.assistant.choices import Element, Why
from yueban.assistant.language.normal import plain
from yueban.assistant.retrieval.library import Library, county_of

HALL: Final = re.compile(
    r"(政务|办事|行政服务|行政审批|便民|市民)(服务)?(中心|大厅|站|点)|办证(大厅|中心)|大厅|办事中心|"
    r"\b(service (cent(re|er)|hall)|government (cent(re|er)|hall))\b"
)
POINT: Final = re.compile(r"便民|服务点|服务站|代办点|村里|社区")
ORDER: Final = (Element.HOURS, Element.PHONE, Element.WHERE, Element.SUMMARY)
THINGS: Final = re.compile(
    r"轮椅|复印|打印|叫号|自助|无障碍|坡道|电梯|老花镜|手语|拍照|wifi|无线|wheelchair|print|copy"
)


def outlet_answer(library: Library, text: str, read: Understood) -> Answer | None:
    """The answer where an outlet itself is asked about; None where it is not."""
    words = plain(text)
    if not HALL.search(words):
        return None
    code = outlet_of(library, words, read.place)
    element = _element(read, words)
    if not code:
        if element == Element.SUMMARY:
            return None
        assert library.places is not None
        asked = (
            "Which hall? In which county or district?"
            if read.english
            else "您问的是哪个区、县（市）的政务服务中心？"
        )
        choices = [(place.name, f"{place.name}政务服务中心：{text}") for place in library.places.counties]
        return composing.ask_back(Why.PLACE, asked, choices, english=read.english, subject="")
    pieces = {piece.element: piece for piece in library.by_subject[f"outlet:{code}"]}
    chosen = [pieces[element]] if element in pieces else []
    if not chosen:
        return None
    more = [
        pieces[one]
        for one in (Element.WHERE, Element.PHONE, Element.HOURS)
        if one in pieces and one != element
    ]
    return composing.compose([*chosen, *more[:1]], library, english=read.english, place=read.place)


def outlet_of(library: Library, words: str, place: str) -> str:
    """The outlet's code: of the named division at its own level, or the county's hall."""
    by_division = library.outlets
    if "绍兴市政务服务中心" in words or ("市政务服务中心" in words and not county_of(place)):
        return next((code for code in by_division.values() if code.startswith("hall-330600")), "")
    if place in by_division and (POINT.search(words) or county_of(place) == place):
        return by_division[place]
    return by_division.get(county_of(place), by_division.get(place, "") if place else "")


def _element(read: Understood, words: str) -> Element:
    if THINGS.search(words):
        return Element.SUMMARY
    return (
        max(ORDER[:3], key=lambda element: read.elements.get(element, 0.0))
        if any(read.elements.get(element, 0.0) > 0.05 for element in ORDER[:3])
        else Element.SUMMARY
    )
