"""The numbers that a word processor writes before paragraphs by itself: 第一条, （一）, 1."""

from typing import Any

HAN = "零一二三四五六七八九"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographTraditional"}
)


def han(number: int) -> str:
    """21 as 二十一, up to 99; beyond that plain digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{HAN[tens]}十"
    return head + (HAN[ones] if ones else "")


class Numbering:
    """Counts the paragraphs of a document as its lists say; a document without lists gives no marks."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        formats = {row.get(_w("abstractNumId")): _levels_of(row) for row in root.findall(_w("abstractNum"))}
        for row in root.findall(_w("num")):
            link = row.find(_w("abstractNumId"))
            if link is not None:
                self._levels[row.get(_w("numId"))] = formats.get(link.get(_w("val")), {})

    def mark_of(self, paragraph: Any) -> str:
        """What stands before the paragraph; empty where it is not counted."""
        place = _number_of(paragraph)
        if place is None or place[0] not in self._levels:
            return ""
        key, level = place
        stated = self._levels[key].get(level)
        if stated is None or stated[0] in {"bullet", "none"}:
            return ""
        counts = self._counts.setdefault(key, {})
        counts[level] = counts.get(level, stated[2] - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        text = stated[1]
        for above in range(level + 1):
            form, _, start = self._levels[key].get(above, ("decimal", "", 1))
            text = text.replace(f"%{above + 1}", _written(counts.get(above, start), form))
        return text


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _levels_of(row: Any) -> dict[int, tuple[str, str, int]]:
    """Level → number format, text around it, first number."""
    found = {}
    for level in row.findall(_w("lvl")):
        said = {name: level.find(_w(name)) for name in ("numFmt", "lvlText", "start")}
        value = {name: one.get(_w("val")) if one is not None else "" for name, one in said.items()}
        found[int(level.get(_w("ilvl")))] = (value["numFmt"], value["lvlText"], int(value["start"] or 1))
    return found


def _number_of(paragraph: Any) -> tuple[str, int] | None:
    """The list and the level of a paragraph: its own, else its style's."""
    style = paragraph.style.element if paragraph.style is not None else None
    for element in (paragraph.paragraph_format.element, style):
        found = element.find(f"{_w('pPr')}/{_w('numPr')}") if element is not None else None
        if found is not None:
            key, level = found.find(_w("numId")), found.find(_w("ilvl"))
            if key is not None:
                return key.get(_w("val")), int(level.get(_w("val"))) if level is not None else 0
    return None


def _written(number: int, form: str) -> str:
    if form in CHINESE:
        return han(number)
    if form == "decimalEnclosedCircle" and 0 < number <= len(CIRCLED):
        return CIRCLED[number - 1]
    return str(number)
