"""Writes of ratings and of the follow-up of bad ones."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.names import TextInvalid, clean_paragraphs
from yueban.kernel.reference import Reference
from yueban.kernel.writes import Statement, Write
from yueban.ratings.choices import LOW, Finding, Flag, FollowUpState, Level, Weight
from yueban.ratings.errors import (
    AlreadyRated,
    ContactMissing,
    FollowUpStale,
    RatingInvalid,
    RatingNotFound,
)
from yueban.ratings.models import Contact, FollowUp, RateableService, Rating, RatingScheme
from yueban.ratings.scheme import Scheme as Scheme
from yueban.ratings.selectors import scheme

LONGEST_TEXT = 1000
OPEN = Statement(
    "services",
    {
        "reference_kind": "text",
        "reference_number": "text",
        "code": "text",
        "item_key": "text",
        "item_name": "text",
        "agency_id": "bigint",
        "division_code": "text",
        "party_id": "bigint",
        "is_offline": "bool",
        "ended_at": "timestamptz",
    },
    """
    INSERT INTO ratings_rateableservice (reference_kind, reference_number, code, item_key, item_name, agency_id,
        division_code, party_id, is_offline, ended_at)
    SELECT new.* FROM {rows}
    ON CONFLICT DO NOTHING
    """,
)


def save_scheme(*, data: Scheme) -> Changes:
    """Load a version of the rules; a version that is there stays as it was when people rated by it."""
    _, created = RatingScheme.objects.get_or_create(
        version=data.version, defaults={"data": data.model_dump(mode="json"), "loaded_at": clock.now()}
    )
    return Changes(created=int(created), unchanged=int(not created))


@dataclass(frozen=True, kw_only=True)
class NewService:
    """A service that is over."""

    reference: Reference
    item_key: str
    item_name: str
    agency_id: int
    division_code: str
    party_id: int | None
    is_offline: bool


def opened(news: Sequence[NewService]) -> Write:
    """What writes that these may be rated from now on, each once; one that is open already stays as it is."""
    ended_at = clock.now()
    return Write(OPEN, [_row_of(new) | {"ended_at": ended_at} for new in news])


def _row_of(new: NewService) -> dict[str, object]:
    return {
        "reference_kind": new.reference.kind,
        "reference_number": new.reference.number,
        "code": secrets.token_hex(16),
        "item_key": new.item_key,
        "item_name": new.item_name,
        "agency_id": new.agency_id,
        "division_code": new.division_code,
        "party_id": new.party_id,
        "is_offline": new.is_offline,
    }


def lock_service(*, service_id: int) -> RateableService:
    """The service, locked for this transaction."""
    return RateableService.objects.select_for_update(of=("self",)).select_related("agency").get(pk=service_id)


def rate(
    *,
    service: RateableService,
    level: int,
    channel: str,
    aspects: Iterable[str] = (),
    text: str = "",
    rater_id: int | None = None,
    is_prompted: bool = False,
    device: str = "",
    flags: Iterable[Flag] = (),
) -> Rating:
    """The one rating of a service. Raises AlreadyRated, RatingInvalid by field."""
    if level not in Level.values:
        raise RatingInvalid.of_fields({"level": "请选择满意程度。"})
    try:
        words = clean_paragraphs(text, LONGEST_TEXT)
    except TextInvalid as error:
        raise RatingInvalid.of_fields({"text": f"{error.message}{error.hint}"}) from error
    rules = scheme()
    known = {aspect.key for aspect in rules.aspects}
    try:
        with transaction.atomic():
            return Rating.objects.create(
                number=f"PJ{clock.today():%Y%m%d}{secrets.token_hex(4)}",
                service=service,
                level=level,
                channel=channel,
                scheme_version=rules.version,
                aspects=sorted(known & set(aspects)),
                text=words,
                rated_at=clock.now(),
                rater_id=rater_id,
                is_prompted=is_prompted,
                device=_digest(device),
                flags=sorted(flags),
            )
    except IntegrityError as error:
        raise AlreadyRated(
            "这次服务已经评价过了，每次服务评价一次。", hint="有新的情况，可以拨打12345反映。"
        ) from error


def device_flags(*, service: RateableService, device: str, is_counter_device: bool) -> list[Flag]:
    """What the device says: a browser that a member of staff works in, one used again and again."""
    rules, found = scheme(), []
    if is_counter_device:
        soon = clock.now() - service.ended_at <= timedelta(seconds=rules.soon_seconds)
        found.append(Flag.SOON if soon else Flag.COUNTER_DEVICE)
    if device:
        since = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        count = Rating.objects.filter(device=_digest(device), rated_at__gte=since).count()
        if count >= rules.device_per_day:
            found.append(Flag.MANY)
    return found


def _digest(device: str) -> str:
    return hashlib.sha256(device.encode()).hexdigest() if device else ""


def open_follow_up(*, rating: Rating) -> FollowUp | None:
    """A bad rating is checked within the days of the scheme; None for a good one."""
    if rating.level not in LOW:
        return None
    service = rating.service
    return FollowUp.objects.create(
        rating=rating,
        opened_at=clock.now(),
        verify_by=divisions.add_workdays(clock.today(), scheme().verify_days, service.division_code),
    )


def lock_follow_up(*, rating_id: int) -> FollowUp:
    """The follow-up, locked for this transaction."""
    row = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("rating__service__agency")
        .filter(rating_id=rating_id)
        .first()
    )
    if row is None:
        raise RatingNotFound("这条评价不需要核实。", hint="只有不满意和非常不满意的评价要核实。")
    return row


def record_contact(*, follow_up: FollowUp, way: str, is_reached: bool, text: str, actor: Actor) -> Contact:
    """回访: one attempt, reached or not, with what was said."""
    _check_open(follow_up)
    assert actor.user_id is not None  # only holders of a post come here
    words = _words(text, "contact_text", "请写明联系的情况。", longest=500)
    return Contact.objects.create(
        follow_up=follow_up,
        way=way.strip()[:40] or "电话",
        is_reached=is_reached,
        text=words,
        at=clock.now(),
        by_id=actor.user_id,
    )


def verify(*, follow_up: FollowUp, finding: str, weight: str, explanation: str, actor: Actor) -> FollowUp:
    """核实: what is true of it, and until when it is put right."""
    if follow_up.state != FollowUpState.TO_VERIFY:
        raise FollowUpStale("这条差评已经核实过了。", hint="请刷新页面看最新情况。")
    fields: dict[str, str] = {}
    if finding not in Finding.values:
        fields["finding"] = "请选择核实结论。"
    if finding == Finding.TRUE and weight not in Weight.values:
        fields["weight"] = "属实的，请选择问题大小，据此确定整改期限。"
    if fields:
        raise RatingInvalid.of_fields(fields)
    follow_up.explanation = _words(explanation, "explanation", "请写明核实的情况。")
    follow_up.finding, follow_up.weight = finding, weight if finding == Finding.TRUE else ""
    follow_up.verified_at, follow_up.verified_by_id = clock.now(), actor.user_id
    days = getattr(scheme().rectify_days, follow_up.weight) if follow_up.weight else 0
    division = follow_up.rating.service.division_code
    follow_up.rectify_by = divisions.add_workdays(clock.today(), days, division) if days else clock.today()
    follow_up.state = FollowUpState.RECTIFYING
    follow_up.revision += 1
    follow_up.save()
    return follow_up


def close(*, follow_up: FollowUp, outcome: str, actor: Actor) -> FollowUp:
    """办结: after the rater was spoken with, or three attempts that are written down."""
    if follow_up.state != FollowUpState.RECTIFYING:
        raise FollowUpStale("请先核实，再办结。", hint="核实结论和期限写明后才能办结。")
    contacts = list(follow_up.contacts.all())
    needed = scheme().contact_attempts
    if not any(one.is_reached for one in contacts) and len(contacts) < needed:
        raise ContactMissing(
            "还没有联系上评价人，不能办结。", hint=f"请先回访；联系不上的，至少记录{needed}次联系。"
        )
    follow_up.outcome = _words(outcome, "outcome", "请写明整改或解释的结果。")
    follow_up.state, follow_up.closed_at = FollowUpState.CLOSED, clock.now()
    follow_up.closed_by_id = actor.user_id
    follow_up.revision += 1
    follow_up.save()
    return follow_up


def _check_open(follow_up: FollowUp) -> None:
    if follow_up.state == FollowUpState.CLOSED:
        raise FollowUpStale("这条差评已经办结。", hint="请刷新页面看最新情况。")


def _words(text: str, field: str, needed: str, *, longest: int = LONGEST_TEXT) -> str:
    try:
        words = clean_paragraphs(text, longest)
    except TextInvalid as error:
        raise RatingInvalid.of_fields({field: f"{error.message}{error.hint}"}) from error
    if not words:
        raise RatingInvalid.of_fields({field: needed})
    return words
