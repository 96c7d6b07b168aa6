"""特别程序 and 听证 as rows: what was planned, what came of it. The moves and clocks are transitions.py's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yueban.cases.choices import RevocationKind, SpecialKind, SpecialState
from yueban.cases.errors import CaseInputInvalid, CaseMoveNotPossible, ExtensionNotPossible
from yueban.cases.guards import may_ask_hearing, may_extend
from yueban.cases.kept_reads import read_once
from yueban.cases.limits import (
    HEARING_ASK_LIMIT,
    HEARING_HOLD_LIMIT,
    HEARING_LAW,
    LegalLimit,
    extension_of,
    planned_limit,
)
from yueban.cases.models import Case, Hearing, Revocation, SpecialProcedure, SupplementAllowance
from yueban.cases.routes import LONGEST_TEXT, checked_reason
from yueban.cases.turns import UNDER_WAY
from yueban.catalogue.selectors import SpecialProcedure as KnownProcedure
from yueban.clocks import selectors as clocks
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.periods import Limit, Unit

LONGEST_NAME, LONGEST_BASIS = 100, 200
LONGEST_PLAN = 250  # working days: about a year
TIME_NOT_COUNTED = "行政许可法第四十五条"
HEARING = "听证"
ANNOUNCE_DAYS = 7


def known_procedures(case: Case) -> list[KnownProcedure]:
    """The procedures that the item's standard foresees, extensions aside."""
    rows = case.item_version.compiled.guide.special_procedures
    return [row for row in rows if row.kind == SpecialKind.OTHER and not row.counted]


def running_procedure(case: Case) -> SpecialProcedure | None:
    """The procedure that stands between the case and its handling now."""
    running = case.special_procedures.filter(state=SpecialState.RUNNING).select_related("hearing")
    return read_once(case, "running_procedure", running.first)


def asked_extension(case: Case) -> SpecialProcedure | None:
    """An extension that waits for the decider's word."""
    asked = case.special_procedures.filter(kind=SpecialKind.EXTENSION, state=SpecialState.ASKED)
    return read_once(case, "asked_extension", asked.first)


