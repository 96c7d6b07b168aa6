"""What a case's page says: what happens next in one sentence, and what happened so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import Task
from yueban.audit import selectors as audit
from yueban.audit.models import Event
from yueban.cases import holding
from yueban.cases.choices import CaseEvent, CaseState
from yueban.cases.models import Case
from yueban.cases.outcome_words import outcome_words
from yueban.cases.records import decision_title
from yueban.cases.transitions import EDGES, By, reference_of
from yueban.cases.unproved import unproved_among
from yueban.certificates import selectors as certificates
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.clocks.models import Clock
from yueban.kernel import clock

# Where a certificate, if the item gives one, has been made.
WITH_RESULT = frozenset({CaseState.READY, CaseState.DELIVERED})
HELD = "held"
# Where what a department did not confirm may wait for its owner.
UNDER_WAY = frozenset({CaseState.ACCEPTED, CaseState.TOLERATED, CaseState.REVIEWING, CaseState.DECIDING})
# How a case ended in one sentence, and what its page then offers.
ENDINGS: dict[str, tuple[str, str]] = {
    CaseState.NOT_ACCEPTED: ("不予受理，理由和救济途径见不予受理通知书。", "notice"),
    CaseState.RETURNED: ("申请已退回，理由见办理经过。还要办的，可以重新申请。", "again"),
    CaseState.DELIVERED: ("已办结，办理结果已送达。", "decision"),
    CaseState.WITHDRAWN: ("申请已经撤回，这件办件已结束。还要办的，可以重新申请。", "again"),
    CaseState.TERMINATED: ("没有在期限内补齐材料，办理已终止。材料备齐后，可以重新申请。", "again"),
    CaseState.CLOSED_ELSEWHERE: ("已由运行系统办结，结果见办理经过。", ""),
    CaseState.REVOKED: ("准予的结果已经撤销，理由和救济途径见撤销决定书。", "revocation"),
}


@dataclass(frozen=True)
class TimelineEntry:
    """One line of what happened: when, what, who, and the words that go with it."""

    at: datetime
    title: str
    by: str
    text: str
    kind: str


@dataclass(frozen=True)
class NextStep:
    """What happens next, who acts and by when; `action` is what the applicant himself must do, or empty."""

    sentence: str
    who: str
    due_on: date | None
    action: str


TITLES: dict[str, str] = {str(event): str(CaseEvent(event).label) for event in CaseEvent} | {
    "task_done": "完成核查",
    "unmask": "查看完整号码",
    "oversee": "督办",
    "oversee_answered": "督办反馈",
    "oversee_closed": "督办销号",
    "notice_published": "开始公示",
    "notice_ended": "公示结束",
    "objection_made": "收到异议",
    "handed_on": "转办",
    "step_returned": "退回环节",
    "opinion_taken_back": "收回意见",
    "countersign_asked": "发起会签",
    "countersign_dropped": "撤回会签",
    "inspected": "现场核查",
    "document_printed": "在自助终端打印文书",
    "clock_missed": "期限已过",
    "extension_asked": "申请延长期限",
    "extension_refused": "不批准延长",
    "check_not_confirmed": "有材料没有核到",
    "proved_otherwise": "改用其他方式证明",
    "records_unanswered": "有部门到期未答复",
    "promise_kept": "承诺核查属实",
    "promise_false": "承诺核查不实",
}
# How an office shares its work is its own affair: the applicant reads what was found and decided.
WITHIN_OFFICE = frozenset(
    {
        *("unmask", "handed_on", "step_returned", "opinion_taken_back", "countersign_asked"),
        *("countersign_dropped", "clock_missed", "extension_asked", "extension_refused"),
        CaseEvent.SEND_BACK,
    }
)
TEXT_OF: dict[str, str] = {
    CaseEvent.REQUEST_SUPPLEMENT: "一次告知需要补正的全部内容，见补正告知书。",
    CaseEvent.ACCEPT: "材料齐全，已出具受理通知书。",
    CaseEvent.DEEM_ACCEPTED: "窗口未在5个工作日内告知，依法视为自收到材料之日起受理。",
    CaseEvent.RECEIVE: "已出具收件凭证。",
    CaseEvent.SUPPLY_OWED: "容缺的材料已补齐。",
    CaseEvent.OWED_LAPSED: "没有在承诺的期限内补交，见终止办理通知书。",
    CaseEvent.TELL_HEARING: "五个工作日内可以要求听证，见听证告知书。",
    CaseEvent.WAIVE_HEARING: "五个工作日内没有要求听证，接着办理。",
    CaseEvent.WITHDRAW: "已出具撤回确认书。",
    CaseEvent.CERTIFY: "证照已生成，可查看和下载。",
}


def timeline(case: Case, *, for_staff: bool = False) -> list[TimelineEntry]:
    """What happened, oldest first; the public names agencies, only staff see who inside an agency acted."""
    events = audit.events_of(reference_of(case))
    held = {} if for_staff else holding.held_until([case])
    told = [
        TimelineEntry(
            event.at,
            _title(case, event.kind, event.data),
            _by(case, event, for_staff=for_staff),
            _text(case, event.kind, event.data, for_staff=for_staff),
            event.kind,
        )
        for event in events
        # Who saw his numbers is told to the person in 谁查过我的数据, not between the steps of his matter.
        if for_staff or event.kind not in WITHIN_OFFICE
    ]
    if held:
        told = _without_result(told, held[case.number])
    return sorted([*told, *_issued_jointly(case)], key=lambda one: one.at) if case.in_bundle else told


def _without_result(entries: Sequence[TimelineEntry], until: date) -> list[TimelineEntry]:
    """Finished, and not what came of it: that is told when all of the 一件事 is issued."""
    last = f"最晚{until.month}月{until.day}日和同一件事的其他事项一起发给您。"
    return [
        replace(entry, title=holding.WORD, text=last, kind="held") if entry.kind == CaseEvent.GRANT else entry
        for entry in entries
        if entry.kind != CaseEvent.CERTIFY
    ]


def _issued_jointly(case: Case) -> list[TimelineEntry]:
    """When it was let go with the other items of its 一件事."""
    at = case.bundle_child.released_at
    return (
        [TimelineEntry(at, "同步发证", "系统", "和同一件事的其他事项一起发证。", "joint_issue")] if at else []
    )


def _title(case: Case, kind: str, data: dict[str, Any]) -> str:
    if kind == CaseEvent.GRANT:
        return outcome_words(case).grant
    if kind == CaseEvent.REFUSE:
        return outcome_words(case).refuse
    if kind == "task_done":
        return f"{data.get('name', '核查')}完成"
    return TITLES.get(kind, kind)


def _by(case: Case, event: Event, *, for_staff: bool) -> str:
    actor, data = event.actor, event.data
    if actor.get("user_id") is None:
        return "系统"
    posts = actor.get("posts") or []
    if not posts:
        return case.applicant_name
    agency = str(data.get("agency") or posts[0].get("agency_name", ""))
    whose = str(data.get("for") or _stood_in_for(event.kind, posts))
    name = f"{actor.get('name', '')}（代{whose}）" if whose else str(actor.get("name", ""))
    return f"{agency} {name}" if for_staff else agency


_ROLE_OF = {By.CLERK: "clerk", By.INTAKE: "clerk", By.DECIDER: "decider", By.SUPERVISOR: "supervisor"}
_ROLE_OF_EVENT = {str(edge.event): _ROLE_OF[edge.by] for edge in EDGES if edge.by in _ROLE_OF}


def _stood_in_for(kind: str, posts: list[dict[str, Any]]) -> str:
    """The colleague in whose post a move was made, where the actor held the needed role only in his place."""
    fitting = [post for post in posts if post.get("role") == _ROLE_OF_EVENT.get(kind)]
    return str(fitting[0]["for"]) if fitting and all(post.get("for") for post in fitting) else ""


def _text(case: Case, kind: str, data: dict[str, Any], *, for_staff: bool) -> str:
    if kind in (CaseEvent.GRANT, CaseEvent.REFUSE) and not data.get("reason"):
        return f"见《{decision_title(case, is_granted=kind == CaseEvent.GRANT)}》。"
    if kind == "task_done":
        return str(data.get("opinion", "")) if for_staff else ""
    if kind == "notice_published":
        paused = f"公示期间不计入办理时限：{data['paused_because']}。" if data.get("paused_because") else ""
        last = date.fromisoformat(data["ends_on"])
        return f"公示到{clock.written(last)}24时。{paused}"
    if kind == "notice_ended":
        return str(data.get("text", ""))
    if kind in TURN_TEXTS:
        return TURN_TEXTS[kind](data)
    if kind.startswith("oversee"):
        return str(data.get("note") or data.get("answer") or "") if for_staff else ""
    if kind == "unmask":
        return f"{'、'.join(data['fields'])}；用途：{data['purpose']}"
    if kind == "handed_on":
        return f"{data['name']}转给{data['to']}。理由：{data['reason']}"
    if data.get("reason"):
        return f"理由：{data['reason']}"
    return TEXT_OF.get(kind, "")


def _told_day(text: object) -> str:
    day = date.fromisoformat(str(text))
    return clock.written(day)


def _suspended(data: dict[str, Any]) -> str:
    plan = f"{data['name']}，计划{data['days']}个工作日，到{_told_day(data['until'])}为止，不计入办理期限。"
    return f"{plan}理由：{data['reason']}"


def _resumed(data: dict[str, Any]) -> str:
    over = f"（比计划多用{data['overrun']}个工作日）" if data.get("overrun") else ""
    return f"{data['name']}结束{over}。结果：{data['result']}。意见：{data['opinion']}"


def _tolerated(data: dict[str, Any]) -> str:
    return f"{'、'.join(data['owed'])}可以后补，请在{_told_day(data['until'])}前补交，见容缺受理告知承诺书。"


def _extended(data: dict[str, Any]) -> str:
    return f"经批准延长{data['days']}个工作日。理由：{data['reason']}"


def _revoked(data: dict[str, Any]) -> str:
    return f"{data['word']}。依据：{data['basis']}。理由：{data['reason']}"


def _missed(data: dict[str, Any]) -> str:
    return f"{ClockKind(data['clock']).label}应于{_told_day(data['due_on'])}前完成。"


def _announced(data: dict[str, Any]) -> str:
    return f"{data['held_at']}，{data['place']}"


def _relayed(data: dict[str, Any]) -> str:
    return f"已在{data['system']}办理，编号{data['receipt_number']}。"


def _closed_elsewhere(data: dict[str, Any]) -> str:
    return f"{data['system']}的结果：{data['status']}。{data['note']}"


def _not_confirmed(data: dict[str, Any]) -> str:
    return f"{'、'.join(data['materials'])}：{data['reason']}。可以改为承诺或上传，办理不停。"


def _proved_otherwise(data: dict[str, Any]) -> str:
    return f"{data['material']}：{'书面承诺' if data['way'] == 'promise' else '已上传'}。"


def _unanswered(data: dict[str, Any]) -> str:
    return f"{data['reason']}，报告里写明，办理不停；答复到了再补。"


TURN_TEXTS: dict[str, Callable[[dict[str, Any]], str]] = {
    CaseEvent.SUSPEND: _suspended,
    CaseEvent.ASK_HEARING: _suspended,
    CaseEvent.RESUME: _resumed,
    CaseEvent.ACCEPT_TOLERANT: _tolerated,
    CaseEvent.EXTEND: _extended,
    CaseEvent.REVOKE: _revoked,
    CaseEvent.APPOINT_HEARING: _announced,
    CaseEvent.RELAY: _relayed,
    CaseEvent.CLOSE_RELAYED: _closed_elsewhere,
    "clock_missed": _missed,
    "check_not_confirmed": _not_confirmed,
    "proved_otherwise": _proved_otherwise,
    "records_unanswered": _unanswered,
}


def next_step(case: Case) -> NextStep:
    """What happens next, from the state, the open tasks and the live clocks; of a finished one, what came of it."""
    is_told = case.state in WITH_RESULT and not holding.held_until([case])
    certificate = certificates.certificates_for(reference_of(case)).first() if is_told else None
    if certificate is None:
        return next_steps([case])[case.number]
    until = certificate.valid_until
    valid = f"，有效期至{clock.written(until)}" if until else "，长期有效"
    ready = "电子证照现在就能用；需要纸质的，请到窗口领取。" if case.state == CaseState.READY else ""
    return NextStep(f"{certificate.type.name}已发{valid}。{ready}", "", None, "certificate")


def next_steps(cases: Sequence[Case]) -> dict[str, NextStep]:
    """What happens next in many cases, by number; two queries however many, one more each for held and unproved."""
    numbers = [case.number for case in cases]
    live = clocks.live_clocks_of("case", numbers)
    tasks = approvals.open_tasks_of("case", numbers)
    held = holding.held_until(cases)
    going = [case for case in cases if case.state in UNDER_WAY]
    unproved = unproved_among(going) if going else set()
    return {
        case.number: _held(held[case.number])
        if case.number in held
        else _next(
            case, live.get(case.number, []), tasks.get(case.number, []), is_unproved=case.pk in unproved
        )
        for case in cases
    }


def _held(until: date) -> NextStep:
    return NextStep(holding.sentence(until), "", until, HELD)


def _next(case: Case, live: Sequence[Clock], tasks: Sequence[Task], *, is_unproved: bool) -> NextStep:
    aside = _aside(case, live)
    if aside is None and is_unproved:
        return NextStep("有材料没有核到，请您承诺或者上传；别的环节照常在办。", "您", None, "unproved")
    return aside or _straight_on(case, live, tasks)


def _aside(case: Case, live: Sequence[Clock]) -> NextStep | None:
    """What waits off the straight way: materials owed, a special procedure, the right to be heard, another system."""
    if due := _due(live, ClockKind.OWED):
        return NextStep(f"请您补交容缺的材料，{_by_day(due)}补齐后才能作决定。", "您", due, "owed")
    if due := _due(live, ClockKind.HEARING):
        return NextStep(f"作出决定之前，您可以要求听证，请在{_by_day(due)}提出。", "您", due, "hearing")
    if case.state == CaseState.SUSPENDED:
        due, agency = _due(live, ClockKind.SPECIAL), case.agency.short_name
        sentence = f"特别程序进行中，计划{_by_day(due)}结束；这段时间不计入办理期限。"
        return NextStep(sentence, agency, due, "")
    if case.state == CaseState.RELAYED:
        due, hall = _due(live, ClockKind.PROMISE), case.intake_agency.short_name
        sentence = f"已转到上级的业务系统办理，{_by_day(due)}办结，您不用做什么；编号见办理经过。"
        return NextStep(sentence, hall, due, "")
    return None


def _straight_on(case: Case, live: Sequence[Clock], tasks: Sequence[Task]) -> NextStep:
    hall, agency = case.intake_agency.short_name, case.agency.short_name
    notice, promise = _due(live, ClockKind.NOTICE), _due(live, ClockKind.PROMISE)
    match CaseState(case.state):
        case CaseState.APPLIED:
            return NextStep(f"{hall}将在1个工作日内收件，您现在不用做什么。", hall, None, "")
        case CaseState.RECEIVED:
            return NextStep(f"{hall}正在核对材料，{_by_day(notice)}告诉您是否受理。", hall, notice, "")
        case CaseState.SUPPLEMENTING:
            due = _due(live, ClockKind.SUPPLEMENT)
            return NextStep(f"请您补材料，{_by_day(due)}补齐后马上继续办理。", "您", due, "supplement")
        case CaseState.ACCEPTED | CaseState.REVIEWING if any(t.kind == TaskKind.NOTICE for t in tasks):
            return _during_notice(tasks)
        case CaseState.ACCEPTED | CaseState.TOLERATED | CaseState.REVIEWING:
            names = "、".join(dict.fromkeys(task.agency.short_name for task in tasks)) or agency
            return NextStep(
                f"{names}正在审查和核查，{_by_day(promise)}办结，您不用做什么。", names, promise, ""
            )
        case CaseState.DECIDING:
            return NextStep(
                f"审查已完成，{agency}正在作出决定，{_by_day(promise)}办结。", agency, promise, ""
            )
        case CaseState.GRANTED:
            return NextStep(
                "已准予，决定文书可以查看和下载；需要纸质的，请到窗口领取。", "您", None, "decision"
            )
        case CaseState.READY:
            return NextStep(
                "已准予，电子证照现在就能用；需要纸质的，请到窗口领取。", "您", None, "certificate"
            )
        case CaseState.REFUSED:
            return NextStep("未准予。理由、申请复议和提起诉讼的办法都写在决定书里。", "您", None, "decision")
    return _ended(case)


def _ended(case: Case) -> NextStep:
    sentence, action = ENDINGS[case.state]
    if case.state == CaseState.CLOSED_ELSEWHERE:
        return NextStep(case.decision_reason or sentence, "", None, action)
    if case.state == CaseState.TERMINATED and case.decision_reason:
        sentence, action = "办理已终止，理由见终止办理通知书。", "termination"
    return NextStep(sentence, "", None, action)


def _during_notice(tasks: Sequence[Task]) -> NextStep:
    notice = next(task for task in tasks if task.kind == TaskKind.NOTICE)
    who, last = notice.agency.short_name, notice.due_on
    if any(task.kind == TaskKind.OBJECTION for task in tasks):
        sentence = f"公示中收到异议，{who}正在核实；答复之后接着办理，您不用做什么。"
    else:
        sentence = f"正在公示，{_last_day(last)}没有异议的，接着作出决定。您不用做什么。"
    return NextStep(sentence, who, last, "")


def _due(live: Sequence[Clock], kind: ClockKind) -> date | None:
    return next((row.due_on for row in live if row.kind == kind), None)


def _by_day(day: date | None) -> str:
    return f"{day.month}月{day.day}日前" if day else "尽快"


def _last_day(day: date | None) -> str:
    return f"到{day.month}月{day.day}日24时" if day else "期满"
