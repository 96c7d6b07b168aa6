"""What the page of a 一件事 says: where each child stands and what happens next, in one sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass

from yueban.cases import holding
from yueban.cases.bundle_visibility import bundle_cases_visible_to
from yueban.cases.choices import BundleState, ChildOutcome, ChildState
from yueban.cases.errors import CaseNotFound
from yueban.cases.models import BundleCase, BundleChildCase, Case
from yueban.cases.redoing import may_redo, on_refusal_of
from yueban.cases.story import next_steps
from yueban.clocks import selectors as clocks
from yueban.clocks.selectors import ClockLight
from yueban.kernel.actor import Actor

OUTCOME_SENTENCES = {
    ChildOutcome.GRANTED: "已经办成。",
    ChildOutcome.REFUSED: "没有准予，理由和救济途径见决定书。",
    ChildOutcome.NOT_ACCEPTED: "不予受理，理由和救济途径见通知书。",
    ChildOutcome.RETURNED: "申请已退回，可以重新申请。",
    ChildOutcome.WITHDRAWN: "已经撤回。",
    ChildOutcome.TERMINATED: "办理已终止。",
    ChildOutcome.REVOKED: "结果已经撤销。",
}
# Large or sealed, and of no meaning for a list.
UNREAD = (
    "case__form",
    "case__facts",
    "case__item_version__definition",
    "case__item_version__compiled_json",
    "item_version__definition",
    "item_version__compiled_json",
    "bundle_case__bundle_version__definition",
    "bundle_case__bundle_version__compiled_json",
)
REDO = "这一项可以补办：补正后单独重新申请，不影响已经办成的。"


@dataclass(frozen=True)
class ChildView:
    """One child as a page shows it; `case` only where the one who looks may open it."""

    name: str
    agency: str
    state: str
    word: str
    sentence: str
    is_held: bool
    case: Case | None
    light: ClockLight | None
    outcome: str
    # Why it came to nothing, and whether this item alone can be applied for again.
    why: str = ""
    is_redoable: bool = False


def get_bundle_case(actor: Actor, number: str) -> BundleCase:
    """The parent; CaseNotFound for a wrong number and for somebody else's alike."""
    rows = bundle_cases_visible_to(actor).select_related(
        "application__bundle_version", "bundle_version__bundle", "intake_agency", "party"
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise CaseNotFound("没有找到这件一件事。", hint="请核对编号；只有本人和承办人员能看到。")
    return found


def child_views(
    bundle_cases: Sequence[BundleCase], seen: set[int] | None = None
) -> dict[int, list[ChildView]]:
    """The children of many parents, by the parent's id; of cases outside `seen` only name and state.

    The same few queries however many.
    """
    rows = list(
        BundleChildCase.objects.filter(bundle_case__in=[one.pk for one in bundle_cases])
        .select_related(
            "case__agency",
            "case__intake_agency",
            "case__item_version__item",
            "item_version__agency",
            "bundle_case__bundle_version",
        )
        .defer(*UNREAD)
        .order_by("bundle_case_id", "position")
    )
    begun = [row.case for row in rows if row.case is not None]
    steps = next_steps(begun)
    live = clocks.live_clocks_of("case", [case.number for case in begun])
    lights = dict(zip(live, clocks.lights_of(found[0] for found in live.values()), strict=True))
    names = {(row.bundle_case_id, row.child_key): row.name for row in rows}
    views: dict[int, list[ChildView]] = {one.pk: [] for one in bundle_cases}
    for row in rows:
        case = row.case if seen is None or row.case_id in seen else None
        step = steps[case.number].sentence if case is not None else ""
        views[row.bundle_case_id].append(
            ChildView(
                name=row.name,
                agency=row.item_version.agency.short_name,
                state=row.state,
                word=_word(row, case),
                sentence=_sentence(row, step, names),
                is_held=row.is_held,
                case=case,
                light=lights.get(case.number) if case is not None else None,
                outcome=row.outcome,
                why=row.why,
                is_redoable=may_redo(row),
            )
        )
    return views


def _word(row: BundleChildCase, case: Case | None) -> str:
    if row.is_held:
        return holding.WORD
    if row.state == ChildState.ENDED and row.outcome:
        return str(ChildOutcome(row.outcome).label)
    if row.state == ChildState.STARTED and case is not None:
        return str(case.get_state_display())
    return str(ChildState(row.state).label)


def _sentence(row: BundleChildCase, step: str, names: dict[tuple[int, str], str]) -> str:
    if row.is_held:
        return holding.sentence(row.bundle_case.hold_until)
    if row.state == ChildState.WAITING:
        first = "、".join(
            f"“{names[row.bundle_case_id, key]}”"
            for key in row.waits_for
            if (row.bundle_case_id, key) in names
        )
        return row.why or f"{first or '前一项'}办成后自动开始，不用您再跑、再填。"
    if row.state == ChildState.NOT_STARTED:
        return row.why or "没有开始办理。"
    if row.state == ChildState.ENDED and row.outcome != ChildOutcome.GRANTED:
        why = f"理由：{row.why}" if row.why else ""
        redo = REDO if on_refusal_of(row) == "can_redo" else ""
        return f"{OUTCOME_SENTENCES[ChildOutcome(row.outcome)]}{why}{redo}"
    return step


def bundle_sentence(bundle_case: BundleCase, views: Sequence[ChildView]) -> str:
    """What happens next in the whole, in one sentence."""
    todo = [view for view in views if view.case is not None and view.case.state == "supplementing"]
    if todo:
        return f"请您为“{todo[0].name}”补材料；其他事项照常办理。"
    count = {state: sum(view.state == state for view in views) for state in ChildState}
    well = sum(view.outcome == ChildOutcome.GRANTED and not view.is_held for view in views)
    held = sum(view.is_held for view in views)
    match BundleState(bundle_case.state):
        case BundleState.DONE:
            return f"{len(views)}项全部办成，结果都在下面。"
        case BundleState.WITHDRAWN:
            return "这件事已经按您的要求撤回，以后可以重新申请。"
        case BundleState.REFUSED:
            return "没有办成，每一项的理由和救济途径写在下面。"
        case BundleState.PART_DONE if bundle_case.ended_at is not None:
            return f"{len(views)}项中{well}项办成，其余没有办成；办成的仍然有效，理由写在下面。"
    if bundle_case.received_at is None:
        return f"{bundle_case.intake_agency.short_name}将在1个工作日内一次收件，您现在不用做什么。"
    parts = [f"{well}项已办成" if well else "", f"{held}项{holding.WORD}" if held else ""]
    parts.append(f"{count[ChildState.STARTED]}项正在办" if count[ChildState.STARTED] else "")
    parts.append(f"{count[ChildState.WAITING]}项等前一项办好后自动开始" if count[ChildState.WAITING] else "")
    return f"{'，'.join(part for part in parts if part)}，您不用做什么。"
