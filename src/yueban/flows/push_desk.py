"""推送 by policy staff: the offers of their agency with what became of them, segments, and an offer told to one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.claims import selectors as claims_read
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.expressions import parse
from yueban.expressions.columns import count_bits
from yueban.flows import push_offers, sign_policy
from yueban.jobs import services as jobs
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, NotAllowed
from yueban.kernel.reference import Reference
from yueban.matching import push_counts, segments
from yueban.matching import selectors as matching_read
from yueban.matching import services as matching
from yueban.matching.models import PushSend, Segment
from yueban.matching.push_counts import Standing, Turns
from yueban.matching.segments import Choice
from yueban.parties import selectors as parties
from yueban.parties import tags
from yueban.policies import selectors as policies
from yueban.policies.errors import OfferNotFound
from yueban.policies.models import OfferVersion

SEND_JOB = "flows.push_send"
# They push the offers that their agency keeps or answers for.
PUSHERS = (roles.EDITOR, roles.REVIEWER, roles.DECIDER)


@dataclass(frozen=True)
class Line:
    """An offer in force, the agency that answers for it, and whether this person pushes it."""

    version: OfferVersion
    agency: Agency | None
    may_push: bool


@dataclass(frozen=True)
class Funnel:
    """推送→送达→查看→申报→通过→到账: of those on the list how many came how far."""

    listed: int
    told: int
    viewed: int
    claimed: int
    agreed: int
    paid: int


@dataclass(frozen=True)
class Counts:
    """What became of an offer this year; ``matched`` and ``near`` of the newest matching, None where there is none."""

    matched: int | None
    near: int | None
    standing: Standing
    funnel: Funnel


@dataclass(frozen=True)
class Preview:
    """Whom a choice would reach: how many now, why not the others, a few names."""

    turns: Turns
    names: tuple[str, ...]


def lines(actor: Actor) -> list[Line]:
    """The offers in force that his agency keeps or answers for; of a supervisor those of his division.

    Those that nobody can be told of come last.
    """
    if not sign_policy.may_read(actor):
        raise NotAllowed("政策推送由政策工作人员办理。", hint="请用编辑、审查或决定岗位的账号登录。")
    versions = policies.offers_in_force(clock.today())
    nearest = agencies.nearest_of_kinds({_pair(one) for one in versions})
    found = []
    for version in versions:
        agency = nearest.get(_pair(version))
        may_push = _pushes(actor, version, agency)
        if may_push or _watches(actor, version):
            found.append(Line(version, agency, may_push))
    return sorted(found, key=lambda line: not is_for_enterprises(line.version))


def _pair(version: OfferVersion) -> tuple[str, str]:
    return version.department_kind, version.offer.policy.division_code


def _pushes(actor: Actor, version: OfferVersion, agency: Agency | None) -> bool:
    theirs = {version.offer.policy.agency_id, agency.pk if agency else None} - {None}
    return any(post.role in PUSHERS and post.agency_id in theirs for post in actor.posts)


def _watches(actor: Actor, version: OfferVersion) -> bool:
    """Whether the policy holds where he watches over every agency: there, above it or below it."""
    place = version.offer.policy.division_code
    return any(
        post.role == roles.SUPERVISOR
        and post.is_city_wide
        and (divisions.is_within(place, post.division) or divisions.is_within(post.division, place))
        for post in actor.posts
    )


def line_of(actor: Actor, key: str) -> Line:
    """One of them; OfferNotFound for an offer that is not in force and for another agency's alike."""
    found = next((one for one in lines(actor) if one.version.offer.key == key), None)
    if found is None:
        raise OfferNotFound("没有这个惠企事项，或者不由您的部门推送。", hint="请从列表中重新选择。")
    return found


def asks_tag(version: OfferVersion, tag_key: str) -> bool:
    """Whether the conditions of an offer ask what the tag says."""
    tag = tags.all_tags().filter(key=tag_key).first()
    conditions = policies.standard_of(version).conditions
    return tag is not None and bool(conditions) and tags.uses_in(tag, [parse(conditions)]) > 0


def counts_of(versions: Sequence[OfferVersion]) -> dict[str, Counts]:
    """By the offers' keys; the same few questions however many."""
    keys = [one.offer.key for one in versions]
    year = push_counts.this_year()
    with walls.platform():  # counted, nobody is named
        standing = push_counts.standing_of(year, keys)
        funnels = _funnels(year, keys, standing)
        found = matching_read.found_for([one.pk for one in versions])
    counts = {}
    for version in versions:
        one, key = found.get(version.pk), version.offer.key
        matched, near = (count_bits(one.true), one.near_count) if one is not None else (None, None)
        counts[key] = Counts(matched, near, standing[key], funnels[key])
    return counts


