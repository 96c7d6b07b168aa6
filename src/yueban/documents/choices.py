"""Kinds of documents, the word each has in its number, and the states of rendering."""

from enum import StrEnum
from typing import Final

from django.db import models


class DocumentKind(models.TextChoices):
    """文书种类 (after the annex of DB4406/T 14-2021, and what the law of a case needs besides)."""

    RECEIPT = "receipt", "收件凭证"
    ACCEPTANCE = "acceptance", "受理通知书"
    SUPPLEMENT_NOTICE = "supplement_notice", "补正告知书"
    NON_ACCEPTANCE = "non_acceptance", "不予受理通知书"
    TERMINATION = "termination", "终止办理通知书"
    DECISION_GRANT = "decision_grant", "准予许可决定书"
    DECISION_REFUSE = "decision_refuse", "不予许可决定书"
    DELIVERY_RECEIPT = "delivery_receipt", "送达回证"
    CERTIFICATE = "certificate", "证照"
    INSPECTION = "inspection", "现场核查记录"
    SPECIAL_NOTICE = "special_notice", "特殊程序审查期限告知书"
    EXTENSION_NOTICE = "extension_notice", "延长办理期限通知书"
    TOLERANCE_PROMISE = "tolerance_promise", "容缺受理告知承诺书"
    WITHDRAWAL = "withdrawal", "撤回确认书"
    HEARING_NOTICE = "hearing_notice", "听证告知书"
    REVOCATION = "revocation", "撤销决定书"
    RETURN_NOTICE = "return_notice", "退件通知书"
    PAYMENT_NOTICE = "payment_notice", "缴费通知书"
    COLLECTION_SLIP = "collection_slip", "领取凭证"
    RECOVERY_NOTICE = "recovery_notice", "追回通知书"


class WordingState(models.TextChoices):
    """Where an agency's own wording of a document stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已启用"
    RETIRED = "retired", "已停用"


class SlipKind(StrEnum):
    """The papers, by the name of their template."""

    NARROW = "slip"
    LARGE = "slip_large"
    MANDATE = "mandate"


class DocumentState(models.TextChoices):
    """Where the PDF of a document stands."""

    PENDING = "pending", "生成中"
    READY = "ready", "已生成"
    FAILED = "failed", "生成失败"


# 绍越交运 受 字〔2026〕1号
NUMBER_WORDS: Final[dict[str, str]] = {
    DocumentKind.RECEIPT: "收",
    DocumentKind.ACCEPTANCE: "受",
    DocumentKind.SUPPLEMENT_NOTICE: "补",
    DocumentKind.NON_ACCEPTANCE: "不受",
    DocumentKind.TERMINATION: "终",
    DocumentKind.DECISION_GRANT: "许",
    DocumentKind.DECISION_REFUSE: "不许",
    DocumentKind.DELIVERY_RECEIPT: "送",
    DocumentKind.CERTIFICATE: "证",
    DocumentKind.INSPECTION: "核",
    DocumentKind.SPECIAL_NOTICE: "特",
    DocumentKind.EXTENSION_NOTICE: "延",
    DocumentKind.TOLERANCE_PROMISE: "容",
    DocumentKind.WITHDRAWAL: "撤回",
    DocumentKind.HEARING_NOTICE: "听",
    DocumentKind.REVOCATION: "撤",
    DocumentKind.RETURN_NOTICE: "退",
    DocumentKind.PAYMENT_NOTICE: "缴",
    DocumentKind.COLLECTION_SLIP: "领",
    DocumentKind.RECOVERY_NOTICE: "追",
}
# A no must say why, and where one may turn (行政许可法 art. 38, 行政复议法).
REFUSALS: Final = frozenset(
    {DocumentKind.NON_ACCEPTANCE, DocumentKind.DECISION_REFUSE, DocumentKind.REVOCATION}
)
