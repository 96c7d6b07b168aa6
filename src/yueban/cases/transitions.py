"""The one table of moves a case may make (domain.md §2.3-2.4), and the core that makes them.

A move locks nothing by itself: the flow has locked the case. It changes the state, starts and ends clocks and
appends the event in the caller's transaction. Tasks and documents belong to the flow that knows the story.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yueban.audit import services as audit
from yueban.cases.choices import ENDED, CaseEvent, CaseState
from yueban.cases.errors import CaseMoveNotAllowed, CaseMoveNotPossible
from yueban.cases.limits import find_limit
from yueban.cases.models import Case
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.ratings import services as ratings

INTAKE_ROLES = frozenset({roles.CLERK, roles.HELPER})


class By(StrEnum):
    """Who may make a move."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    INTAKE = "intake"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    TASK_HOLDER = "task_holder"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One move: where it begins, who makes it, where it ends, which clocks it moves, and why."""

    event: CaseEvent
    begins: frozenset[CaseState]
    to: CaseState
    by: By
    starts: tuple[ClockKind, ...] = ()
    meets: tuple[ClockKind, ...] = ()
    reason: str


def _edge(
    event: CaseEvent, begins: set[CaseState], to: CaseState, by: By, reason: str, **clock_effects: object
) -> Edge:
    return Edge(event=event, begins=frozenset(begins), to=to, by=by, reason=reason, **clock_effects)  # type: ignore[arg-type]


S, E, K = CaseState, CaseEvent, ClockKind
EDGES: tuple[Edge, ...] = (
    _edge(
        E.RECEIVE,
        {S.APPLIED},
        S.RECEIVED,
        By.INTAKE,
        "收件凭证；5日告知期开始（行政许可法第三十二条）",
        starts=(K.NOTICE,),
    ),
    _edge(
        E.REQUEST_SUPPLEMENT,
        {S.RECEIVED},
        S.SUPPLEMENTING,
        By.CLERK,
        "一次告知全部需要补正的内容（行政许可法第三十二条第四项）",
        meets=(K.NOTICE,),
        starts=(K.SUPPLEMENT,),
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
        E.ACCEPT,
        {S.RECEIVED},
        S.ACCEPTED,
        By.CLERK,
        "材料齐全，出具加盖专用印章的书面凭证",
        meets=(K.NOTICE,),
        starts=(K.PROMISE, K.STATUTORY),
    ),
    _edge(
        E.DEEM_ACCEPTED,
        {S.RECEIVED},
        S.ACCEPTED,
        By.SYSTEM,
        "逾期不告知的，自收到申请材料之日起即为受理（行政许可法第三十二条第四项）",
        meets=(K.NOTICE,),
        starts=(K.PROMISE, K.STATUTORY),
    ),
    _edge(
        E.REFUSE_ACCEPTANCE,
        {S.RECEIVED},
        S.NOT_ACCEPTED,
        By.CLERK,
        "不属于许可事项或不属于本机关职权",
        meets=(K.NOTICE,),
    ),
    _edge(
        E.RETURN,
        {S.APPLIED, S.RECEIVED},
        S.RETURNED,
        By.CLERK,
        "重复提交或渠道不对，可重新申请",
        meets=(K.NOTICE,),
    ),
    _edge(E.BEGIN_REVIEW, {S.ACCEPTED}, S.REVIEWING, By.TASK_HOLDER, "第一位审查或协查人员开始办理"),
    _edge(E.SEND_TO_DECISION, {S.ACCEPTED, S.REVIEWING}, S.DECIDING, By.TASK_HOLDER, "审查和协查全部完成"),
    _edge(E.SEND_BACK, {S.DECIDING}, S.REVIEWING, By.TASK_HOLDER, "有环节要重新办理，其他环节的意见保留"),
    _edge(
        E.GRANT,
        {S.DECIDING},
        S.GRANTED,
        By.DECIDER,
        "作出准予许可的书面决定（第三十八条），十日内颁发证件（第四十四条）",
        meets=(K.PROMISE, K.STATUTORY),
        starts=(K.DELIVERY,),
    ),
    _edge(
        E.REFUSE,
        {S.DECIDING},
        S.REFUSED,
        By.DECIDER,
        "说明理由并告知复议、诉讼权利（第三十八条）",
        meets=(K.PROMISE, K.STATUTORY),
        starts=(K.DELIVERY,),
    ),
    _edge(E.CERTIFY, {S.GRANTED}, S.READY, By.SYSTEM, "证照已生成"),
    _edge(
        E.DELIVER, {S.READY, S.REFUSED, S.GRANTED}, S.DELIVERED, By.INTAKE, "送达回证", meets=(K.DELIVERY,)
    ),
    _edge(
        E.WITHDRAW,
        {S.APPLIED, S.RECEIVED, S.SUPPLEMENTING, S.ACCEPTED, S.REVIEWING},
        S.WITHDRAWN,
        By.APPLICANT,
        "决定前申请人可以撤回",
    ),
    _edge(E.LAPSE, {S.SUPPLEMENTING}, S.TERMINATED, By.SYSTEM, "补正期限届满未补正"),
    _edge(
        E.TERMINATE,
        {S.RECEIVED, S.SUPPLEMENTING, S.ACCEPTED, S.REVIEWING, S.DECIDING},
        S.TERMINATED,
        By.HANDLER,
        "申请人死亡、终止等，办理已无对象或不能继续",
    ),
)
_BY_START = {(state, edge.event): edge for edge in EDGES for state in edge.begins}


