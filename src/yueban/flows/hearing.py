"""听证: told of the right before a decision, asked for in five days, announced seven days before, held in twenty."""

from datetime import datetime

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.models import Case
from yueban.clocks.choices import ClockKind
from yueban.flows import clicks, mandates, special, turn_messages
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.parties.choices import Power


@transaction.atomic
def tell(actor: Actor, number: str, reason: str, *, revision: int | None = None, key: str = "") -> Case:
    """告知听证权利: nothing is decided until he has answered or five working days have passed."""
    case, done = clicks.begin(actor, number, revision, key, "tell_hearing")
    if done:
        return case
    text = cases_read.checked_reason(reason)
    cases.move(case=case, event=CaseEvent.TELL_HEARING, actor=actor, reason=text)
    hearing = cases.tell_hearing(case=case, reason=text)
    cases.issue_hearing_right(case, hearing, actor)
    turn_messages.hearing_told(case, hearing)
    return clicks.end(case, actor, key, "tell_hearing")


@transaction.atomic
def ask(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Case:
    """申请听证: by the applicant, or taken down for him at the window; its time is not counted (art. 45)."""
    case, done = clicks.begin(actor, number, revision, key, "ask_hearing")
    if done:
        return case
    mandates.check_power(actor, case.party_id, case.item_version.item.key, Power.SUBMIT)
    cases_read.check_hearing_open(case)
    hearing = cases_read.open_hearing(case)
    assert hearing is not None  # its clock runs, so the right is open
    plan = cases_read.hearing_plan(hearing)
    cases.move_within(
        case=case,
        event=CaseEvent.ASK_HEARING,
        actor=actor,
        limits={ClockKind.SPECIAL: plan.limit},
        **plan.told(case),
    )
    special.begun(case, cases.ask_hearing(case=case, hearing=hearing, actor=actor), actor)
    return clicks.end(case, actor, key, "ask_hearing")


@transaction.atomic
def appoint(
    actor: Actor,
    number: str,
    *,
    held_at: datetime | None,
    place: str,
    revision: int | None = None,
    key: str = "",
) -> Case:
    """通知听证: time and place, at least seven days before and within the twenty days."""
    case, done = clicks.begin(actor, number, revision, key, "appoint_hearing")
    if done:
        return case
    moment, where = cases_read.checked_hearing(case, held_at, cases_read.checked_words(place)[:200])
    local = moment.astimezone(clock.BEIJING)
    said = f"{clock.written(local)}{local.hour}时{local.minute:02d}分"
    cases.move(case=case, event=CaseEvent.APPOINT_HEARING, actor=actor, held_at=said, place=where)
    hearing = cases.announce_hearing(case=case, held_at=moment, place=where)
    cases.issue_hearing_day(case, hearing, actor)
    turn_messages.hearing_announced(case, hearing)
    return clicks.end(case, actor, key, "appoint_hearing")
