"""The one table of moves a case may make (domain.md §2.3-2.4), those included that the law leaves unsaid.

Each row says where a move begins, who makes it, under which condition, where it leads, which clocks it moves and
which document it leaves behind. docs/flows/case-turns.md is printed from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from yueban.cases import guards
from yueban.cases.choices import CaseEvent, CaseState
from yueban.cases.models import Case
from yueban.clocks.choices import ClockKind
from yueban.documents.choices import DocumentKind


class By(StrEnum):
    """Who may make a move."""

    APPLICANT = "applicant"
    APPLICANT_OR_CLERK = "applicant_or_clerk"
    CLERK = "clerk"
    INTAKE = "intake"
    HANDLER = "handler"
    AGENCY = "agency"
    DECIDER = "decider"
    SUPERVISOR = "supervisor"
    TASK_HOLDER = "task_holder"
    SYSTEM = "system"


BY_WORDS: dict[By, str] = {
    By.APPLICANT: "申请人",
    By.APPLICANT_OR_CLERK: "申请人，或窗口代为登记",
    By.CLERK: "窗口",
    By.INTAKE: "窗口、代办员",
    By.HANDLER: "窗口、审查人员、决定人",
    By.AGENCY: "审查人员、决定人",
    By.DECIDER: "决定人",
    By.SUPERVISOR: "监督人员",
    By.TASK_HOLDER: "承办环节的人员",
    By.SYSTEM: "系统",
}


class Target(StrEnum):
    """Where a move leads that does not always lead to the same state."""

    STAYS = "stays"
    BACK = "back"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One row of the table; `stamps` is the time of the case that the move sets."""

    event: CaseEvent
    begins: frozenset[CaseState]
    to: CaseState | Target
    by: By
    reason: str
    guard: Callable[[Case], None] | None = None
    starts: tuple[ClockKind, ...] = ()
    meets: tuple[ClockKind, ...] = ()
    pauses: tuple[ClockKind, ...] = ()
    resumes: tuple[ClockKind, ...] = ()
    extends: tuple[ClockKind, ...] = ()
    stamps: str = ""
    document: DocumentKind | None = None

    def target(self, case: Case) -> CaseState:
        """The state that this case has afterwards."""
        match self.to:
            case Target.STAYS:
                return CaseState(case.state)
            case Target.BACK:
                return CaseState(case.resumes_to)
        return CaseState(self.to)


def _edge(
    event: CaseEvent,
    begins: set[CaseState],
    to: CaseState | Target,
    by: By,
    reason: str,
    **effects: object,
) -> Edge:
    return Edge(event=event, begins=frozenset(begins), to=to, by=by, reason=reason, **effects)  # type: ignore[arg-type]


S, E, K, D = CaseState, CaseEvent, ClockKind, DocumentKind
HANDLING = (K.PROMISE, K.STATUTORY)
# Accepted and not yet decided.
UNDER_WAY = {S.ACCEPTED, S.TOLERATED, S.REVIEWING, S.DECIDING}

INTAKE_TURNS = (
    _edge(
        E.RECEIVE,
        {S.APPLIED},
        S.RECEIVED,
        By.INTAKE,
        "收件不等于受理；五日告知期自材料进入平台之日起算（行政许可法第三十二条）",
        meets=(K.RECEIVE,),
        starts=(K.NOTICE,),
        stamps="received_at",
        document=D.RECEIPT,
    ),
    _edge(
        E.REQUEST_SUPPLEMENT,
        {S.RECEIVED},
        S.SUPPLEMENTING,
        By.CLERK,
        "一次告知全部需要补正的内容（行政许可法第三十二条第一款第四项）",
        guard=guards.may_ask_supplement,
        meets=(K.NOTICE,),
        starts=(K.SUPPLEMENT,),
        document=D.SUPPLEMENT_NOTICE,
    ),
    _edge(
        E.ASK_AGAIN,
        {S.RECEIVED},
        Target.STAYS,
        By.SUPERVISOR,
        "已经告知过的，须由监督人员写明理由才能再告知一次，并计入监察规则R04",
        guard=guards.may_be_asked_again,
    ),
    _edge(
        E.SUPPLY,
        {S.SUPPLEMENTING},
        S.RECEIVED,
        By.APPLICANT,
        "只核对要求补正的内容",
        meets=(K.SUPPLEMENT,),
        starts=(K.NOTICE,),
    ),
    _edge(
        E.LAPSE,
        {S.SUPPLEMENTING},
        S.TERMINATED,
        By.SYSTEM,
        "补正期限届满未补正，终止办理；可以重新申请",
        document=D.TERMINATION,
    ),
    _edge(
        E.REFUSE_ACCEPTANCE,
        {S.RECEIVED},
        S.NOT_ACCEPTED,
        By.CLERK,
        "不属于许可事项或不属于本机关职权（行政许可法第三十二条第一款第一、二项）",
        meets=(K.NOTICE,),
        document=D.NON_ACCEPTANCE,
    ),
    _edge(
        E.RETURN,
        {S.APPLIED, S.RECEIVED},
        S.RETURNED,
        By.CLERK,
        "重复提交或渠道不对，没有受理，可以重新申请",
        meets=(K.RECEIVE, K.NOTICE),
        document=D.RETURN_NOTICE,
    ),
)

