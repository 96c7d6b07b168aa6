"""The core that makes the moves of turns.py, for one case or a thousand in the same few statements.

A move locks nothing by itself: the flow has locked the cases. It changes the state and what goes with it, starts
and ends clocks and appends the events in the caller's transaction. Tasks and messages belong to the flow that
knows the story.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from yueban.audit import services as audit
from yueban.cases.choices import ENDED, CaseEvent, CaseState
from yueban.cases.errors import CaseMoveNotAllowed, CaseMoveNotPossible
from yueban.cases.limits import LegalLimit, extension_of, find_limit
from yueban.cases.models import Case
from yueban.cases.turns import EDGES as EDGES
from yueban.cases.turns import By as By
from yueban.cases.turns import Edge as Edge
from yueban.cases.turns import find_edge as find_edge
from yueban.cases.writing import write_told
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.clocks.models import Clock
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.kernel.writes import Write
from yueban.ratings import services as ratings

Moved = Sequence[tuple[Case, Edge]]


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


def check_move(case: Case, event: CaseEvent, actor: Actor) -> None:
    """Refuse, without moving anything, what this actor could not do from where the case stands."""
    check_actor(case, check_edge(case, event), actor)


def check_works_for_agency(case: Case, actor: Actor) -> None:
    """Refuse who neither reviews nor decides for the agency that has the case."""
    if not works_for_agency(case, actor):
        raise CaseMoveNotAllowed("您不是承办单位的审查人员或决定人。", hint="请由承办单位的人员办理。")


def works_for_agency(case: Case, actor: Actor) -> bool:
    """Whether he reviews or decides for the agency that has the case."""
    return _reviews(case, actor) or _decides(case, actor)


def check_takes_in(case: Case, actor: Actor) -> None:
    """Refuse who is not of the window that took the case in."""
    if not _is_clerk(case, actor):
        raise CaseMoveNotAllowed("您不是收件窗口的人员。", hint="请由收件的窗口登记。")


def _may(case: Case, by: By, actor: Actor) -> bool:
    return any(holds(case, actor) for holds in MAY[by])


def _applies(case: Case, actor: Actor) -> bool:
    return actor.held(case.party_id, case.item_version.item.key) is not None


def _is_clerk(case: Case, actor: Actor) -> bool:
    return _at_intake(case, actor, {roles.CLERK})


def _takes_in(case: Case, actor: Actor) -> bool:
    return _at_intake(case, actor, {roles.CLERK, roles.HELPER})


def _at_intake(case: Case, actor: Actor, wanted: Collection[str]) -> bool:
    """Whether the actor holds such a post where the case was handed in: the agency and its division."""
    return any(
        post.role in wanted
        and post.covers(case.intake_agency.code)
        and divisions.is_within(case.intake_division, post.division)
        for post in actor.posts
    )


def _reviews(case: Case, actor: Actor) -> bool:
    return actor.has_role(roles.REVIEWER, case.agency.code)


def _decides(case: Case, actor: Actor) -> bool:
    return actor.has_role(roles.DECIDER, case.agency.code)


def _supervises(case: Case, actor: Actor) -> bool:
    """Whether a supervisor's post reaches the agency that decides, or the one that took the case in."""
    places = (
        (case.agency.code, case.division_code),
        (case.intake_agency.code, case.intake_division),
    )
    return any(
        post.role == roles.SUPERVISOR and post.covers(agency) and divisions.is_within(division, post.division)
        for post in actor.posts
        for agency, division in places
    )


def _is_at_work(_case: Case, actor: Actor) -> bool:
    return actor.is_staff or actor.channel == "system"


def _is_anybody(_case: Case, _actor: Actor) -> bool:
    return True


MAY: Mapping[By, tuple[Callable[[Case, Actor], bool], ...]] = {
    By.APPLICANT: (_applies,),
    By.APPLICANT_OR_CLERK: (_applies, _is_clerk),
    By.CLERK: (_is_clerk,),
    By.INTAKE: (_takes_in,),
    By.HANDLER: (_reviews, _decides, _is_clerk),
    By.AGENCY: (_reviews, _decides),
    By.DECIDER: (_decides,),
    By.SUPERVISOR: (_supervises,),
    By.TASK_HOLDER: (_is_at_work,),
    By.SYSTEM: (_is_anybody,),
}


def transition_many(
    cases: Sequence[Case],
    event: CaseEvent,
    *,
    actor: Actor,
    data: dict[str, object],
    since: Mapping[str, datetime] | None = None,
    limits: Mapping[ClockKind, LegalLimit] | None = None,
) -> None:
    """Move locked cases by one event: state, clocks and chained events in the caller's transaction.

    `since` says by number when it happened where the law counts from an earlier moment than now; `limits` are
    those that only this move knows, such as the planned days of a special procedure. What the flow has set on
    the cases (WRITTEN) is written with the state. Raises CaseMoveNotPossible or CaseMoveNotAllowed before
    anything is written.
    """
    if not cases:
        return
    moved = [(case, check_edge(case, event)) for case in cases]
    for case, edge in moved:
        check_actor(case, edge, actor)
        if edge.guard is not None:
            edge.guard(case)
    happened = since or {}
    started = _started(moved, happened, limits or {})
    ending = [case for case, edge in moved if edge.target(case) in ENDED and case.state not in ENDED]
    changes = [_apply(case, edge, data, happened.get(case.number)) for case, edge in moved]
    for case in cases:
        due = next(
            (row.due_on for row in started.get(case.number, []) if row.kind == ClockKind.PROMISE), None
        )
        case.promised_on = due or case.promised_on
    rows = [row for found in started.values() for row in found]
    writes = _end_clocks(moved, ending, {row.kind for row in rows})
    if rows:
        writes.append(clocks.started(rows))
    if ending:
        writes.append(ratings.opened([_rateable(case) for case in ending]))
    write_told(cases, changes, *writes, actor=actor)


