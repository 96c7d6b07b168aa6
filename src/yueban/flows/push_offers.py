"""推送: offers told to the enterprises that meet them, in the mailbox of whoever stands for them; and their wishes."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor, PartyHeld
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.matching import push_settings
from yueban.matching import services as matching
from yueban.matching.choices import PushFit
from yueban.matching.push_settings import Standing, Wishes
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties
from yueban.parties.choices import PartyKind
from yueban.policies import selectors as policies

EVENT = "offer-matched"
TITLES = {
    PushFit.MEETS: "有一项政策适合您的企业",
    PushFit.NEAR: "有一项政策，您的企业只差一项",
    PushFit.UNKNOWN: "有一项政策，等您补充信息",
}
BODIES = {
    PushFit.MEETS: "{name}：按现有信息符合条件，请在“为您匹配”里查看。",
    PushFit.NEAR: "{name}：按现有信息只差一项条件，差什么请在“为您匹配”里查看。",
    PushFit.UNKNOWN: "{name}：有的信息平台还不知道，要补充什么请在“为您匹配”里查看。",
}


def send_due() -> int:
    """Tell what may be told now, batch by batch; returns how many pushes were sent. Running again changes nothing."""
    total = 0
    while sent := _send_batch():
        total += sent
    return total


@transaction.atomic
def _send_batch() -> int:
    due = matching.take_due_pushes()
    versions = {one.pk: one for one in policies.offer_versions({push.offer_version_id for push in due})}
    users = parties.users_standing_for_many({push.party_id for push in due})
    notifications.notify_many(
        notifications.Note(
            user_id=user_id,
            reference=Reference("offer", push.offer_key),
            event=f"{EVENT}-{push.id}",
            title=TITLES[PushFit(push.fit)],
            body=BODIES[PushFit(push.fit)].format(name=versions[push.offer_version_id].name[:400]),
        )
        for push in due
        for user_id in users.get(push.party_id, ())
    )
    return len(due)


def saw(actor: Actor, party_id: int, offer_key: str) -> None:
    """Somebody who stands for the enterprise has opened the page of an offer; the first time counts."""
    if actor.held(party_id) is not None:
        matching.mark_viewed(party_id, [offer_key])


@dataclass(frozen=True)
class Topic:
    """A kind of agency of whose offers an enterprise may be told, and whether it wants to be."""

    kind: str
    agency: Agency
    is_wanted: bool


def settings_of(actor: Actor, party_id: int) -> tuple[Standing, list[Topic]]:
    """What the enterprise wants to be told of, and what there is to choose from."""
    _held(actor, party_id)
    standing = push_settings.wishes_of(party_id)
    muted = standing.wishes.muted
    kinds = agencies.city_agencies_of(_kinds() | set(muted))
    return standing, [Topic(kind, agency, kind not in muted) for kind, agency in kinds.items()]


def _kinds() -> set[str]:
    """The kinds of agencies that answer for the offers in force."""
    return {one.department_kind for one in policies.offers_in_force(clock.today())}


@transaction.atomic
def change_settings(
    actor: Actor,
    party_id: int,
    *,
    is_on: bool,
    reason: str,
    wanted: Collection[str],
    quiet_from: int,
    quiet_until: int,
) -> bool:
    """Keep what the enterprise wants; whether anything changed. Who changed it is kept with the enterprise."""
    held = _held(actor, party_id)
    topics = agencies.city_agencies_of(_kinds())
    wishes = Wishes(
        refuses=not is_on,
        reason=reason.strip() if not is_on else "",
        muted=tuple(sorted(topics.keys() - set(wanted))),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )
    changed = matching.set_wishes(party_id, wishes, user_id=actor.user_id, known_topics=topics)
    if changed:
        _record(actor, held, "push_settings", on=is_on, muted=len(wishes.muted))
    return changed


@transaction.atomic
def undo_settings(actor: Actor, party_id: int) -> bool:
    """Take the last change back; whether there was one."""
    held = _held(actor, party_id)
    undone = matching.undo_wishes(party_id, user_id=actor.user_id)
    if undone:
        _record(actor, held, "push_settings_undone")
    return undone


def _held(actor: Actor, party_id: int) -> PartyHeld:
    """The enterprise that is wholly the actor's to stand for; NotAllowed for any other."""
    held = actor.held(party_id)
    if held is None or held.items is not None or held.kind != PartyKind.ENTERPRISE:
        raise NotAllowed("政策推送由企业的法定代表人设置。", hint="请用法定代表人的账号登录。")
    return held


def _record(actor: Actor, held: PartyHeld, kind: str, **data: bool | int) -> None:
    audit.record(Reference("party", held.number), kind, actor=actor, data=data)
