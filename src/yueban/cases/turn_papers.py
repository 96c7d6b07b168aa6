"""The documents of the turns off the straight way: extensions, special procedures, hearings, what is owed, endings."""

from datetime import date, datetime
from typing import Any

from yueban.cases.choices import RevocationKind
from yueban.cases.document_texts import issue, opening, shown_day, small_print
from yueban.cases.legal_wording import LICENSING_LAW, basis_text, is_permit, remedy_sentences, window_text
from yueban.cases.limits import HEARING_LAW, extension_of
from yueban.cases.models import Case, CaseMaterial, Hearing, Revocation, SpecialProcedure
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.documents.models import Document
from yueban.kernel import clock
from yueban.kernel.actor import Actor

Content = dict[str, Any]
TITLES: dict[str, str] = {str(kind): str(kind.label) for kind in DocumentKind}


def issue_return(case: Case, actor: Actor) -> Document:
    """退件通知书: not accepted and not refused; why, and how to apply anew."""
    content = return_content(case, case.decision_reason)
    title = TITLES[DocumentKind.RETURN_NOTICE]
    return issue(case, DocumentKind.RETURN_NOTICE, title, content, agency=case.intake_agency, actor=actor)


def return_content(case: Case, reason: str) -> Content:
    """Why it goes back, and what to do."""
    return {
        **small_print(case),
        "paragraphs": [f"{opening(case)}，本窗口没有受理，现将申请退回。"],
        "reasons": [reason],
        "closing": [f"退件不是不予受理，不影响您重新申请。需要帮助的，请到{window_text(case)}。"],
    }


def issue_tolerance(case: Case, materials: list[CaseMaterial], actor: Actor) -> Document:
    """容缺受理告知承诺书: what is owed, until when, what follows if it does not come, and that he promises it."""
    return _issue(case, DocumentKind.TOLERANCE_PROMISE, tolerance_content(case, materials), actor)


def tolerance_content(case: Case, materials: list[CaseMaterial]) -> Content:
    """The notice and the promise on one sheet."""
    until = materials[0].owed_until
    rows = [[str(i), row.name, shown_day(row.owed_until)] for i, row in enumerate(materials, 1)]
    return {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，主要材料齐全，下列材料可以容缺后补。本机关先予受理，审查同时进行。",
        ],
        "table": {"columns": ["序号", "后补的材料", "补交期限"], "rows": rows},
        "closing": [
            f"申请人承诺：在{shown_day(until)}前补交以上材料，所补交的材料真实、合法、有效。",
            "补齐之前不作决定。到期没有补齐的，本机关将终止办理；材料备齐后，可以重新申请。",
            f"可以在网上“我的办件”补交，也可以到{window_text(case)}补交。",
        ],
    }


def issue_special_notice(case: Case, procedure: SpecialProcedure, actor: Actor) -> Document:
    """特殊程序审查期限告知书: which procedure, why, how long, and that its time is not counted."""
    content = special_content(
        case,
        name=procedure.name,
        reason=procedure.reason,
        basis=procedure.basis,
        days=procedure.planned_days,
        until=shown_day(procedure.planned_end_on),
    )
    return _issue(case, DocumentKind.SPECIAL_NOTICE, content, actor)


def special_content(case: Case, *, name: str, reason: str, basis: str, days: int, until: str) -> Content:
    """行政许可法 art. 45: the time needed is told in writing."""
    law = f"《{LICENSING_LAW}》第四十五条" if is_permit(case) else basis
    return {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，需要进行{name}。",
            f"根据{law}，{name}所需时间不计算在办理期限内，现将所需时间告知您。",
        ],
        "facts": [
            ["程序", name],
            ["依据", basis],
            ["计划用时", f"{days}个工作日"],
            ["计划结束", until],
        ],
        "reasons": [reason],
        "closing": ["程序结束后，办理期限接着计算，新的办结日期可以在“我的办件”查看。"],
    }


def issue_extension(case: Case, reason: str, actor: Actor) -> Document:
    """延长办理期限通知书: by how long, why, and until when (art. 42)."""
    return _issue(case, DocumentKind.EXTENSION_NOTICE, extension_content(case, reason), actor)


def extension_content(case: Case, reason: str, *, is_preview: bool = False) -> Content:
    """The one extension, approved by the head of the agency."""
    extension = extension_of(case)
    assert extension is not None  # the move has looked
    law = f"《{LICENSING_LAW}》第四十二条" if is_permit(case) else extension.basis
    is_known = case.promised_on and not is_preview
    until = f"，办结期限延至{shown_day(case.promised_on)}" if is_known else ""
    return {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，不能在原定期限内作出决定。",
            f"根据{law}，经本机关负责人批准，办理期限延长{extension.limit}{until}。",
        ],
        "reasons": [reason],
        "closing": ["办理期限只延长一次。"],
    }


def issue_hearing_right(case: Case, hearing: Hearing, actor: Actor) -> Document:
    """听证告知书: that he may ask to be heard, until when and where."""
    return _issue(case, DocumentKind.HEARING_NOTICE, hearing_right_content(case, hearing), actor)


def hearing_right_content(case: Case, hearing: Hearing) -> Content:
    """行政许可法 art. 47."""
    return {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，本机关作出决定之前，依照《{LICENSING_LAW}》第四十七条，告知您享有要求听证的权利。"
        ],
        "reasons": [hearing.reason],
        "closing": [
            f"要求听证的，请在被告知之日起五个工作日内（{shown_day(hearing.ask_until)}前）提出。",
            f"可以在网上“我的办件”提出，也可以到{window_text(case)}提出。",
            "本机关将在收到要求之日起二十个工作日内组织听证，您不承担组织听证的费用。",
            "逾期没有提出的，视为不要求听证，本机关接着办理。",
        ],
    }


