"""Slips for a person's pocket: the 80 mm slip, the large-print sheet, and the 授权委托书 that is signed by hand.

They carry no number of their own and are kept nowhere: what they say stands in the case and its documents.
"""

from dataclasses import dataclass
from typing import Any, Final

from yueban.documents import rendering
from yueban.documents.choices import SlipKind
from yueban.kernel import clock


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with the words beside it."""

    address: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is printed: what, when, who; one phone number; codes to scan. `next` says what happens now."""

    title: str
    agency: str
    facts: tuple[tuple[str, str], ...]
    next: str = ""
    phone: str = ""
    codes: tuple[Code, ...] = ()
    paragraphs: tuple[str, ...] = ()
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()
    """A signature drawn on a pad, as lines within a field of 600 by 200."""


PAD: Final = (600, 200)


def print_slip(kind: SlipKind, slip: Slip) -> bytes:
    """The PDF; the same slip on the same day gives the same bytes."""
    return rendering.compile_pdf(f"{kind}.typ", slip.title, _values(slip), on=clock.today())


def _values(slip: Slip) -> dict[str, Any]:
    day = clock.today()
    return {
        "title": slip.title,
        "agency": slip.agency,
        "facts": [list(pair) for pair in slip.facts],
        "next": slip.next,
        "phone": slip.phone,
        "paragraphs": list(slip.paragraphs),
        "codes": [
            {"svg": rendering.qr_svg(code.address), "address": code.address, "words": code.words}
            for code in slip.codes
        ],
        "strokes": _drawing(slip.strokes),
        "date": clock.written(day),
        "day": [day.year, day.month, day.day],
        "is_preview": False,
    }


def _drawing(strokes: tuple[tuple[tuple[float, float], ...], ...]) -> str:
    """The strokes as a picture; empty without any."""
    if not strokes:
        return ""
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in stroke)}"/>' for stroke in strokes
    )
    width, height = PAD
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<g fill="none" stroke="#1A1D1F" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">'
        f"{lines}</g></svg>"
    )
