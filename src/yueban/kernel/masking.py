"""How personal data is shown: masking profiles as data, and the masking of free text for logs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from yueban.kernel.errors import ServiceError

STAR: Final = "*"
# Names of divisions hold no digit and no word for a road or a building; 小区 is no county.
PLACE: Final = r"[^0-9\u8def\u5df7\u5f04\u53f7\u5e62]"
STREET: Final = re.compile(rf"{PLACE}*?(?:街道|镇(?!海)|乡|苏木)")
COUNTY: Final = re.compile(rf"{PLACE}*?(?:自治县|县|(?<!小)区|旗)")
CITY: Final = re.compile(rf"{PLACE}*?市")
ID_IN_TEXT: Final = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
PHONE_IN_TEXT: Final = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")


class MaskingUnknown(ServiceError):
    """A profile that does not exist: an error of the program, never shown unmasked."""

    code = "masking.unknown"
    status = 500


@dataclass(frozen=True, slots=True)
class Edges:
    """Keep so many characters at each end, and stars for the rest; a short text keeps none."""

    first: int
    last: int

    def mask(self, text: str) -> str:
        """The text with its middle starred."""
        hidden = len(text) - self.first - self.last
        if hidden <= 0:
            return STAR * len(text)
        return text[: self.first] + STAR * hidden + (text[-self.last :] if self.last else "")


def _mask_name(text: str) -> str:
    """Two characters 张*; three and more 李*敏."""
    return Edges(1, 0).mask(text) if len(text) <= 2 else Edges(1, 1).mask(text)


def _mask_address(text: str) -> str:
    """Kept to the street or town; without one to the county or city; without those nothing."""
    kept = STREET.match(text) or COUNTY.match(text) or CITY.match(text)
    return f"{kept.group()}****" if kept else "****"


def _mask_email(text: str) -> str:
    """First character and the domain."""
    local, at, domain = text.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if local else "****"


EDGES: Final = {
    "phone": Edges(3, 4),
    "id_number": Edges(1, 1),
    "id_number_tail": Edges(0, 4),
    "bank": Edges(0, 4),
}
RULES: Final = {"name": _mask_name, "address": _mask_address, "email": _mask_email}
PROFILES: Final = frozenset(EDGES) | frozenset(RULES)


def mask(profile: str, text: str) -> str:
    """The text masked by a profile: name, phone, id_number, id_number_tail, bank, address, email."""
    text = text.strip()
    if profile in EDGES:
        return EDGES[profile].mask(text)
    if profile in RULES:
        return RULES[profile](text) if text else ""
    raise MaskingUnknown(f"没有名为“{profile}”的脱敏规则。", hint=f"可用：{'、'.join(sorted(PROFILES))}。")


def mask_text(text: str) -> str:
    """Free text with every identity number and mobile number masked, for logs and prompts."""
    text = ID_IN_TEXT.sub(lambda found: mask("id_number", found.group()), text)
    return PHONE_IN_TEXT.sub(lambda found: mask("phone", found.group()), text)
