"""Papers of a policy in Word: its text with the structure of its offers, and the notice to apply (申报通知)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

from yueban.elements import selectors as elements
from yueban.kernel import clock
from yueban.policies.choices import OfferState, Redemption
from yueban.policies.models import OfferVersion, PolicyVersion
from yueban.policies.selectors import standard_of
from yueban.policies.telling import lines_of

SONG, HEI = "宋体", "黑体"
SKIPPED = frozenset({"名称", "依据"})


def policy_paper(version: PolicyVersion, offers: Sequence[OfferVersion]) -> bytes:
    """The text line by line, then every offer as a table."""
    document = _document(version.policy.title)
    _facts(document, version)
    for line in version.text.splitlines():
        if line.strip():
            document.add_paragraph(line.strip())
    document.add_heading("惠企事项", 1)
    for number, offer in enumerate(offers, 1):
        state = "" if offer.state == OfferState.SIGNED else f"（{offer.get_state_display()}）"
        document.add_heading(f"{number}. {offer.name}{state}", 2)
        _table(document, _lines(offer))
    return _saved(document)


def notice_paper(version: PolicyVersion, offers: Sequence[OfferVersion]) -> bytes:
    """申报通知: who may apply for what of the offers in force, how and until when."""
    document = _document(f"关于组织申报《{version.policy.title}》惠企事项的通知")
    document.add_paragraph("各有关企业：")
    document.add_paragraph(f"根据《{version.policy.title}》，现就惠企事项的申报和兑现通知如下。")
    signed = [one for one in offers if one.state == OfferState.SIGNED]
    for number, offer in enumerate(signed, 1):
        document.add_heading(f"{number}. {offer.name}", 2)
        _table(document, [one for one in _lines(offer) if one[0] not in SKIPPED])
        document.add_paragraph(HOW.get(offer.redemption, HOW["fast"]))
    if not signed:
        document.add_paragraph("本政策目前没有已签发的惠企事项。")
    document.add_paragraph("不确定是否符合的，可登录越办查看“为您匹配”，缺什么会逐项列出。")
    keeper = version.policy.agency.name if version.policy.agency else "、".join(version.policy.issuers)
    document.add_paragraph(f"{keeper}\n{clock.written(clock.today())}").alignment = 2
    return _saved(document)


HOW = {
    Redemption.AUTO.value: "免申即享：由系统比对列入名单，公示无异议后，企业确认意愿和收款账户即可，无需申报。",
    Redemption.INSTANT.value: "即申即享：登录越办一键申领，系统自动核对后拨付。",
    Redemption.FAST.value: "快申快享：登录越办填写申报表，按提示补充材料。",
    Redemption.REVIEW.value: "评审类：登录越办申报，由部门组织评审。",
    Redemption.STATUTORY.value: "法定程序类：按有关法律规定的程序办理。",
}


def _lines(offer: OfferVersion) -> list[tuple[str, str]]:
    """The offer's lines; a draft that is not whole yet says so."""
    if offer.state == OfferState.DRAFT:
        return [("内容", str(offer.definition.get("summary", ""))), ("状态", "草稿，还没有送审")]
    return list(lines_of(standard_of(offer), elements.vocabulary()))


def _document(title: str) -> Any:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = SONG, Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    for level in range(3):
        heading = document.styles["Title" if level == 0 else f"Heading {level}"]
        heading.font.name = HEI
        heading.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI)
    document.add_heading(title, 0)
    return document


def _facts(document: Any, version: PolicyVersion) -> None:
    policy = version.policy
    rows = [
        ("文号", policy.document_number),
        ("发文机关", "、".join(policy.issuers)),
        ("级别", policy.get_level_display()),
        ("施行日期", clock.written(version.effective_on)),
        ("失效日期", clock.written(version.expires_on) if version.expires_on else ""),
        ("正文", "机器识别，请对照原件" if version.is_machine_read else ""),
    ]
    _table(document, [(label, text) for label, text in rows if text])


def _table(document: Any, rows: Iterable[tuple[str, str]]) -> None:
    stated = list(rows)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in stated:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text


def _saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
