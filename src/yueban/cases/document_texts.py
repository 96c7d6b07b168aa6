"""The documents of a case (domain.md §2.7): what each says; numbering, layout and seal are the documents app's."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yueban.agencies.models import Agency
from yueban.cases.choices import CaseState, MaterialState
from yueban.cases.legal_wording import LICENSING_LAW, basis_text, is_permit, remedy_sentences, window_text
from yueban.cases.limits import is_deemed_accepted
from yueban.cases.models import Case, CaseMaterial, Supplement
from yueban.cases.outcome_words import outcome_words
from yueban.cases.records import decision_title, has_records, report_content
from yueban.cases.routes import find_certificate
from yueban.cases.transitions import reference_of
from yueban.catalogue.compiled import Compiled
from yueban.certificates import selectors as certificates_read
from yueban.documents import selectors as documents_read
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.documents.models import Document
from yueban.kernel import clock, money
from yueban.kernel.actor import Actor
from yueban.payments import services as payments

Content = dict[str, Any]

RECEIPT_IS_NOT_ACCEPTANCE = (
    "收件不等于受理。我们将在五个工作日内告诉您是否受理，或者一次告知需要补正的全部内容。"
)
# Said only where the law says it: 行政许可法 art. 32(4).
SILENCE_ACCEPTS = "逾期不告知的，自收到申请材料之日起即为受理。"
CERTIFICATE = "10"  # 审批结果类型: 证照
# What a receipt of delivery hands over: results, not the papers of the way.
SERVED = (
    DocumentKind.NON_ACCEPTANCE,
    DocumentKind.DECISION_GRANT,
    DocumentKind.DECISION_REFUSE,
    DocumentKind.CERTIFICATE,
)


def issue_receipt(case: Case, actor: Actor) -> Document:
    """收件凭证: receipt is not acceptance, and it says so."""
    return issue(case, "receipt", "收件凭证", receipt_content(case), agency=case.intake_agency, actor=actor)


def issue_acceptance(case: Case, actor: Actor, *, is_deemed: bool = False) -> Document:
    """受理通知书 with the promised and the statutory day."""
    content = acceptance_content(case, is_deemed=is_deemed)
    return issue(case, "acceptance", "受理通知书", content, agency=case.agency, actor=actor)


def issue_supplement_notice(case: Case, supplement: Supplement, actor: Actor) -> Document:
    """补正告知书: all that is missing, once."""
    content = supplement_content(case, supplement.items, supplement.due_on)
    return issue(case, "supplement_notice", "申请材料补正告知书", content, agency=case.agency, actor=actor)


def issue_non_acceptance(case: Case, actor: Actor) -> Document:
    """不予受理通知书 with the reason and the remedies."""
    return issue(
        case,
        "non_acceptance",
        "不予受理通知书",
        non_acceptance_content(case),
        agency=case.agency,
        actor=actor,
    )


def issue_termination(case: Case, actor: Actor) -> Document:
    """终止办理通知书 with the reason."""
    content: Content = {
        **small_print(case),
        "paragraphs": [f"{opening(case)}，因下列情形，本机关决定终止办理。"],
        "reasons": [case.decision_reason],
        "remedies": remedy_sentences(case),
    }
    return issue(case, "termination", "终止办理通知书", content, agency=case.agency, actor=actor)


def issue_decision(case: Case, actor: Actor, *, is_granted: bool) -> Document:
    """The decision, titled and numbered as this kind of item calls it."""
    words = outcome_words(case)
    content = decision_content(case, reason=case.decision_reason, is_granted=is_granted)
    return issue(
        case,
        decision_kind(is_granted=is_granted),
        decision_title(case, is_granted=is_granted),
        content,
        agency=case.agency,
        actor=actor,
        word=words.word(is_granted=is_granted),
    )


def issue_delivery_receipt(case: Case, actor: Actor, *, method: str, proof: str) -> Document:
    """送达回证."""
    rows = [
        ["办件编号", case.number],
        ["申请事项", case.item_name],
        ["送达文书", _served(case)],
        ["送达方式", method],
        ["签收或凭证", proof or "—"],
        ["送达时间", shown_day(case.delivered_at)],
    ]
    content: Content = {"addressee": case.applicant_name, "facts": rows}
    return issue(case, "delivery_receipt", "送达回证", content, agency=case.intake_agency, actor=actor)


def preview_decision(case: Case, *, reason: str, is_granted: bool) -> bytes:
    """The decision as it would be issued: a PDF without number, marked 预览."""
    return documents.preview(
        kind=decision_kind(is_granted=is_granted),
        title=decision_title(case, is_granted=is_granted),
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


def preview_non_acceptance(case: Case, *, reason: str) -> bytes:
    """The notice of non-acceptance as it would be issued."""
    return documents.preview(
        kind="non_acceptance",
        title="不予受理通知书",
        agency_code=case.agency.code,
        agency_short=case.agency.short_name,
        content=non_acceptance_content(case) | {"reasons": [reason]},
    )


def decision_kind(*, is_granted: bool) -> str:
    """Document kind of a decision."""
    return "decision_grant" if is_granted else "decision_refuse"


def receipt_content(case: Case) -> Content:
    """What was handed in, when, and what happens next."""
    materials = [[str(i), m.name, _stand(m)] for i, m in enumerate(case.materials.order_by("position"), 1)]
    return {
        "addressee": case.applicant_name,
        "paragraphs": [
            f"您申请的“{case.item_name}”已于{shown_day(case.received_at)}收件。",
            RECEIPT_IS_NOT_ACCEPTANCE + (SILENCE_ACCEPTS if is_deemed_accepted(case) else ""),
        ],
        "facts": _rows(case),
        "table": {"columns": ["序号", "材料", "状态"], "rows": materials},
    }


def acceptance_content(case: Case, *, is_deemed: bool = False) -> Content:
    """Accepted by the agency, or by the law because nobody said anything; and by when it is decided."""
    accepted_on = shown_day(case.accepted_at)
    complete = f"材料齐全、符合法定形式，本机关决定自{accepted_on}起予以受理。"
    if case.state == CaseState.TOLERATED:
        complete = f"主要材料齐全，本机关决定自{accepted_on}起容缺受理，后补的材料见《容缺受理告知承诺书》。"
    why = (
        f"逾期未告知需要补正的内容。依照《{LICENSING_LAW}》第三十二条，自收到申请材料之日（{accepted_on}）起即为受理。"
        if is_deemed
        else complete
    )
    guide = _compiled(case).guide
    limit = f"（法定期限{guide.statutory_text}）" if guide.statutory.by_law else ""
    promised = f"承诺{shown_day(case.promised_on)}前办结{limit}。" if case.promised_on else ""
    return {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，{why}",
            f"自受理之日起计算，{promised}依法需要检验、检测、鉴定、专家评审、听证的时间不计算在内，届时书面告知。",
        ],
    }


def supplement_content(case: Case, items: list[dict[str, str]], due_on: date) -> Content:
    """The whole list of what is missing, by what law, until when, where, and what follows if nothing comes."""
    names = {m.key: m.name for m in case.materials.all()}
    rows = [
        [str(i), names.get(item["material"], item["material"]), item["what"]]
        for i, item in enumerate(items, 1)
    ]
    law = f"《{LICENSING_LAW}》第三十二条第一款第四项" if is_permit(case) else basis_text(case)
    what = f"根据{law}，现一次告知您需要补正的全部内容，请于{shown_day(due_on)}前补正："
    return {
        **small_print(case),
        "paragraphs": [f"{opening(case)}，材料不齐全或者不符合法定形式。{what}"],
        "table": {"columns": ["序号", "材料", "需要补正的内容"], "rows": rows},
        "closing": [
            f"可以在网上“我的办件”提交，也可以到{window_text(case)}提交。",
            "到期没有补正的，本机关将终止办理；材料备齐后，您可以随时重新申请。",
        ],
    }


def non_acceptance_content(case: Case) -> Content:
    """A no before acceptance: reason and where to turn."""
    return {
        **small_print(case),
        "paragraphs": [f"{opening(case)}，本机关决定不予受理。"],
        "reasons": [case.decision_reason],
        "remedies": remedy_sentences(case),
    }


def decision_content(case: Case, *, reason: str, is_granted: bool) -> Content:
    """The decision in words: grounds, result, and for a refusal reasons and remedies (行政许可法 art. 38)."""
    if is_granted:
        return _grant_content(case, opinion=reason)
    basis = basis_text(case, of_decision="第三十八条第二款")
    return {
        **small_print(case),
        "paragraphs": [
            f"{opening(case)}，经审查，不符合法定条件、标准。根据{basis}，决定{outcome_words(case).refused}。",
        ],
        "reasons": [reason],
        "remedies": remedy_sentences(case),
    }


def _grant_content(case: Case, *, opinion: str) -> Content:
    if has_records(case):
        return {**small_print(case), "facts": _granted_rows(case), **report_content(case)}
    guide = _compiled(case).guide
    basis = basis_text(case, of_decision="第三十八条第一款")
    paragraphs = [
        f"{opening(case)}，经审查，申请符合法定条件、标准。根据{basis}，决定{outcome_words(case).granted}。",
        f"审查意见：{opinion}" if opinion else "",
    ]
    duties = f"请您依法履行下列义务：{'；'.join(guide.duties)}。" if guide.duties else ""
    return {
        **small_print(case),
        "paragraphs": paragraphs,
        "facts": _granted_rows(case),
        "closing": [duties],
    }


def _granted_rows(case: Case) -> list[list[str]]:
    """What is permitted (the coded fields of the certificate), which certificate follows, how long it holds."""
    result = _compiled(case).guide.result
    type_key, data = find_certificate(case) or ("", {})
    row = certificates_read.certificate_types().filter(key=type_key).first()
    vocabulary = _compiled(case).vocabulary
    scope = [
        [field["name"], data[field["key"]]]
        for field in (row.fields if row else [])
        if field["key"] in data and field["key"] in vocabulary and vocabulary[field["key"]].codes
    ]
    validity = result.validity
    term = [["有效期", f"{validity.amount}{validity.unit}，起止日期以证照为准"]] if validity else []
    given = (
        ["颁发证照", f"《{result.name}》"] if result.type.code == CERTIFICATE else ["办理结果", result.name]
    )
    return [*scope, given, *_paid_rows(case), *term]


def _paid_rows(case: Case) -> list[list[str]]:
    """How much is paid, by what reckoning, and to which account, where the item pays."""
    planned = _planned_payment(case)
    if planned is None:
        return []
    amount, reckoning, account = planned
    rows = [["给付金额", f"{money.to_text(amount)}（{money.to_capitals(amount)}）"], ["怎么算的", reckoning]]
    return [*rows, ["打到哪里", f"本人尾号{account[-4:]}的银行账户"]] if account else rows


def _planned_payment(case: Case) -> tuple[Decimal, str, str] | None:
    """The amount by the rule of the item, its reckoning in words, and the account; None where nothing is paid."""
    rule = _compiled(case).payment
    if rule is None:
        return None
    value = Decimal(str(case.facts.get(rule.amount.element) or 0))
    amount = payments.amount_of(value, share=rule.amount.share, cap=rule.amount.ceiling)
    parts = [money.to_text(value)]
    if rule.amount.ratio != "1":
        parts.append(f"的{rule.amount.ratio}")
    if rule.amount.cap:
        parts.append(f"，最高{money.to_text(Decimal(rule.amount.cap))}")
    return amount, "".join(parts), str(case.facts.get(rule.account_element, ""))


def issue(
    case: Case, kind: str, title: str, content: Content, *, agency: Agency, actor: Actor, word: str = ""
) -> Document:
    """A document of this case."""
    return documents.create_document(
        kind=kind,
        subject=reference_of(case),
        agency_code=agency.code,
        agency_short=agency.short_name,
        title=title,
        content=content,
        actor=actor,
        division=case.division_code,
        word=word,
    )


def opening(case: Case) -> str:
    """您申请的“…”, with which every paper begins."""
    return f"您申请的“{case.item_name}”"


def small_print(case: Case) -> Content:
    """To whom, and in small print about which case."""
    return {"addressee": case.applicant_name, "footer": [f"办件编号：{case.number}"]}


def _stand(material: CaseMaterial) -> str:
    """How a material stands, in the words of the person who need not hand it in."""
    is_met = material.state == MaterialState.SATISFIED
    return "已免交" if is_met else material.get_state_display()


def _served(case: Case) -> str:
    """One document a line: 《准予行政许可决定书》绍越交运许字〔2026〕1号."""
    served = documents_read.documents_of(reference_of(case)).filter(kind__in=SERVED)
    return "\n".join(f"《{document.title}》{document.number}" for document in served) or "—"


def _rows(case: Case) -> list[list[str]]:
    return [["办件编号", case.number], ["申请人", case.applicant_name], ["申请事项", case.item_name]]


def _compiled(case: Case) -> Compiled:
    return case.item_version.compiled


def shown_day(moment: date | datetime | None) -> str:
    """2026年11月23日, in Beijing."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(clock.BEIJING)  # the database gives times in UTC
    return clock.written(moment) if moment else "—"
