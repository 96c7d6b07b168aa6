"""The documents of a case (domain.md §2.7): what each says; numbering, layout and seal are the documents app's."""

from datetime import date, datetime
from typing import Any

from yueban.agencies.models import Agency
from yueban.cases.limits import is_deemed_accepted
from yueban.cases.models import Case, Supplement
from yueban.cases.transitions import reference_of
from yueban.catalogue.compiled import Compiled
from yueban.documents import services as documents
from yueban.documents.models import Document
from yueban.kernel import clock
from yueban.kernel.actor import Actor

Content = dict[str, Any]

RECEIPT_IS_NOT_ACCEPTANCE = (
    "收件不等于受理。我们将在五个工作日内告诉您是否受理，或者一次告知需要补正的全部内容。"
)
# Said only where the law says it: 行政许可法 art. 32(4).
SILENCE_ACCEPTS = "逾期不告知的，自收到申请材料之日起即为受理。"


def issue_receipt(case: Case, actor: Actor) -> Document:
    """收件凭证: receipt is not acceptance, and it says so."""
    return _issue(case, "receipt", "收件凭证", receipt_content(case), agency=case.intake_agency, actor=actor)


def issue_acceptance(case: Case, actor: Actor, *, is_deemed: bool = False) -> Document:
    """受理通知书 with the promised and the statutory day."""
    content = acceptance_content(case, is_deemed=is_deemed)
    return _issue(case, "acceptance", "受理通知书", content, agency=case.agency, actor=actor)


def issue_supplement_notice(case: Case, supplement: Supplement, actor: Actor) -> Document:
    """补正告知书: all that is missing, once."""
    content = supplement_content(case, supplement.items, supplement.due_on)
    return _issue(case, "supplement_notice", "申请材料补正告知书", content, agency=case.agency, actor=actor)


def issue_non_acceptance(case: Case, actor: Actor) -> Document:
    """不予受理通知书 with the reason and the remedies."""
    return _issue(
        case,
        "non_acceptance",
        "不予受理通知书",
        non_acceptance_content(case),
        agency=case.agency,
        actor=actor,
    )


def issue_decision(case: Case, actor: Actor, *, is_granted: bool) -> Document:
    """准予 / 不予许可决定书."""
    kind, title = decision_kind(is_granted=is_granted)
    content = decision_content(case, reason=case.decision_reason, is_granted=is_granted)
    return _issue(case, kind, title, content, agency=case.agency, actor=actor)


def issue_delivery_receipt(case: Case, actor: Actor, *, method: str, proof: str) -> Document:
    """送达回证."""
    rows = [
        *_rows(case),
        ["送达方式", method],
        ["签收或凭证", proof or "—"],
        ["送达时间", _day(case.delivered_at)],
    ]
    content: Content = {"addressee": case.applicant_name, "facts": rows}
    return _issue(case, "delivery_receipt", "送达回证", content, agency=case.intake_agency, actor=actor)


def preview_decision(case: Case, *, reason: str, is_granted: bool) -> bytes:
    """The decision as it would be issued: a PDF without number, marked 预览."""
    kind, title = decision_kind(is_granted=is_granted)
    return documents.preview(
        kind=kind,
        title=title,
        agency_code=case.agency.code,
        agency_short=case.agency.short_name,
        content=decision_content(case, reason=reason, is_granted=is_granted),
    )


def preview_supplement(case: Case, items: list[dict[str, str]], due_on: date) -> bytes:
    """The supplement notice as it would be issued."""
    return documents.preview(
        kind="supplement_notice",
        title="申请材料补正告知书",
        agency_code=case.agency.code,
        agency_short=case.agency.short_name,
        content=supplement_content(case, items, due_on),
    )


def decision_kind(*, is_granted: bool) -> tuple[str, str]:
    """Document kind and title of a decision."""
    return (
        ("decision_grant", "准予行政许可决定书") if is_granted else ("decision_refuse", "不予行政许可决定书")
    )


def receipt_content(case: Case) -> Content:
    """What was handed in, when, and what happens next."""
    materials = [
        [str(i), m.name, m.get_state_display()] for i, m in enumerate(case.materials.order_by("position"), 1)
    ]
    return {
        "addressee": case.applicant_name,
        "paragraphs": [
            f"您申请的「{case.item_name}」已于{_day(case.received_at)}收件。",
            RECEIPT_IS_NOT_ACCEPTANCE + (SILENCE_ACCEPTS if is_deemed_accepted(case) else ""),
        ],
        "facts": _rows(case),
        "table": {"columns": ["序号", "材料", "状态"], "rows": materials},
    }