def _funnels(year: int, keys: Collection[str], standing: Mapping[str, Standing]) -> dict[str, Funnel]:
    claimed = claims_read.claimed_of(year, keys)
    told = push_counts.told_at(year, {(one.offer_key, one.party_id) for one in claimed})
    after = [
        one
        for one in claimed
        if (at := told.get((one.offer_key, one.party_id))) is not None and at <= one.submitted_at
    ]
    found = {}
    for key in keys:
        mine = [one for one in after if one.offer_key == key]
        found[key] = Funnel(
            standing[key].listed,
            standing[key].told,
            standing[key].viewed,
            len({one.party_id for one in mine}),
            len({one.party_id for one in mine if one.is_agreed}),
            len({one.party_id for one in mine if one.is_paid}),
        )
    return found


def is_for_enterprises(version: OfferVersion) -> bool:
    """Whether it is for the enterprise itself: of parks and teams no data says who they are."""
    return policies.standard_of(version).beneficiary == "enterprise"


def preview(actor: Actor, key: str, choice: Choice) -> Preview:
    """Whom the choice would reach, before anybody is told."""
    version = _own(actor, key).version
    chosen = segments.chosen_parties(version, choice)
    with walls.platform():  # counts, and ten names of enterprises
        turns = push_counts.turns_of(version, chosen)
        named = parties.parties_in_order(turns.first)
    return Preview(turns, tuple(one.name for one in named))


@transaction.atomic
def send(actor: Actor, key: str, choice: Choice, *, click: str) -> PushSend:
    """Have the offer told to the choice; the same click again finds the same send."""
    version = _own(actor, key).version
    if not is_for_enterprises(version):
        raise Conflict("这项政策不是给企业本身的，平台不知道该推送给谁。", hint="请用申报通知告知。")
    assert actor.user_id is not None
    with walls.platform():
        made, is_new = matching.begin_send(version, choice, user_id=actor.user_id, key=click[:40])
    if made.offer_key != key:
        raise Conflict("这个页面上的按钮已经用在另一项政策上。", hint="请刷新页面，再推送这一项。")
    if is_new:
        audit.record(_reference(version), "push_sent", actor=actor, data={"send": made.number})
        jobs.enqueue(SEND_JOB, number=made.number)
    return made


def carry_out(number: str) -> None:
    """The job of a send."""
    matching.carry_out_send(number)
    push_offers.send_due()


def send_of(actor: Actor, number: str) -> tuple[PushSend, Line, Standing]:
    """A send with what has become of it."""
    found = push_counts.get_send(number)
    line = line_of(actor, found.offer_key)
    with walls.platform():
        return found, line, push_counts.standing_of_send(found)


def segments_for(actor: Actor) -> list[Segment]:
    """The segments of the agencies where he pushes."""
    return segments.segments_of(_agencies(actor))


def segment_of(actor: Actor, pk: int) -> Segment:
    """One of them; SegmentNotFound for another agency's."""
    return segments.get_segment(pk, sorted(_agencies(actor)))


@transaction.atomic
def save_segment(actor: Actor, key: str, name: str, choice: Choice) -> Segment:
    """Keep a choice under a name for the agency by which he pushes this offer."""
    line = _own(actor, key)
    theirs = {line.version.offer.policy.agency_id, line.agency.pk if line.agency else None}
    post = next(post for post in actor.posts if post.role in PUSHERS and post.agency_id in theirs)
    assert actor.user_id is not None
    return matching.save_segment(agency_code=post.agency, name=name, choice=choice, owner_id=actor.user_id)


@transaction.atomic
def delete_segment(actor: Actor, pk: int) -> None:
    """Only who saved it."""
    found = segment_of(actor, pk)
    if found.owner_id != actor.user_id:
        raise NotAllowed("人群包由保存它的人删除。", hint=f"请联系{found.owner.name}。")
    matching.delete_segment(found)


def told_of_choice(choice: Choice) -> list[str]:
    """A choice in words, part by part."""
    names = {tag.key: tag.name for tag in tags.all_tags()}
    sizes = {one.code: one.name for one in elements.dictionary().codes_of(segments.SIZE)}
    parts = [
        (f"{word}：", [names.get(key, key) for key in keys])
        for word, keys in (
            ("全部具备", choice.all_of),
            ("具备任一", choice.any_of),
            ("都不具备", choice.none_of),
        )
    ]
    parts += [("规模：", [sizes.get(one, one) for one in choice.sizes])]
    parts += [("地方：", [divisions.full_name(choice.place)] if choice.place else [])]
    return [f"{word}{'、'.join(named)}" for word, named in parts if named]


def _agencies(actor: Actor) -> frozenset[str]:
    return frozenset().union(*(actor.agencies_with(role) for role in PUSHERS))


def _own(actor: Actor, key: str) -> Line:
    line = line_of(actor, key)
    if not line.may_push:
        raise NotAllowed("这项政策由主管部门推送。", hint="您可以查看推送情况。")
    return line


def _reference(version: OfferVersion) -> Reference:
    return sign_policy.reference_of(version)
