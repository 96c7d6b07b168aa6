"""评价与差评整改: one rating of each service that is over; a bad one is checked by somebody who had no part in it."""

from dataclasses import dataclass

from django.db import transaction

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.models import Task
from yueban.approvals.services import Subject, TaskPlan
from yueban.audit import selectors as audit_read
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.models import Case
from yueban.flows import recusal
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference
from yueban.notifications import services as notifications
from yueban.parties import selectors as parties
from yueban.ratings import selectors as ratings_read
from yueban.ratings import services as ratings
from yueban.ratings.choices import Channel, Flag
from yueban.ratings.errors import NotByTheHandler, RatingNotFound, StaffMayNotRate, TooEarly
from yueban.ratings.models import FollowUp, RateableService, Rating

PLATFORM = "平台消息"
CHECKING = (roles.REVIEWER, roles.SUPERVISOR, roles.CLERK)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the person said, and by which device."""

    level: int
    aspects: tuple[str, ...] = ()
    text: str = ""
    channel: str = Channel.PC
    device: str = ""
    is_counter_device: bool = False


@walls.platform()
@transaction.atomic
def rate_own(actor: Actor, number: str, given: Given) -> Rating:
    """By the signed-in applicant on the page of his case. Raises TooEarly, AlreadyRated, StaffMayNotRate."""
    case = cases_read.get_case(actor, number)
    if case.party_id not in actor.party_ids:
        raise RatingNotFound("只有申请人能评价这件办件。", hint="请用申请时的账号登录。")
    service = ratings_read.find_service(cases.reference_of(case))
    if service is None:
        raise TooEarly("这件事还没有办结，办结后才能评价。", hint="办结时会有消息告诉您。")
    return _rate(actor, service, given, rater_id=case.party_id)


@walls.platform()
@transaction.atomic
def rate_by_code(actor: Actor, code: str, given: Given) -> Rating:
    """With the code of the paper slip, without signing in; on the pad at the counter it counts as prompted."""
    service = ratings_read.get_by_code(code)
    return _rate(actor, service, given, rater_id=service.party_id)


def _rate(actor: Actor, service: RateableService, given: Given, *, rater_id: int | None) -> Rating:
    if actor.is_staff:
        raise StaffMayNotRate(
            "工作人员的账号不能评价。", hint="请由申请人自己评价；您自己的事，请退出工作账号后评价。"
        )
    locked = ratings.lock_service(service_id=service.pk)
    is_pad = given.channel == Channel.PAD
    flags = (
        []
        if is_pad
        else ratings.device_flags(
            service=locked, device=given.device, is_counter_device=given.is_counter_device
        )
    )
    if _is_staff_phone(locked):
        flags.append(Flag.STAFF_PHONE)
    rating = ratings.rate(
        service=locked,
        level=given.level,
        channel=given.channel,
        aspects=given.aspects,
        text=given.text,
        rater_id=rater_id,
        is_prompted=is_pad,
        device=given.device,
        flags=flags,
    )
    # Who rated stands in no chain: staff read the chains.
    data = {"level": rating.level, "flags": rating.flags}
    audit.record(_reference(rating), "rated", actor=SYSTEM, data=data, division=locked.division_code)
    if ratings.open_follow_up(rating=rating) is not None:
        _ask_to_verify(rating)
    return rating


def _is_staff_phone(service: RateableService) -> bool:
    """Whether the phone given with the case is that of somebody who works where it was handled."""
    case = _case_of(service)
    if case is None:
        return False
    phones = {str(case.facts.get(cases_read.PHONE_ELEMENT, "")), parties.phone_of(case.party)} - {""}
    staff = agencies.staff_of({case.agency_id, case.intake_agency_id})
    return bool(phones & parties.phones_of_users(staff)) if phones else False


def _case_of(service: RateableService) -> Case | None:
    return cases_read.find_any_case(service.reference_number) if service.reference_kind == "case" else None


def _ask_to_verify(rating: Rating) -> None:
    service = rating.service
    subject = Subject(
        reference=_reference(rating),
        title=service.item_name,
        applicant_name="评价人（不显示）",
        division_code=service.division_code,
    )
    plan = TaskPlan(
        key="verify",
        kind=TaskKind.RATING,
        name="差评核实",
        agency_id=service.agency_id,
        role=checking_role(service),
        days=ratings_read.scheme().verify_days,
    )
    approvals.plan_tasks(subject=subject, plans=[plan], open_stage=0)


@transaction.atomic
def verify(actor: Actor, number: str, *, finding: str, weight: str, explanation: str) -> FollowUp:
    """核实: what is true of it; days to put it right follow from its weight."""
    rating, follow_up = _begin(actor, number)
    ratings.verify(follow_up=follow_up, finding=finding, weight=weight, explanation=explanation, actor=actor)
    approvals.move_due(
        reference=_reference(rating), kind=TaskKind.RATING, name="差评整改", due_on=follow_up.rectify_by
    )
    _record(rating, "rating_verified", actor, finding=follow_up.finding)
    return follow_up


@transaction.atomic
def contact(actor: Actor, number: str, *, way: str, is_reached: bool, text: str) -> None:
    """回访: one attempt; by the platform's message it goes to the rater without showing who that is."""
    rating, follow_up = _begin(actor, number)
    made = ratings.record_contact(
        follow_up=follow_up, way=way, is_reached=is_reached and way != PLATFORM, text=text, actor=actor
    )
    if way == PLATFORM:
        _write_to_rater(rating, made.pk, made.text)
    _record(rating, "rater_contacted", actor, way=made.way, is_reached=made.is_reached)


