"""Words of law in the documents of a case: the articles relied on, the bodies to turn to, the window to go to."""

import re

from yueban.agencies.models import Agency
from yueban.cases.models import Case
from yueban.catalogue.compiled import Compiled
from yueban.divisions.choices import DivisionLevel
from yueban.divisions.models import Division

LICENSING_LAW = "中华人民共和国行政许可法"
LAWS_CITED = 2
# What a pack writes where the body follows from the agency that decides.
OWN_GOVERNMENT = "本级人民政府"

_ARTICLE = re.compile(r"第([零一二三四五六七八九十百]+)条")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def is_permit(case: Case) -> bool:
    """Whether 行政许可法 governs the case."""
    return _compiled(case).clocks.kind == "permit"


def basis_text(case: Case, *, of_decision: str = "") -> str:
    """The laws that the item stands on, each named once with its articles in order.

    ``of_decision`` is the paragraph of 行政许可法 by which a permit is granted or refused. Articles that the
    pack only describes (条号待核) are no citation and are left out.
    """
    articles: dict[str, list[str]] = {}
    for row in _compiled(case).guide.basis:
        cited = [one for one in re.split("[、，]", row.article or "") if _ARTICLE.match(one)]
        articles.setdefault(row.law, []).extend(one for one in cited if "待核" not in one)
    known = [(law, found) for law, found in articles.items() if found] or list(articles.items())
    texts = [f"《{law}》{'、'.join(sorted(set(found), key=_article_number))}" for law, found in known]
    texts = texts[:LAWS_CITED]
    if of_decision and is_permit(case):
        texts.append(f"《{LICENSING_LAW}》{of_decision}")
    return "、".join(texts[:-1]) + "和" + texts[-1] if len(texts) > 1 else "".join(texts)


def remedy_sentences(case: Case) -> list[str]:
    """Where to turn against a no: 行政复议 within 60 days, 行政诉讼 within six months, or the appeal channel."""
    remedies = _compiled(case).guide.remedies
    ways = []
    if remedies.review:
        body = remedies.review.body
        named = review_body(case.agency) if OWN_GOVERNMENT in body else body
        ways.append(f"自收到之日起六十日内向{named}申请行政复议")
    if remedies.litigation:
        ways.append(f"自收到之日起六个月内向{remedies.litigation.court}提起行政诉讼")
    sentences = [f"不服本决定的，可以{'，也可以'.join(ways)}。"] if ways else []
    if remedies.appeal or not sentences:
        sentences.append(remedies.appeal or "对本决定有异议的，可拨打12345反映。")
    return sentences


def review_body(agency: Agency) -> str:
    """The government that reviews the agency's acts (行政复议法 art. 24).

    A branch that a city's bureau has set up in a district is reviewed by the city's government, and also by
    that of the district.
    """
    own = government_of(agency.division)
    parent = agency.parent
    if parent is None or parent.division_id == agency.division_id or not agency.name.endswith("分局"):
        return own
    return f"{government_of(parent.division)}（也可以向{own}）"


def government_of(division: Division) -> str:
    """绍兴市越城区人民政府, 诸暨市人民政府: only a district bears its city's name."""
    city = division.parent
    if city is not None and division.name.endswith(("新区", "开发区")):
        return government_of(city)  # a functional area has no government of its own
    is_district = division.level == DivisionLevel.COUNTY and division.name.endswith("区")
    return f"{city.name if is_district and city else ''}{division.name}人民政府"


def window_text(case: Case) -> str:
    """Where and when to come, and the telephone: the item's window of this agency, else the intake agency."""
    for window in _compiled(case).guide.windows:
        if window.agency in (None, case.agency.code):
            return _joined(f"{window.name}", window.address, window.hours, window.phone)
    office = case.intake_agency
    return _joined(office.name, office.address, office.hours, office.phone)


def _joined(name: str, address: str | None, hours: str | None, phone: str | None) -> str:
    details = [address, hours, f"电话{phone}" if phone else ""]
    said = "，".join(detail for detail in details if detail)
    return f"{name}（{said}）" if said else name


def _article_number(article: str) -> tuple[int, str]:
    found = _ARTICLE.match(article)
    return (chinese_number(found[1]) if found else 0, article)


def chinese_number(text: str) -> int:
    """Numbers of articles up to 999: 二十四 is 24."""
    total, digit = 0, 0
    for character in text:
        if character in "百十":
            total += (digit or 1) * (100 if character == "百" else 10)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _compiled(case: Case) -> Compiled:
    return case.item_version.compiled