ACCEPTANCE_TURNS = (
    _edge(
        E.ACCEPT,
        {S.RECEIVED},
        S.ACCEPTED,
        By.CLERK,
        "材料齐全、符合法定形式，出具加盖专用印章、注明日期的书面凭证（行政许可法第三十二条第二款）",
        guard=guards.has_its_materials,
        meets=(K.NOTICE,),
        starts=HANDLING,
        stamps="accepted_at",
        document=D.ACCEPTANCE,
    ),
    _edge(
        E.ACCEPT_TOLERANT,
        {S.RECEIVED},
        S.TOLERATED,
        By.CLERK,
        "主要材料齐全、次要材料可以后补的，申请人书面承诺补交期限后先予受理",
        guard=guards.owes_something,
        meets=(K.NOTICE,),
        starts=(*HANDLING, K.OWED),
        stamps="accepted_at",
        document=D.TOLERANCE_PROMISE,
    ),
    _edge(
        E.DEEM_ACCEPTED,
        {S.APPLIED, S.RECEIVED},
        S.ACCEPTED,
        By.SYSTEM,
        "逾期不告知的，自收到申请材料之日起即为受理（行政许可法第三十二条第一款第四项）",
        guard=guards.is_deemed_by_law,
        meets=(K.RECEIVE, K.NOTICE),
        starts=HANDLING,
        stamps="accepted_at",
        document=D.ACCEPTANCE,
    ),
    _edge(
        E.SUPPLY_OWED,
        {S.TOLERATED},
        S.ACCEPTED,
        By.APPLICANT_OR_CLERK,
        "容缺材料在承诺期限内补齐",
        meets=(K.OWED,),
    ),
    _edge(
        E.SUPPLY_OWED,
        {S.SUSPENDED},
        Target.STAYS,
        By.APPLICANT_OR_CLERK,
        "特别程序期间补齐容缺材料，程序结束后按已受理继续",
        guard=guards.owes_something,
        meets=(K.OWED,),
    ),
    _edge(
        E.OWED_LAPSED,
        {S.TOLERATED, S.SUSPENDED},
        S.TERMINATED,
        By.SYSTEM,
        "承诺的期限届满没有补交容缺材料，终止办理；可以重新申请",
        document=D.TERMINATION,
    ),
)

REVIEW_TURNS = (
    _edge(E.BEGIN_REVIEW, {S.ACCEPTED}, S.REVIEWING, By.TASK_HOLDER, "第一位审查或协查人员开始办理"),
    _edge(
        E.SUSPEND,
        UNDER_WAY,
        S.SUSPENDED,
        By.AGENCY,
        "听证、检验、检测、检疫、鉴定、专家评审等所需时间不计入期限，书面告知申请人（行政许可法第四十五条）",
        guard=guards.may_suspend,
        pauses=HANDLING,
        starts=(K.SPECIAL,),
        document=D.SPECIAL_NOTICE,
    ),
    _edge(
        E.RESUME,
        {S.SUSPENDED},
        Target.BACK,
        By.AGENCY,
        "写明结果和意见，期限接着计算",
        meets=(K.SPECIAL,),
        resumes=HANDLING,
    ),
    _edge(
        E.EXTEND,
        UNDER_WAY,
        Target.STAYS,
        By.DECIDER,
        "经本机关负责人批准延长一次，理由告知申请人（行政许可法第四十二条）",
        guard=guards.may_extend,
        extends=HANDLING,
        document=D.EXTENSION_NOTICE,
    ),
    _edge(
        E.TELL_HEARING,
        {S.ACCEPTED, S.REVIEWING, S.DECIDING},
        Target.STAYS,
        By.AGENCY,
        "涉及重大利益关系的，决定前告知有权要求听证（行政许可法第四十七条）",
        guard=guards.may_tell_hearing,
        starts=(K.HEARING,),
        document=D.HEARING_NOTICE,
    ),
    _edge(
        E.ASK_HEARING,
        {S.ACCEPTED, S.REVIEWING, S.DECIDING},
        S.SUSPENDED,
        By.APPLICANT_OR_CLERK,
        "被告知之日起五日内申请，机关二十日内组织；听证时间不计入期限（行政许可法第四十五、四十七条）",
        guard=guards.may_ask_hearing,
        meets=(K.HEARING,),
        pauses=HANDLING,
        starts=(K.SPECIAL,),
        document=D.SPECIAL_NOTICE,
    ),
    _edge(
        E.WAIVE_HEARING,
        {S.ACCEPTED, S.REVIEWING, S.DECIDING},
        Target.STAYS,
        By.SYSTEM,
        "五日内没有申请听证，接着办理",
        meets=(K.HEARING,),
    ),
    _edge(
        E.APPOINT_HEARING,
        {S.SUSPENDED},
        Target.STAYS,
        By.AGENCY,
        "举行听证的七日前通知时间、地点（行政许可法第四十八条第一款第一项）",
        guard=guards.hears,
        document=D.HEARING_NOTICE,
    ),
    _edge(E.SEND_TO_DECISION, {S.ACCEPTED, S.REVIEWING}, S.DECIDING, By.TASK_HOLDER, "审查和协查全部完成"),
    _edge(E.SEND_BACK, {S.DECIDING}, S.REVIEWING, By.TASK_HOLDER, "有环节要重新办理，其他环节的意见保留"),
)