def checked_days(text: object) -> int:
    """Planned working days as staff type them."""
    typed = str(text).strip()
    days = int(typed) if typed.isdecimal() and len(typed) < 5 else 0
    if not 1 <= days <= LONGEST_PLAN:
        raise CaseInputInvalid.of_fields({"days": f"请填写计划用时，1到{LONGEST_PLAN}个工作日。"})
    return days


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is planned of a special procedure, as it is told."""

    name: str
    reason: str
    basis: str
    days: int

    @property
    def limit(self) -> LegalLimit:
        """Its planned days as a clock."""
        return planned_limit(self.days, self.name, self.basis)

    def told(self, case: Case) -> dict[str, object]:
        """What the event says."""
        until = planned_end(self.days, case.division_code)
        return {
            "name": self.name,
            "reason": self.reason,
            "basis": self.basis,
            "days": self.days,
            "until": until.isoformat(),
        }


@dataclass(frozen=True)
class Ending:
    """What came of a special procedure."""

    result: str
    opinion: str


def planned_end(days: int, division: str) -> date:
    """The last planned day of something that begins today."""
    return clocks.due_on(clock.today(), Limit(days, Unit.WORKDAY), division)


def checked_plan(case: Case, *, name: str, reason: str, basis: str, days: object) -> Plan:
    """Name, reason, rule and days as staff type them; every wrong field is named at once."""
    wrong: dict[str, str] = {}
    found: dict[str, Any] = {}
    for field, check in (
        ("name", lambda: _line("name", name, LONGEST_NAME, "请写明程序名称，如专家评审、检验检测。")),
        ("reason", lambda: checked_reason(reason)),
        ("basis", lambda: _line("basis", basis or _usual_basis(case, name), LONGEST_BASIS, "请写明依据。")),
        ("days", lambda: checked_days(days)),
    ):
        try:
            found[field] = check()
        except CaseInputInvalid as error:
            wrong |= error.fields
    if wrong:
        raise CaseInputInvalid.of_fields(wrong)
    return Plan(**found)


def _usual_basis(case: Case, name: str) -> str:
    known = next((row.basis for row in known_procedures(case) if row.name == name.strip()), None)
    return known or (TIME_NOT_COUNTED if case.item_version.compiled.clocks.kind == "permit" else "")


def _line(field: str, text: str, longest: int, missing: str) -> str:
    try:
        said = clean_line(text, longest)
    except TextInvalid as error:
        raise CaseInputInvalid.of_fields({field: f"{error.message}{error.hint}"}) from error
    if not said:
        raise CaseInputInvalid.of_fields({field: missing})
    return said


def checked_basis(text: str) -> str:
    """The rule by which something is done: required, one line."""
    return _line("basis", text, LONGEST_BASIS, "请写明依据哪部法律、哪一条。")


def checked_ending(result: str, opinion: str) -> Ending:
    """Result and opinion, both required."""
    wrong: dict[str, str] = {}
    said = {}
    for field, text, longest in (("result", result, LONGEST_BASIS), ("opinion", opinion, LONGEST_TEXT)):
        missing = "请写明程序的结果。" if field == "result" else "请写明对结果的意见。"
        try:
            said[field] = _line(field, text, longest, missing)
        except CaseInputInvalid as error:
            wrong |= error.fields
    if wrong:
        raise CaseInputInvalid.of_fields(wrong)
    return Ending(**said)


def overrun(procedure: SpecialProcedure) -> int:
    """By how many working days the procedure has lasted, or lasts, longer than it was planned."""
    last = procedure.ended_on or clock.today()
    if procedure.planned_end_on is None or last <= procedure.planned_end_on:
        return 0
    return divisions.workdays_between(procedure.planned_end_on, last, procedure.case.division_code)


def check_hearing_held(procedure: SpecialProcedure) -> None:
    """A hearing ends only after it was announced and its hour has come."""
    hearing = getattr(procedure, "hearing", None)
    if hearing is not None and (hearing.held_at is None or hearing.held_at > clock.now()):
        raise CaseMoveNotPossible(
            "听证还没有举行，不能结束。",
            hint="请先通知听证的时间、地点；申请人撤回听证要求的，写入意见后按期结束。",
        )


def check_extension(case: Case) -> LegalLimit:
    """The extension that this case may still get; raises ExtensionNotPossible."""
    may_extend(case)
    extension = extension_of(case)
    assert extension is not None  # the guard has looked
    return extension


def is_extensible(case: Case) -> bool:
    """Whether the limit may still be made longer."""
    try:
        check_extension(case)
    except ExtensionNotPossible:
        return False
    return case.state in UNDER_WAY


def check_hearing_open(case: Case) -> None:
    """Whether the applicant may ask to be heard now."""
    may_ask_hearing(case)


def hearing_plan(hearing: Hearing) -> Plan:
    """The hearing as a special procedure: organised within twenty days."""
    return Plan(name=HEARING, reason=hearing.reason, basis=HEARING_LAW, days=HEARING_HOLD_LIMIT.amount)


def begin_procedure(
    *, case: Case, actor: Actor, name: str, reason: str, basis: str, days: int
) -> SpecialProcedure:
    """A procedure whose time is not counted begins today."""
    today = clock.today()
    return SpecialProcedure.objects.create(
        case=case,
        kind=SpecialKind.OTHER,
        name=name,
        reason=reason,
        basis=basis,
        planned_days=days,
        unit=Unit.WORKDAY,
        state=SpecialState.RUNNING,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        approved_by_id=actor.user_id,
        started_on=today,
        planned_end_on=planned_end(days, case.division_code),
    )


def end_procedure(*, procedure: SpecialProcedure, actor: Actor, result: str, opinion: str) -> None:
    """Its result and the opinion on it are known."""
    procedure.state, procedure.ended_on = SpecialState.ENDED, clock.today()
    procedure.ended_by_id, procedure.result, procedure.opinion = actor.user_id, result, opinion
    procedure.save(update_fields=["state", "ended_on", "ended_by", "result", "opinion"])


def stop_procedures(*, cases: Sequence[Case]) -> None:
    """The cases ended another way: nothing of this goes on, and nobody is asked to be heard any more."""
    ids, today = [case.pk for case in cases], clock.today()
    open_states = [SpecialState.RUNNING, SpecialState.ASKED]
    SpecialProcedure.objects.filter(case__in=ids, state__in=open_states).update(
        state=SpecialState.STOPPED, ended_on=today, result="办件已结束"
    )
    Hearing.objects.filter(case__in=ids, asked_at=None, waived_on=None).update(waived_on=today)


def ask_extension(*, case: Case, actor: Actor, reason: str, days: int, basis: str) -> SpecialProcedure:
    """A reviewer asks the head of the agency for the one extension."""
    if asked_extension(case) is not None:
        raise CaseMoveNotPossible("已经提出过延长申请，正在等批准。", hint="请等决定人批准。")
    return SpecialProcedure.objects.create(
        case=case,
        kind=SpecialKind.EXTENSION,
        name=SpecialKind.EXTENSION.label,
        reason=reason,
        basis=basis,
        planned_days=days,
        unit=Unit.WORKDAY,
        state=SpecialState.ASKED,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )


def approve_extension(*, procedure: SpecialProcedure, actor: Actor, reason: str) -> None:
    """The limit has been made longer; the reason is the one that the applicant is told."""
    procedure.state, procedure.approved_by_id, procedure.reason = SpecialState.ENDED, actor.user_id, reason
    procedure.started_on = procedure.planned_end_on = procedure.ended_on = clock.today()
    procedure.result = f"延长{procedure.planned_days}个{procedure.unit}"
    procedure.save(
        update_fields=[
            "state",
            "approved_by",
            "reason",
            "started_on",
            "planned_end_on",
            "ended_on",
            "result",
        ]
    )


def refuse_extension(*, procedure: SpecialProcedure, actor: Actor, opinion: str) -> None:
    """The head of the agency says no; the limit stays as it is."""
    procedure.state, procedure.ended_by_id = SpecialState.REFUSED, actor.user_id
    procedure.ended_on, procedure.opinion = clock.today(), opinion
    procedure.save(update_fields=["state", "ended_by", "ended_on", "opinion"])


def tell_hearing(*, case: Case, reason: str) -> Hearing:
    """The applicant may ask to be heard within five working days."""
    today = clock.today()
    return Hearing.objects.create(
        case=case,
        reason=reason,
        told_on=today,
        ask_until=clocks.due_on(today, HEARING_ASK_LIMIT, case.division_code),
    )


def open_hearing(case: Case) -> Hearing | None:
    """A right to be heard that has neither been used nor lapsed."""
    return case.hearings.filter(asked_at=None, waived_on=None).first()


def ask_hearing(*, case: Case, hearing: Hearing, actor: Actor) -> SpecialProcedure:
    """The applicant asks: the hearing is a procedure of its own, to be organised within twenty days."""
    procedure = begin_procedure(
        case=case,
        actor=actor,
        name=HEARING,
        reason=hearing.reason,
        basis=HEARING_LAW,
        days=HEARING_HOLD_LIMIT.amount,
    )
    hearing.asked_at, hearing.procedure = clock.now(), procedure
    hearing.organise_until = procedure.planned_end_on
    hearing.save(update_fields=["asked_at", "procedure", "organise_until"])
    return procedure


def checked_hearing(case: Case, held_at: datetime | None, place: str) -> tuple[datetime, str]:
    """Time and place of a hearing: announced seven days before, held within the twenty days."""
    hearing = case.hearings.exclude(asked_at=None).first()
    wrong: dict[str, str] = {}
    if held_at is None:
        wrong["held_at"] = "请填写听证的日期和时间。"
    else:
        wrong |= _wrong_day(case, hearing, held_at.astimezone(clock.BEIJING).date())
    if not place:
        wrong["place"] = "请填写听证的地点。"
    if wrong or held_at is None:
        raise CaseInputInvalid.of_fields(wrong)
    return held_at, place


def _wrong_day(case: Case, hearing: Hearing | None, day: date) -> dict[str, str]:
    earliest = divisions.add_workdays(clock.today(), ANNOUNCE_DAYS, case.division_code)
    if day < earliest:
        return {"held_at": f"应当在举行的七日前通知，最早可定在{earliest.month}月{earliest.day}日。"}
    if hearing is not None and hearing.organise_until and day > hearing.organise_until:
        last = hearing.organise_until
        return {"held_at": f"应当在二十日内组织，最迟{last.month}月{last.day}日。"}
    return {}


def announce_hearing(*, case: Case, held_at: datetime, place: str) -> Hearing:
    """Time and place are fixed and told."""
    hearing: Hearing = case.hearings.exclude(asked_at=None).latest("pk")
    hearing.held_at, hearing.place, hearing.announced_on = held_at, place, clock.today()
    hearing.save(update_fields=["held_at", "place", "announced_on"])
    return hearing


def waive_hearings(*, cases: Sequence[Case]) -> None:
    """Nobody asked in five days."""
    Hearing.objects.filter(case__in=[case.pk for case in cases], asked_at=None, waived_on=None).update(
        waived_on=clock.today()
    )


def allow_supplement(*, case: Case, actor: Actor, reason: str) -> SupplementAllowance:
    """A supervisor lets the window ask once more."""
    assert actor.user_id is not None  # the move has looked at his post
    return SupplementAllowance.objects.create(
        case=case, reason=reason, granted_by_id=actor.user_id, granted_at=clock.now()
    )


def use_allowance(*, case: Case) -> None:
    """The second notice has gone out."""
    case.supplement_allowances.filter(used_at=None).update(used_at=clock.now())


def checked_revocation(kind: str) -> RevocationKind:
    """撤销 or 注销, as chosen."""
    if kind not in RevocationKind.values:
        raise CaseInputInvalid.of_fields({"kind": "请选择撤销还是注销。"})
    return RevocationKind(kind)


def record_revocation(
    *, case: Case, actor: Actor, kind: RevocationKind, reason: str, basis: str
) -> Revocation:
    """Why, by which rule and by whom what was granted ended."""
    assert actor.user_id is not None  # the move has looked at his post
    return Revocation.objects.create(
        case=case, kind=kind, reason=reason, basis=basis, by_id=actor.user_id, at=clock.now()
    )
