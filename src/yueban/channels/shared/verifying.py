"""核验真伪: what every channel answers to whoever holds a verification code."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from yueban.certificates import selectors as certificates
from yueban.documents import selectors as documents
from yueban.documents.models import Document
from yueban.kernel import clock

CODE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Answer:
    """What a verification says."""

    is_genuine: bool
    heading: str
    text: str
    checked: tuple[str, ...]
    at: datetime
    is_known: bool = True
    facts: list[tuple[str, str]] = field(default_factory=list)
    agency: str = ""


def read_code(typed: str) -> str:
    """The code as it was meant, without spaces, dashes and capitals; empty for what is no code."""
    code = re.sub(r"[\s-]", "", typed).lower()
    return code if CODE.fullmatch(code) else ""


def mistyped() -> str:
    """What to say of what is no code."""
    return _("核验码应是 32 位数字和字母（a 到 f），请对照纸面再输一次。")


def answer_for(code: str) -> Answer:
    """Whether a document or certificate with this code comes from here."""
    found = documents.find_by_verify_code(code)
    return _answer(found) if found else _unknown()


def _unknown() -> Answer:
    return Answer(
        is_genuine=False,
        heading=_("没有查到"),
        text=_(
            "本平台没有出具过带这个核验码的文书或证照。请对照纸面再输一次；仍查不到，请不要采信，可拨打 12345 询问。"
        ),
        checked=(_("核验码在本平台出具的全部文书中查找，没有相符的。"),),
        at=clock.now(),
        is_known=False,
    )


def _answer(found: Document) -> Answer:
    verdict = certificates.verify(found.verify_code)
    facts = [
        (_("名称"), found.title),
        (_("编号"), found.number),
        (_("出具机关"), found.agency_name),
        (_("出具日期"), _day(found.issued_on)),
    ]
    checked = [
        _("核验码与本平台出具的文书一致。"),
        _("编号、名称、机关和日期取自出具时的登记。"),
    ]
    if found.sha256:
        checked.append(_("电子文件的 SHA-256 摘要：%(hash)s。") % {"hash": found.sha256})
    if not verdict.is_found:
        return Answer(
            is_genuine=True,
            heading=_("是本平台出具的文书"),
            text=_("%(agency)s于%(day)s出具。") % {"agency": found.agency_name, "day": _day(found.issued_on)},
            checked=tuple(checked),
            at=clock.now(),
            facts=facts,
            agency=found.agency_short,
        )
    facts += [
        (_("持证人"), verdict.holder),
        (_("证照标识"), verdict.identifier),
        (_("有效期"), _period(verdict.valid_from, verdict.valid_until)),
        (_("状态"), verdict.status_name),
    ]
    checked.append(_("证照今天的状态和有效期。"))
    return Answer(
        is_genuine=verdict.is_valid,
        heading=_("证照真实有效") if verdict.is_valid else _("证照现在不能用"),
        text=verdict.message,
        checked=tuple(checked),
        at=clock.now(),
        facts=facts,
        agency=found.agency_short,
    )


def _day(day: date | None) -> str:
    return clock.written(day) if day else ""


def _period(start: date | None, end: date | None) -> str:
    return f"{_day(start)} — {_day(end) or _('长期')}"