DECISION_TURNS = (
    _edge(
        E.GRANT,
        {S.DECIDING},
        S.GRANTED,
        By.DECIDER,
        "作出准予的书面决定（行政许可法第三十八条），许可十日内颁发证件（第四十四条）",
        meets=HANDLING,
        starts=(K.DELIVERY,),
        stamps="decided_at",
        document=D.DECISION_GRANT,
    ),
    _edge(
        E.REFUSE,
        {S.DECIDING},
        S.REFUSED,
        By.DECIDER,
        "说明理由并告知复议、诉讼或者申诉的途径（行政许可法第三十八条）",
        meets=HANDLING,
        starts=(K.DELIVERY,),
        stamps="decided_at",
        document=D.DECISION_REFUSE,
    ),
    _edge(E.CERTIFY, {S.GRANTED}, S.READY, By.SYSTEM, "证照已生成", document=D.CERTIFICATE),
    _edge(
        E.DELIVER,
        {S.READY, S.REFUSED, S.GRANTED},
        S.DELIVERED,
        By.INTAKE,
        "记录方式、时间和凭证，出具送达回证",
        meets=(K.DELIVERY,),
        stamps="delivered_at",
        document=D.DELIVERY_RECEIPT,
    ),
)

RELAY_TURNS = (
    _edge(
        E.RELAY,
        {S.ACCEPTED},
        S.RELAYED,
        By.CLERK,
        "事项在省级或国家级系统里办理：窗口填报一次，记回编号",
    ),
    _edge(
        E.CLOSE_RELAYED,
        {S.RELAYED},
        S.CLOSED_ELSEWHERE,
        By.CLERK,
        "按运行系统给出的结果转报办结；本平台不作决定",
        meets=HANDLING,
    ),
)

ENDING_TURNS = (
    _edge(
        E.WITHDRAW,
        {
            S.APPLIED,
            S.RECEIVED,
            S.SUPPLEMENTING,
            S.ACCEPTED,
            S.TOLERATED,
            S.REVIEWING,
            S.SUSPENDED,
            S.RELAYED,
        },
        S.WITHDRAWN,
        By.APPLICANT,
        "送决定前申请人可以撤回，出具撤回确认书",
        document=D.WITHDRAWAL,
    ),
    _edge(
        E.TERMINATE,
        {S.RECEIVED, S.SUPPLEMENTING, *UNDER_WAY, S.SUSPENDED, S.RELAYED},
        S.TERMINATED,
        By.HANDLER,
        "申请人死亡、终止等，办理已无对象或不能继续",
        document=D.TERMINATION,
    ),
    _edge(
        E.REVOKE,
        {S.GRANTED, S.READY, S.DELIVERED},
        S.REVOKED,
        By.DECIDER,
        "依法撤销或者注销已经准予的结果（行政许可法第六十九、七十条），证照同时失效",
        guard=guards.was_granted,
        stamps="revoked_at",
        document=D.REVOCATION,
    ),
)

BUNDLE_TURNS = (
    _edge(
        E.ACCEPT_IN_BUNDLE,
        {S.APPLIED},
        S.ACCEPTED,
        By.SYSTEM,
        "一件事已一次收件、受理；要等前一项结果的事项，在前一项办成时受理，承诺时限从此时起算",
        guard=guards.has_its_materials,
        meets=(K.RECEIVE, K.NOTICE),
        starts=HANDLING,
        stamps="accepted_at",
        document=D.ACCEPTANCE,
    ),
    _edge(
        E.STOP_WITH_BUNDLE,
        {S.APPLIED, S.RECEIVED, S.SUPPLEMENTING, *UNDER_WAY, S.SUSPENDED},
        S.TERMINATED,
        By.SYSTEM,
        "一件事规定某一项没有办成则整件不办的，其余还没有决定的事项终止办理；可以重新申请",
        document=D.TERMINATION,
    ),
)

EDGES: tuple[Edge, ...] = (
    *INTAKE_TURNS,
    *ACCEPTANCE_TURNS,
    *REVIEW_TURNS,
    *DECISION_TURNS,
    *RELAY_TURNS,
    *ENDING_TURNS,
    *BUNDLE_TURNS,
)
_BY_START = {(state, edge.event): edge for edge in EDGES for state in edge.begins}


def find_edge(state: str, event: str) -> Edge | None:
    """The edge that begins at this state with this event."""
    return _BY_START.get((CaseState(state), CaseEvent(event)))