def acceptance_content(case: Case, *, is_deemed: bool = False) -> Content:
    """Accepted by the agency, or by the law because nobody said anything; and by when it is decided."""
    why = (
        f"逾期未告知需要补正的内容。依照行政许可法第三十二条，自收到申请材料之日（{_day(case.accepted_at)}）起即为受理。"
        if is_deemed
        else "材料齐全、符合法定形式，本机关决定予以受理。"
    )
    statutory = _compiled(case).guide.statutory_text
    promised = f"承诺{_day(case.promised_on)}前办结（法定期限{statutory}）。" if case.promised_on else ""
    return {
        "addressee": case.applicant_name,
        "paragraphs": [
            f"您申请的「{case.item_name}」，{why}",
            f"自受理之日起计算，{promised}依法需要检验、检测、鉴定、专家评审、听证的时间不计算在内，届时书面告知。",
        ],
        "facts": [*_rows(case), ["受理时间", _day(case.accepted_at)]],
    }


def supplement_content(case: Case, items: list[dict[str, str]], due_on: date) -> Content:
    """The whole list of what is missing, and until when."""
    names = {m.key: m.name for m in case.materials.all()}
    rows = [
        [str(i), names.get(item["material"], item["material"]), item["what"]]
        for i, item in enumerate(items, 1)
    ]
    return {
        "addressee": case.applicant_name,
        "paragraphs": [
            f"您申请的「{case.item_name}」，需要补正下列内容。这是一次性告知，列出了需要补正的全部内容。",
            f"请于{_day(due_on)}前补正。可以在网上「我的办件」提交，也可以到窗口提交。",
        ],
        "facts": _rows(case),
        "table": {"columns": ["序号", "材料", "需要补正的内容"], "rows": rows},
    }


def non_acceptance_content(case: Case) -> Content:
    """A no before acceptance: reason and where to turn."""
    return {
        "addressee": case.applicant_name,
        "paragraphs": [f"您申请的「{case.item_name}」，本机关决定不予受理。"],
        "facts": _rows(case),
        "reasons": [case.decision_reason],
        "remedies": remedy_sentences(case),
    }


def decision_content(case: Case, *, reason: str, is_granted: bool) -> Content:
    """The decision in words: grounds, result, and for a refusal reasons and remedies (行政许可法 art. 38)."""
    basis = basis_text(case)
    if is_granted:
        opinion = [f"审查意见：{reason}"] if reason else []
        paragraphs = [
            f"您申请的「{case.item_name}」，经审查，申请符合法定条件、标准。根据{basis}，决定准予行政许可。",
            *opinion,
        ]
        return {"addressee": case.applicant_name, "paragraphs": paragraphs, "facts": _rows(case)}
    return {
        "addressee": case.applicant_name,
        "paragraphs": [
            f"您申请的「{case.item_name}」，经审查，不符合法定条件、标准。根据{basis}，决定不予行政许可。"
        ],
        "facts": _rows(case),
        "reasons": [reason],
        "remedies": remedy_sentences(case),
    }


def basis_text(case: Case) -> str:
    """The first two articles that the item stands on."""
    rows = _compiled(case).guide.basis[:2]
    return "、".join(f"《{row.law}》{row.article or ''}" for row in rows)


def remedy_sentences(case: Case) -> list[str]:
    """Where to turn against a no: 行政复议 within 60 days, 行政诉讼 within six months, or the appeal channel."""
    remedies = _compiled(case).guide.remedies
    sentences = []
    if remedies.review:
        sentences.append(f"不服本决定的，可自收到之日起六十日内向{remedies.review.body}申请行政复议。")
    if remedies.litigation:
        sentences.append(f"也可自收到之日起六个月内向{remedies.litigation.court}提起行政诉讼。")
    if remedies.appeal or not sentences:
        sentences.append(remedies.appeal or "对本决定有异议的，可拨打12345反映。")
    return sentences


def _issue(case: Case, kind: str, title: str, content: Content, *, agency: Agency, actor: Actor) -> Document:
    return documents.create_document(
        kind=kind,
        subject=reference_of(case),
        agency_code=agency.code,
        agency_short=agency.short_name,
        title=title,
        content=content,
        actor=actor,
        division=case.division_code,
    )


def _rows(case: Case) -> list[list[str]]:
    return [["办件编号", case.number], ["申请人", case.applicant_name], ["申请事项", case.item_name]]


def _compiled(case: Case) -> Compiled:
    return case.item_version.compiled


def _day(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(clock.BEIJING)  # the database gives times in UTC
    return f"{moment.year}年{moment.month}月{moment.day}日" if moment else "—"
