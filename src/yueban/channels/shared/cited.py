"""The cited sentence, marked where it stands: ``?cite=…`` on a page marks these words within their section.

What is marked is the page's own text; the quoted words are only compared with it and never written into the page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from html import unescape
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from yueban.channels.shared.passages import NAME, TOKEN, VOID

CITE, AT, VERSION = "cite", "at", "v"
LONGEST = 400
SHORTEST_RUN = 3
# Of a quote put together from several places at least this much must still stand on the page.
ENOUGH = 0.5
# What is asked of a thing stands in a part of its page with another name.
SECTIONS = {
    "hours": "where",
    "validity": "result",
    "situation": "materials",
    "deadline": "conditions",
    "clause": "words",
    "cap": "amount",
}
MAIN = re.compile(r"<main\b[^>]*>")
ID = re.compile(r"""\sid=["']([^"']+)["']""")
BREAKS = re.compile(r"[\s，。；：、！？,;:!?（）()《》“”\"·—]+")
CHARACTER = re.compile(r"&[#\w]+;|.", re.DOTALL)
P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


@dataclass
class _Text:
    """The letters of a page in their order, each with its token and its place within it."""

    letters: list[str] = field(default_factory=list)
    places: list[tuple[int, int, int]] = field(default_factory=list)
    folds: dict[int, list[int]] = field(default_factory=dict)


def shows_cited(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """A page whose sentences are cited: with ``?cite=`` the words are marked, or said to have changed."""

    @wraps(view)
    def shown(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        quote = request.GET.get(CITE, "").strip()[:LONGEST]
        if quote and response.status_code == 200:
            asked = (request.GET.get(name, "")[:60] for name in (AT, VERSION))
            response.content = marked_page(response.content.decode(), quote, *asked).encode()
        return response

    return shown


def marked_page(html: str, quote: str, section: str = "", version: str = "") -> str:
    """The page with the quote marked in its section, else anywhere in it.

    A quote that says the section in other words marks its beginning, while the page still shows the version that was
    quoted; else a note stands above that this has been changed.
    """
    opening = MAIN.search(html)
    if opening is None:
        return html
    head, main = html[: opening.end()], html[opening.end() :]
    tokens = [match[0] for match in TOKEN.finditer(main)]
    region = _section(tokens, SECTIONS.get(section, section))
    everything = (0, len(tokens))
    for start, end in [region, everything] if region else [everything]:
        if _mark(tokens, start, end, quote):
            return head + "".join(tokens)
    if region and version and _bare(version) in "".join(_letters(tokens, *everything).letters):
        _mark_beginning(tokens, *region)
        return head + "".join(tokens)
    return head + render_to_string("shared/_cite_changed.html") + main


def _section(tokens: list[str], section: str) -> tuple[int, int] | None:
    """From the element with this id to its end; of a heading, the part that it heads."""
    inside: list[tuple[str, int]] = []
    wanted: tuple[str, int] | None = None
    for number, token in enumerate(tokens):
        name = _tag(token)
        if not name:
            continue
        if token.startswith("</"):
            while inside and inside[-1][0] != name:
                inside.pop()
            if inside and inside.pop() == wanted:
                assert wanted is not None
                return wanted[1], number
        elif name not in VOID and not token.endswith("/>"):
            inside.append((name, number))
            found = ID.search(token)
            if section and wanted is None and found and found[1] == section:
                wanted = inside[-2] if re.fullmatch(r"h[1-6]", name) and len(inside) > 1 else inside[-1]
    return None


def _tag(token: str) -> str:
    found = NAME.match(token)
    return found[1].lower() if found else ""


def _mark(tokens: list[str], start: int, end: int, quote: str) -> bool:
    """Put marks around the quote's words between two tokens; whether enough of them stand there."""
    text = _letters(tokens, start, end)
    page = "".join(text.letters)
    spans = [span for span in [_find(page, _bare(quote))] if span] or _runs(page, _bare(quote))
    if not spans:
        return False
    cuts: dict[int, list[tuple[int, int]]] = {}
    for first, last in spans:
        for token, begin, stop in text.places[first:last]:
            _grow(cuts.setdefault(token, []), begin, stop)
    first_token = min(cuts)
    for token, ranges in cuts.items():
        tokens[token] = _with_marks(tokens[token], sorted(ranges), is_first=token == first_token)
        for fold in text.folds.get(token, []):
            if not re.search(r"\sopen\b", tokens[fold]):
                tokens[fold] = f"{tokens[fold][:-1]} open>"
    return True


def _letters(tokens: list[str], start: int, end: int) -> _Text:
    """Every letter and digit between two tokens, compared without spaces, marks and case."""
    text, folds = _Text(), list[int]()
    for number in range(start, end):
        token = tokens[number]
        if token.startswith("<"):
            if _tag(token) == "details":
                folds = folds[:-1] if token.startswith("</") else [*folds, number]
            continue
        if folds:
            text.folds[number] = folds
        for match in CHARACTER.finditer(token):
            letter = BREAKS.sub("", unescape(match[0])).casefold()
            if letter:
                text.letters.append(letter[0])
                text.places.append((number, match.start(), match.end()))
    return text


def _find(page: str, words: str) -> tuple[int, int] | None:
    at = page.find(words) if words else -1
    return (at, at + len(words)) if at >= 0 else None


def _bare(words: str) -> str:
    return BREAKS.sub("", words).casefold()


def _runs(page: str, words: str) -> list[tuple[int, int]]:
    """The longest stretches of a quote that stand on the page, where they are enough of it and no number is lacking."""
    if any(number not in page for number in re.findall(r"[0-9.]+", words)):
        return []
    spans, at, kept = [], 0, 0
    while at < len(words):
        length = 0
        while at + length < len(words) and words[at : at + length + 1] in page:
            length += 1
        if length >= SHORTEST_RUN:
            begin = page.index(words[at : at + length])
            spans.append((begin, begin + length))
            kept += length
        at += max(1, length)
    return spans if kept >= ENOUGH * len(words) else []


def _mark_beginning(tokens: list[str], start: int, end: int) -> None:
    """Mark the first words of a section."""
    for number in range(start, end):
        if not tokens[number].startswith("<") and tokens[number].strip():
            tokens[number] = f'<mark class="cited" id="cited">{tokens[number]}</mark>'
            return


def _grow(ranges: list[tuple[int, int]], begin: int, stop: int) -> None:
    """Letters next to each other, but for a mark between them, share one range."""
    if ranges and 0 <= begin - ranges[-1][1] <= 2:
        ranges[-1] = (ranges[-1][0], stop)
    else:
        ranges.append((begin, stop))


def _with_marks(token: str, ranges: list[tuple[int, int]], *, is_first: bool) -> str:
    out, done = [], 0
    for number, (begin, stop) in enumerate(ranges):
        if begin < done:
            continue
        opening = '<mark class="cited" id="cited">' if is_first and number == 0 else '<mark class="cited">'
        out += [token[done:begin], opening, token[begin:stop], "</mark>"]
        done = stop
    return "".join([*out, token[done:]])
