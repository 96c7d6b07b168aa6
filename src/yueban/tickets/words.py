"""Texts that come into a ticket: made plain, masked once more, never longer than a page shows."""

import re
import unicodedata
from typing import Any

from yueban.kernel.masking import mask_text
from yueban.kernel.names import TextInvalid, clean_paragraphs
from yueban.tickets.errors import TicketInvalid

LONGEST = 2000
MOST_SOURCES = 10
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
SOURCE = re.compile(r"[a-z][a-z_]{0,31}:[0-9A-Za-z][0-9A-Za-z._/@-]{0,99}(#[0-9A-Za-z._-]{1,100})?")
PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[2-9][0-9]{6,7}|[2-9][0-9]{6,7}")


def plain(text: str) -> str:
    """Without what cannot be seen, cut where it is too long: a question that was taken once is not refused here."""
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in UNSEEN)
    return unicodedata.normalize("NFC", kept).strip()[:LONGEST]


def masked(value: Any) -> Any:
    """Every text within, with identity numbers and mobile numbers masked."""
    if isinstance(value, str):
        return mask_text(plain(value))
    if isinstance(value, list):
        return [masked(one) for one in value]
    if isinstance(value, dict):
        return {str(name): masked(one) for name, one in value.items()}
    return value


def needed(text: str, field: str, missing: str) -> str:
    """A text that a person writes now; raises TicketInvalid by field."""
    try:
        words = clean_paragraphs(text, LONGEST)
    except TextInvalid as error:
        raise TicketInvalid.of_fields({field: f"{error.message}{error.hint}"}) from error
    if not words:
        raise TicketInvalid.of_fields({field: missing})
    return words


def clean_phone(text: str) -> str:
    """A phone with its spaces taken away, or nothing; raises TicketInvalid."""
    phone = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if phone and not PHONE.fullmatch(phone):
        raise TicketInvalid.of_fields({"contact_phone": "请填写手机号码，或带区号的固定电话；也可以不填。"})
    return phone


def clean_sources(sources: list[str]) -> list[str]:
    """``item:KEY#element`` and the like, each once; raises TicketInvalid."""
    found = list(dict.fromkeys(one.strip() for one in sources if one.strip()))
    wrong = next((one for one in found if not SOURCE.fullmatch(one)), "")
    if wrong:
        raise TicketInvalid.of_fields(
            {"sources": f"“{wrong[:60]}”不是依据。请写作“item:事项编码#要素”，每行一条。"}
        )
    if len(found) > MOST_SOURCES:
        raise TicketInvalid.of_fields({"sources": f"依据有{len(found)}条，最多写{MOST_SOURCES}条。"})
    return found