def find_edge(state: str, event: str) -> Edge | None:
    """The edge that begins at this state with this event."""
    return _BY_START.get((CaseState(state), CaseEvent(event)))


def check_edge(case: Case, event: str) -> Edge:
    """The edge for this case, or a sentence saying where the case stands instead."""
    edge = find_edge(case.state, event)
    if edge is None:
        raise CaseMoveNotPossible(
            f"这件办件现在是“{CaseState(case.state).label}”，不能再{CaseEvent(event).label}。",
            hint="可能刚刚有人办过，请刷新页面看最新进度。",
            data={"state": case.state, "event": event},
        )
    return edge


def check_actor(case: Case, edge: Edge, actor: Actor) -> None:
    """Refuse a move by somebody without the post for it."""
    if not _may(case, edge.by, actor):
        raise CaseMoveNotAllowed(
            f"您没有“{CaseEvent(edge.event).label}”这件办件的权限。",
            hint="请由承办单位对应岗位的人员办理。",
        )


def _may(case: Case, by: By, actor: Actor) -> bool:
    match by:
        case By.APPLICANT:
            return actor.held(case.party_id, case.item_version.item.key) is not None
        case By.CLERK:
            return _at_intake(case, actor, {roles.CLERK})
        case By.INTAKE:
            return _at_intake(case, actor, INTAKE_ROLES)
        case By.HANDLER:
            decides = any(actor.has_role(role, case.agency.code) for role in (roles.REVIEWER, roles.DECIDER))
            return decides or _at_intake(case, actor, {roles.CLERK})
        case By.REVIEWER:
            return actor.has_role(roles.REVIEWER, case.agency.code)
        case By.DECIDER:
            return actor.has_role(roles.DECIDER, case.agency.code)
        case By.TASK_HOLDER:
            return actor.is_staff or actor.channel == "system"
        case By.SYSTEM:
            return True


def _at_intake(case: Case, actor: Actor, wanted: Collection[str]) -> bool:
    """Whether the actor holds such a post where the case was handed in: the agency and its division."""
    return any(
        post.role in wanted
        and post.covers(case.intake_agency.code)
        and divisions.is_within(case.intake_division, post.division)
        for post in actor.posts
    )


def transition_many(
    cases: Sequence[Case],
    event: CaseEvent,
    *,
    actor: Actor,
    data: dict[str, object],
    clocks_from: date | None = None,
) -> None:
    """Move locked cases by one event: state, clocks and chained events in the caller's transaction.

    `clocks_from` is day 0 of the clocks that start, where the law counts from an earlier day than today.
    Raises CaseMoveNotPossible or CaseMoveNotAllowed before anything is written.
    """
    edges = [check_edge(case, event) for case in cases]
    for case, edge in zip(cases, edges, strict=True):
        check_actor(case, edge, actor)
    now = clock.now()
    changes = []
    for case, edge in zip(cases, edges, strict=True):
        changes.append(
            audit.NewEvent(
                reference_of(case), str(event), {**data, "from": str(case.state), "to": str(edge.to)}
            )
        )
        case.state, case.state_since, case.revision = edge.to, now, case.revision + 1
        if edge.to in ENDED:
            case.ended_at = now
    Case.objects.bulk_update(cases, ["state", "state_since", "revision", "ended_at"])
    audit.record_many(changes, actor=actor)
    for case, edge in zip(cases, edges, strict=True):
        _move_clocks(case, edge, clocks_from)
        if edge.to in ENDED:
            _open_to_rating(case)


def _open_to_rating(case: Case) -> None:
    """However a case ends, its service may be rated once: that of the agency that had it."""
    agency = case.agency if case.accepted_at else case.intake_agency
    ratings.open_service(
        reference=reference_of(case),
        item_key=case.item_version.item.key,
        item_name=case.item_name,
        agency_id=agency.pk,
        division_code=case.division_code,
        party_id=case.party_id,
        is_offline=case.assisted_by_id is not None,
    )


def _move_clocks(case: Case, edge: Edge, day: date | None) -> None:
    reference = reference_of(case)
    if edge.to in ENDED and not edge.meets:
        clocks.void_clocks(reference=reference)
    if edge.meets:
        clocks.meet_clocks(reference=reference, kinds=list(edge.meets))
    for kind in edge.starts:
        limit = find_limit(case, kind)
        if limit is not None:
            clocks.start_clock(
                reference=reference,
                kind=kind,
                limit=limit.limit,
                basis=limit.basis,
                division=case.division_code,
                started_on=day,
            )


def reference_of(case: Case) -> Reference:
    """How lower layers know this case."""
    return Reference("case", case.number)