@transaction.atomic
def close(actor: Actor, number: str, *, outcome: str) -> FollowUp:
    """办结: the result goes to the rater."""
    rating, follow_up = _begin(actor, number)
    ratings.close(follow_up=follow_up, outcome=outcome, actor=actor)
    approvals.finish_open_of_kind(
        reference=_reference(rating),
        kind=TaskKind.RATING,
        actor=actor,
        outcome=TaskOutcome.DONE,
        opinion=follow_up.outcome,
    )
    _write_to_rater(rating, 0, follow_up.outcome)
    _record(rating, "rating_closed", actor)
    return follow_up


def _begin(actor: Actor, number: str) -> tuple[Rating, FollowUp]:
    rating = ratings_read.get_rating(actor, number)
    follow_up = ratings.lock_follow_up(rating_id=rating.pk)
    if not may_check(actor, rating.service):
        raise NotAllowed("差评由办理单位核实。", hint="请由办理单位有核实岗位的人员办理。")
    if actor.user_id in handlers_of(rating.service):
        raise NotByTheHandler("您办过这件事，不能由您核实对它的差评。", hint="请由没有经办过的同事核实。")
    if rating.service.party_id is not None:
        recusal.check(actor, rating.service.party_id)
    return rating, follow_up


def checking_role(service: RateableService) -> str:
    """Who checks at the handling agency: its reviewers; a hall without reviewers has others."""
    held = agencies.roles_held_at(service.agency_id)
    return next((role for role in CHECKING if role in held), roles.REVIEWER)


def may_check(actor: Actor, service: RateableService) -> bool:
    """Whether this person holds the post to check ratings of this service; that he had a part in it is asked apart."""
    wanted = checking_role(service)
    return any(post.role == wanted and post.covers(service.agency.code) for post in actor.posts)


def handlers_of(service: RateableService) -> frozenset[int]:
    """Everybody who did something on the case: read from its chain, so that nobody can be left out."""
    reference = Reference(service.reference_kind, service.reference_number)
    acted = {
        event.actor.get("user_id") for event in audit_read.events_of(reference) if event.actor.get("posts")
    }
    return frozenset(one for one in acted if one is not None)


def _write_to_rater(rating: Rating, serial: int, text: str) -> None:
    service = rating.service
    case = _case_of(service)
    user_id = _rater_of(case) if case is not None else None
    if user_id is None:
        return
    notifications.notify(
        user_id=user_id,
        reference=Reference(service.reference_kind, service.reference_number),
        event=f"rating-{rating.pk}-{serial}",
        title="您的评价有了回复",
        body=f"{service.agency.name}：{text}"[:500],
    )


def _rater_of(case: Case) -> int | None:
    """The account of the person himself: who filled in for him is not told that he was rated."""
    return parties.user_of_person(case.party_id) or (
        None if case.assisted_by_id or case.mandate_number else case.application.user_id
    )


def _reference(rating: Rating) -> Reference:
    return Reference("rating", rating.number)


def _record(rating: Rating, kind: str, actor: Actor, **data: object) -> None:
    audit.record(_reference(rating), kind, actor=actor, data=data)


def open_task(actor: Actor, number: str) -> Task | None:
    """The open task of this rating, when it is this person's."""
    return approvals_read.find_open_task(Reference("rating", number), actor)
