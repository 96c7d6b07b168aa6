"""A policy document cut where its writers cut it: chapters, articles, numbered points, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yueban.policies.reading.text import Span

HAN = "一二三四五六七八九十百零〇两"
# From the widest to the narrowest; what is found within another hangs below it.
MARKS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"第[{HAN}\d]+(?:章|部分|篇|编)"),
    re.compile(rf"第[{HAN}\d]+节"),
    re.compile(rf"第[{HAN}\d]+条"),
    re.compile(rf"[{HAN}]+、"),
    re.compile(rf"[(（][{HAN}]+[)）]"),
    re.compile(r"\d{1,3}(?:[.．](?!\d)|、)"),
    re.compile(r"[(（]\d{1,3}[)）]"),
    re.compile(r"[①-⑳]"),
)
TITLE_LENGTH = 40
ENDS = "。；;：:！？"


@dataclass(frozen=True)
class Clause:
    """One numbered part: its marks from the widest to its own, its title, its own text and where that stands."""

    path: tuple[str, ...]
    title: str
    text: str
    span: Span
    titles: tuple[str, ...] = ()
    """Titles of the parts above it."""

    @property
    def label(self) -> str:
        """How people cite it: 第二章第八条（一）."""
        return "".join(mark.strip("、.．") if mark[0] == "第" else mark.rstrip(".．") for mark in self.path)


def clauses_of(text: str) -> list[Clause]:
    """The parts in order; what stands before the first mark has an empty path. Their spans never overlap."""
    found: list[Clause] = []
    stack: list[tuple[int, str, str]] = []
    for span in _parts(text):
        said = text[span.start : span.end]
        rank, mark = _mark_of(said)
        body = span.start + len(said) - len(said.lstrip())
        if mark:
            while stack and stack[-1][0] >= rank:
                stack.pop()
            body += len(mark)
            body += len(text[body : span.end]) - len(text[body : span.end].lstrip())
        title = _title_of(text[body : span.end]) if mark else ""
        if mark:
            stack.append((rank, mark, title))
        start = body + len(title) + (1 if title and body + len(title) < span.end else 0)
        found.append(
            Clause(
                path=tuple(one[1] for one in stack) if mark else (),
                title=title,
                text=text[start : span.end].strip(),
                span=Span(min(start, span.end), span.end),
                titles=tuple(one[2] for one in stack[:-1]) if mark else (),
            )
        )
    return found


def _parts(text: str) -> Iterator[Span]:
    """Stretches of lines: each begins at a mark, lines without one belong to the stretch before."""
    start = 0
    for found in re.finditer(r"[^\n]+", text):
        if _mark_of(found[0])[1] and text[start : found.start()].strip():
            yield Span(start, found.start())
            start = found.start()
    if text[start:].strip():
        yield Span(start, len(text.rstrip()))


def _mark_of(line: str) -> tuple[int, str]:
    """The rank and the mark that a line begins with; no mark where it has none."""
    said = line.lstrip()
    for rank, pattern in enumerate(MARKS):
        found = pattern.match(said)
        if found:
            return rank, found[0]
    return len(MARKS), ""


def _title_of(said: str) -> str:
    """支持数字化改造。对……: the words up to the first full stop, where they are short and give nothing."""
    first = re.match(r"[^。；;\n]{2,}", said)
    if first is None or len(first[0]) > TITLE_LENGTH or re.search(r"\d|给予|奖励|补助", first[0]):
        return ""
    is_alone = first.end() == len(said.rstrip())
    return first[0].rstrip() if is_alone or said[first.end()] in "。\n" else ""


def joined(lines: list[str]) -> str:
    """Lines of a page as one text: a line that was only broken by the edge of the paper is joined again."""
    text = ""
    for line in (line.strip() for line in lines):
        if not line:
            continue
        if text and (text[-1] in ENDS or _mark_of(line)[1]):
            text += "\n"
        text += line
    return text
