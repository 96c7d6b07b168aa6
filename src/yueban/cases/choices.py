"""States of a case, the events that move it, and words for both (domain.md §2.3)."""

from django.db import models


class CaseState(models.TextChoices):
    """Where a case stands; the two-digit codes of the domain are in STATE_CODES."""

    APPLIED = "applied", "已申请，待收件"
    RECEIVED = "received", "已收件，待受理"
    SUPPLEMENTING = "supplementing", "待补正"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    RETURNED = "returned", "已退件"
    ACCEPTED = "accepted", "已受理"
    REVIEWING = "reviewing", "审查中"
    DECIDING = "deciding", "决定中"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "未准予"
    READY = "ready", "待领取"
    DELIVERED = "delivered", "已送达"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "终止办理"


STATE_CODES: dict[str, str] = {
    CaseState.APPLIED: "10",
    CaseState.RECEIVED: "11",
    CaseState.SUPPLEMENTING: "12",
    CaseState.NOT_ACCEPTED: "13",
    CaseState.RETURNED: "14",
    CaseState.ACCEPTED: "20",
    CaseState.REVIEWING: "30",
    CaseState.DECIDING: "40",
    CaseState.GRANTED: "50",
    CaseState.REFUSED: "51",
    CaseState.READY: "60",
    CaseState.DELIVERED: "61",
    CaseState.WITHDRAWN: "70",
    CaseState.TERMINATED: "71",
}

ENDED = frozenset(
    {
        CaseState.NOT_ACCEPTED,
        CaseState.RETURNED,
        CaseState.DELIVERED,
        CaseState.WITHDRAWN,
        CaseState.TERMINATED,
    }
)


class CaseEvent(models.TextChoices):
    """What can happen to a case."""

    SUBMIT = "submit", "提交申请"
    RECEIVE = "receive", "收件"
    REQUEST_SUPPLEMENT = "request_supplement", "告知补正"
    SUPPLY = "supply", "提交补正"
    ACCEPT = "accept", "受理"
    DEEM_ACCEPTED = "deem_accepted", "视为受理"
    REFUSE_ACCEPTANCE = "refuse_acceptance", "不予受理"
    RETURN = "return", "退件"
    BEGIN_REVIEW = "begin_review", "开始审查"
    SEND_TO_DECISION = "send_to_decision", "送决定"
    GRANT = "grant", "准予"
    REFUSE = "refuse", "不予"
    CERTIFY = "certify", "制证"
    DELIVER = "deliver", "送达"
    WITHDRAW = "withdraw", "撤回申请"
    LAPSE = "lapse", "逾期未补正"
    TERMINATE = "terminate", "终止办理"


class MaterialState(models.TextChoices):
    """Where one material of a case stands."""

    PENDING = "pending", "待核查"
    PROVIDED = "provided", "已提交"
    SATISFIED = "satisfied", "已满足"
    ASKED = "asked", "请补正"


class ApplicationState(models.TextChoices):
    """A draft is saved as the person types; a submitted application has its case."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    DISCARDED = "discarded", "已放弃"