def _apply(case: Case, edge: Edge, data: Mapping[str, object], happened: datetime | None) -> audit.NewEvent:
    """Set what the move changes on the case; the event that tells it."""
    now, target = clock.now(), edge.target(case)
    told = {**data, "from": str(case.state), "to": str(target)}
    if target == CaseState.SUSPENDED and case.state != CaseState.SUSPENDED:
        case.resumes_to = case.state
    elif target != CaseState.SUSPENDED:
        case.resumes_to = ""
    if target != case.state:
        case.state, case.state_since = target, now
    case.revision += 1
    if edge.stamps:
        setattr(case, edge.stamps, happened or now)
    if target in ENDED and case.ended_at is None:
        case.ended_at = now
    return audit.NewEvent(reference_of(case), str(edge.event), told, case.division_code)


def _started(
    moved: Moved, happened: Mapping[str, datetime], limits: Mapping[ClockKind, LegalLimit]
) -> dict[str, list[Clock]]:
    """The clocks that begin, by number, with their last days."""
    news = []
    for case, edge in moved:
        moment = happened.get(case.number)
        for kind in edge.starts:
            limit = limits.get(kind) or find_limit(case, kind)
            if limit is not None:
                news.append(
                    clocks.NewClock(
                        reference=reference_of(case),
                        kind=kind,
                        limit=limit.limit,
                        basis=limit.basis,
                        division=case.division_code,
                        started_on=moment.astimezone(clock.BEIJING).date() if moment else None,
                    )
                )
    found: dict[str, list[Clock]] = {}
    edition = next((case.locked_with.edition for case, _ in moved if case.locked_with), None)
    for row in clocks.made_clocks(news, edition=edition):
        found.setdefault(row.reference_number, []).append(row)
    return found


def _end_clocks(moved: Moved, ending: Sequence[Case], starts: Collection[str]) -> list[Write]:
    """Clocks that stand still, count on or are over; what ends them is written with the move where it can be."""
    by_edge: dict[Edge, list[str]] = {}
    for case, edge in moved:
        by_edge.setdefault(edge, []).append(case.number)
        if edge.extends:
            _extend(case, edge)
    for edge, numbers in by_edge.items():
        if edge.pauses:
            clocks.pause_many("case", numbers, edge.pauses)
        if edge.resumes:
            _keep_promised(moved, clocks.resume_many("case", numbers, edge.resumes))
    met = {kind for edge in by_edge for kind in edge.meets}
    is_plain = len(by_edge) == 1 and len(ending) in (0, len(moved))
    # A clock of a kind that begins anew must be over before, and not in the same moment.
    if is_plain and not (met & set(starts) or (ending and starts)):
        numbers = [case.number for case, _ in moved]
        return [clocks.ended("case", numbers, met, for_good=bool(ending))] if met or ending else []
    for edge, numbers in by_edge.items():
        if edge.meets:
            clocks.meet_many("case", numbers, edge.meets)
    if ending:
        clocks.void_many("case", [case.number for case in ending])
    return []


def _keep_promised(moved: Moved, rows: Sequence[Clock]) -> None:
    """The promised day on the case follows its clock."""
    due = {row.reference_number: row.due_on for row in rows if row.kind == ClockKind.PROMISE}
    for case, _ in moved:
        case.promised_on = due.get(case.number, case.promised_on)


def _extend(case: Case, edge: Edge) -> None:
    """Make the running limits longer by the one extension that the law or the item gives."""
    extension = extension_of(case)
    assert extension is not None  # the guard of the move has looked
    rows = clocks.extend_clocks(reference=reference_of(case), kinds=edge.extends, days=extension.limit.amount)
    _keep_promised([(case, edge)], rows)
    case.extended_on = clock.today()


def _rateable(case: Case) -> ratings.NewService:
    """However a case ends, its service may be rated once: that of the agency that had it."""
    agency_id = case.agency_id if case.accepted_at else case.intake_agency_id
    return ratings.NewService(
        reference=reference_of(case),
        item_key=case.item_version.item.key,
        item_name=case.item_name,
        agency_id=agency_id,
        division_code=case.division_code,
        party_id=case.party_id,
        is_offline=case.assisted_by_id is not None,
    )


def reference_of(case: Case) -> Reference:
    """How lower layers know this case."""
    return Reference("case", case.number)
