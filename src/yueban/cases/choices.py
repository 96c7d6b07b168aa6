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
    TOLERATED = "tolerated", "容缺受理"
    REVIEWING = "reviewing", "审查中"
    SUSPENDED = "suspended", "特别程序中"
    RELAYED = "relayed", "已转到运行系统"
    DECIDING = "deciding", "决定中"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "未准予"
    READY = "ready", "待领取"
    DELIVERED = "delivered", "已送达"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "终止办理"
    REVOKED = "revoked", "已撤销"
    CLOSED_ELSEWHERE = "closed_elsewhere", "转报办结"


STATE_CODES: dict[str, str] = {
    CaseState.APPLIED: "10",
    CaseState.RECEIVED: "11",
    CaseState.SUPPLEMENTING: "12",
    CaseState.NOT_ACCEPTED: "13",
    CaseState.RETURNED: "14",
    CaseState.ACCEPTED: "20",
    CaseState.TOLERATED: "21",
    CaseState.REVIEWING: "30",
    CaseState.SUSPENDED: "31",
    CaseState.RELAYED: "32",
    CaseState.DECIDING: "40",
    CaseState.GRANTED: "50",
    CaseState.REFUSED: "51",
    CaseState.READY: "60",
    CaseState.DELIVERED: "61",
    CaseState.WITHDRAWN: "70",
    CaseState.TERMINATED: "71",
    CaseState.REVOKED: "80",
    CaseState.CLOSED_ELSEWHERE: "52",
}

ENDED = frozenset(
    {
        CaseState.NOT_ACCEPTED,
        CaseState.RETURNED,
        CaseState.DELIVERED,
        CaseState.WITHDRAWN,
        CaseState.TERMINATED,
        CaseState.REVOKED,
        CaseState.CLOSED_ELSEWHERE,
    }
)
# The decision has been made: from here nobody withdraws, and only a revocation undoes it.
DECIDED = frozenset({CaseState.GRANTED, CaseState.REFUSED, CaseState.READY, CaseState.DELIVERED})


class CaseEvent(models.TextChoices):
    """What can happen to a case."""

    SUBMIT = "submit", "提交申请"
    RECEIVE = "receive", "收件"
    REQUEST_SUPPLEMENT = "request_supplement", "告知补正"
    ASK_AGAIN = "ask_again", "允许再次补正"
    SUPPLY = "supply", "提交补正"
    ACCEPT = "accept", "受理"
    ACCEPT_TOLERANT = "accept_tolerant", "容缺受理"
    SUPPLY_OWED = "supply_owed", "补交容缺材料"
    OWED_LAPSED = "owed_lapsed", "容缺逾期"
    DEEM_ACCEPTED = "deem_accepted", "视为受理"
    REFUSE_ACCEPTANCE = "refuse_acceptance", "不予受理"
    RETURN = "return", "退件"
    BEGIN_REVIEW = "begin_review", "开始审查"
    SUSPEND = "suspend", "开始特别程序"
    RESUME = "resume", "结束特别程序"
    EXTEND = "extend", "延长期限"
    TELL_HEARING = "tell_hearing", "告知听证权利"
    ASK_HEARING = "ask_hearing", "申请听证"
    APPOINT_HEARING = "appoint_hearing", "通知听证时间地点"
    WAIVE_HEARING = "waive_hearing", "未申请听证"
    SEND_TO_DECISION = "send_to_decision", "送决定"
    SEND_BACK = "send_back", "退回重办"
    GRANT = "grant", "准予"
    REFUSE = "refuse", "不予"
    CERTIFY = "certify", "制证"
    DELIVER = "deliver", "送达"
    WITHDRAW = "withdraw", "撤回申请"
    LAPSE = "lapse", "逾期未补正"
    TERMINATE = "terminate", "终止办理"
    REVOKE = "revoke", "撤销"
    RELAY = "relay", "转到运行系统"
    CLOSE_RELAYED = "close_relayed", "转报办结"
    ACCEPT_IN_BUNDLE = "accept_in_bundle", "随一件事受理"
    STOP_WITH_BUNDLE = "stop_with_bundle", "随一件事终止"


class RelayOutcome(models.TextChoices):
    """What a running system says of a case; only it decides."""

    PENDING = "pending", "办理中"
    GRANTED = "granted", "已办成"
    REFUSED = "refused", "未办成"
    RETURNED = "returned", "被退回"


class MaterialState(models.TextChoices):
    """Where one material of a case stands."""

    PENDING = "pending", "待核查"
    PROVIDED = "provided", "已提交"
    SATISFIED = "satisfied", "已满足"
    ASKED = "asked", "请补正"
    OWED = "owed", "容缺后补"
    UNPROVED = "unproved", "没有核到"


class ApplicationState(models.TextChoices):
    """A draft is saved as the person types; a submitted application has its case."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    DISCARDED = "discarded", "已放弃"


class SpecialKind(models.TextChoices):
    """特别程序类型 (GB/T 39046 A.7): time that is added, or time that is not counted."""

    EXTENSION = "1", "延长审批"
    OTHER = "2", "听证、检验、鉴定、专家评审等"


class SpecialState(models.TextChoices):
    """Where a special procedure stands; only an extension is asked for before it begins."""

    ASKED = "asked", "待批准"
    RUNNING = "running", "进行中"
    ENDED = "ended", "已结束"
    REFUSED = "refused", "未批准"
    STOPPED = "stopped", "随办件结束"


class RevocationKind(models.TextChoices):
    """Why a granted result ends later; the words the certificate's status has too."""

    ANNULLED = "annulled", "撤销"
    CANCELLED = "cancelled", "注销"


class ExportState(models.TextChoices):
    """Where a file that the worker writes stands."""

    WAITING = "waiting", "等待生成"
    RUNNING = "running", "正在生成"
    DONE = "done", "已生成"
    FAILED = "failed", "没有生成成功"


class BundleState(models.TextChoices):
    """Where a 一件事 stands; it follows from its children, nobody decides it."""

    OPEN = "open", "办理中"
    PART_DONE = "part_done", "部分办结"
    DONE = "done", "全部办结"
    WITHDRAWN = "withdrawn", "已撤回"
    REFUSED = "refused", "未办成"


class ChildState(models.TextChoices):
    """Where one child of a 一件事 stands: before its case, with it, after its decision, or never begun."""

    WAITING = "waiting", "等前一项办好"
    STARTED = "started", "办理中"
    ENDED = "ended", "已有结果"
    NOT_STARTED = "not_started", "没有开始"


class ChildOutcome(models.TextChoices):
    """What came of a child."""

    GRANTED = "granted", "已办成"
    REFUSED = "refused", "未准予"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    RETURNED = "returned", "已退件"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"
    REVOKED = "revoked", "已撤销"
    BLOCKED = "blocked", "没有开始"
