"""Messages of a whole 一件事: one word for all its items where each alone would be noise."""

from collections.abc import Sequence

from yueban.cases.choices import BundleState, ChildOutcome
from yueban.cases.models import BundleCase, BundleChildCase
from yueban.cases.services import bundle_reference
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties

STATE_TITLES = {
    BundleState.PART_DONE: "部分办结",
    BundleState.DONE: "全部办结",
    BundleState.REFUSED: "没有办成",
    BundleState.WITHDRAWN: "已撤回",
}


def submitted(bundle_case: BundleCase, children: Sequence[BundleChildCase]) -> None:
    """It arrived, once for all."""
    body = f"“{bundle_case.name}”已一次提交{len(children)}项，编号{bundle_case.number}。窗口将在1个工作日内收件。"
    _tell(bundle_case, "submitted", "已提交", body)


def received(bundle_case: BundleCase, accepted: int, children: Sequence[BundleChildCase]) -> None:
    """The window has it."""
    told = f"{accepted}项已受理，" if accepted else ""
    body = f"“{bundle_case.name}”窗口已一次收件，{told}共{len(children)}项。收件凭证列有每一项的时限。"
    _tell(bundle_case, "received", "已收件", body)


def state_changed(bundle_case: BundleCase, children: Sequence[BundleChildCase]) -> None:
    """Where the whole stands now."""
    title = STATE_TITLES.get(BundleState(bundle_case.state))
    if title is None:
        return
    well = [child.name for child in children if child.outcome == ChildOutcome.GRANTED and not child.is_held]
    held = [child.name for child in children if child.is_held]
    others = [
        f"{child.name}（{ChildOutcome(child.outcome).label}）"
        for child in children
        if child.outcome and child.outcome != ChildOutcome.GRANTED
    ]
    parts = [
        f"已办成：{'、'.join(well)}。" if well else "",
        f"已办结，等一起发证：{'、'.join(held)}。" if held else "",
        f"未办成：{'、'.join(others)}。" if others else "",
    ]
    event = f"state-{bundle_case.state}-{len(well)}-{len(others)}-{len(held)}"
    _tell(bundle_case, event, title, f"“{bundle_case.name}”{title}。{''.join(parts)}")


def released(bundle_case: BundleCase, held: Sequence[BundleChildCase]) -> None:
    """Issued together."""
    names = "、".join(child.name for child in held)
    body = f"“{bundle_case.name}”的结果现在一起发给您：{names}。"
    _tell(bundle_case, f"released-{held[0].pk if held else 0}", "同步发证", body)


def _tell(bundle_case: BundleCase, event: str, title: str, body: str) -> None:
    for user_id in _told_of(bundle_case):
        notifications.notify(
            user_id=user_id,
            reference=bundle_reference(bundle_case),
            event=event,
            title=title,
            body=body[:500],
        )


def _told_of(bundle_case: BundleCase) -> set[int]:
    """Who hears, as of a single case: who applied and still may, and whoever was helped in his own account."""
    user_id = bundle_case.application.user_id
    person = parties.user_of_person(bundle_case.party_id)
    own = set() if person is None else {person}
    if bundle_case.assisted_by_id is not None:
        is_standing = not bundle_case.mandate_number or parties.is_standing(bundle_case.mandate_number)
        return own | ({user_id} if is_standing else set())
    held = (party for party in parties.parties_of_user(user_id) if party.id == bundle_case.party_id)
    if any(all(party.may(key) for key in bundle_case.item_keys) for party in held):
        return {user_id}
    return own or set(parties.users_standing_for(bundle_case.party_id))