def issue_hearing_day(case: Case, hearing: Hearing, actor: Actor) -> Document:
    """听证通知书: when and where, seven days before (art. 48)."""
    held = hearing.held_at.astimezone(clock.BEIJING) if hearing.held_at else None
    content: Content = {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，您要求的听证定于下列时间、地点举行，请凭身份证件参加，可以申辩和质证。"
        ],
        "facts": [["时间", _moment(held)], ["地点", hearing.place], ["依据", HEARING_LAW]],
        "closing": ["委托他人参加的，请带授权委托书。您认为主持人与本事项有直接利害关系的，有权申请回避。"],
    }
    return _issue(case, DocumentKind.HEARING_NOTICE, content, actor, title="听证通知书")


def issue_withdrawal(case: Case, reason: str, actor: Actor) -> Document:
    """撤回确认书: who took back what and when."""
    content: Content = {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，您已于{shown_day(clock.today())}申请撤回。本机关确认撤回，终结办理，没有作出决定。"
        ],
        "facts": [["撤回人", actor.name], ["撤回原因", reason or "未说明"]],
        "closing": ["撤回后可以重新申请，已交的材料以新的申请为准。"],
    }
    return _issue(case, DocumentKind.WITHDRAWAL, content, actor)


def issue_revocation(case: Case, revocation: Revocation, actor: Actor) -> Document:
    """撤销决定书 or 注销决定书: why and by which rule what was granted ends, and where to turn."""
    content = revocation_content(case, kind=revocation.kind, reason=revocation.reason, basis=revocation.basis)
    title = f"{RevocationKind(revocation.kind).label}决定书"
    return _issue(case, DocumentKind.REVOCATION, content, actor, title=title)


def revocation_content(case: Case, *, kind: str, reason: str, basis: str) -> Content:
    """行政许可法 arts. 69 and 70."""
    word = RevocationKind(kind).label
    return {
        **small_print(case),
        "paragraphs": [
            f"本机关于{shown_day(case.decided_at)}对“{case.item_name}”作出的准予决定，现查明下列情形。",
            f"根据{basis}，决定予以{word}，所发证照自本决定送达之日起失效。",
        ],
        "reasons": [reason],
        "remedies": remedy_sentences(case),
    }


def issue_payment_notice(case: Case, actor: Actor) -> Document | None:
    """缴费通知书: what an item charges, by which rule; None where it charges nothing."""
    fee = case.item_version.compiled.guide.fee
    if not fee.charged:
        return None
    rows = [[row.name, row.standard, row.basis or "—"] for row in fee.items]
    where = f"{'可以网上缴纳，也可以' if fee.pay_online else '请'}到{window_text(case)}缴纳"
    content: Content = {
        **small_print(case),
        "paragraphs": [f"{opening(case)}已受理。依照{fee.basis or basis_text(case)}，请缴纳下列费用："],
        "table": {"columns": ["收费项目", "标准", "依据"], "rows": rows},
        "closing": [f"{where}；符合减免条件的，请一并说明。"],
    }
    return _issue(case, DocumentKind.PAYMENT_NOTICE, content, actor)


def issue_collection_slip(case: Case, actor: Actor) -> Document:
    """领取凭证: what waits where, to be shown at the window."""
    content: Content = {
        **small_print(case),
        "paragraphs": [f"{opening(case)}已办结，请凭本凭证和有效身份证件领取。"],
        "facts": [
            ["领取人", case.applicant_name],
            ["领取内容", case.item_version.compiled.guide.result.name],
            ["领取地点", window_text(case)],
        ],
        "closing": ["请他人代领的，请带授权委托书和代领人身份证件。"],
    }
    return _issue(case, DocumentKind.COLLECTION_SLIP, content, actor)


def preview_return(case: Case, *, reason: str) -> bytes:
    """The notice as it would go back with the application."""
    return _preview(case, DocumentKind.RETURN_NOTICE, return_content(case, reason))


def preview_tolerance(case: Case, materials: list[CaseMaterial], until: date) -> bytes:
    """The sheet that the applicant would sign."""
    for row in materials:
        row.owed_until = until
    return _preview(case, DocumentKind.TOLERANCE_PROMISE, tolerance_content(case, materials))


def preview_special(case: Case, *, name: str, reason: str, basis: str, days: int, until: date) -> bytes:
    """The notice of a special procedure that would begin today."""
    content = special_content(case, name=name, reason=reason, basis=basis, days=days, until=shown_day(until))
    return _preview(case, DocumentKind.SPECIAL_NOTICE, content)


def preview_extension(case: Case, *, reason: str) -> bytes:
    """The notice of an extension; the new last day is written in when it is approved."""
    return _preview(case, DocumentKind.EXTENSION_NOTICE, extension_content(case, reason, is_preview=True))


def preview_revocation(case: Case, *, kind: str, reason: str, basis: str) -> bytes:
    """The decision that would end what was granted."""
    content = revocation_content(case, kind=kind, reason=reason, basis=basis)
    return _preview(case, DocumentKind.REVOCATION, content, title=f"{RevocationKind(kind).label}决定书")


def _preview(case: Case, kind: DocumentKind, content: Content, *, title: str = "") -> bytes:
    return documents.preview(
        kind=kind,
        title=title or TITLES[kind],
        agency_code=case.agency.code,
        agency_short=case.agency.short_name,
        content=content,
    )


def _issue(case: Case, kind: DocumentKind, content: Content, actor: Actor, *, title: str = "") -> Document:
    return issue(case, kind, title or TITLES[kind], content, agency=case.agency, actor=actor)


def _moment(moment: datetime | None) -> str:
    return f"{shown_day(moment)}{moment.hour}时{moment.minute:02d}分" if moment else "—"
