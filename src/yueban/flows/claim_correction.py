"""补正 of claims: asked once, in one go, with a day, while the promised clock stands still; then handed in again.

Whoever lets the day pass is checked on what there is; nobody loses a claim by silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from yueban.accounts import walls
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.approvals.services import TaskPlan
from yueban.cases import services as cases
from yueban.claims import services as claims
from yueban.claims.choices import ClaimEvent, ClaimState
from yueban.claims.errors import ClaimInvalid, ClaimMoveNotPossible
from yueban.claims.models import Claim
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.divisions import selectors as divisions
from yueban.expressions import Truth
from yueban.files.models import StoredFile
from yueban.flows import claim as flow
from yueban.flows import claim_money, claim_texts, offers_for
from yueban.flows.claim_common import clean_opinion, opened, remember, task_of
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.policies import selectors as policies

CORRECTION_DAYS = 5
AGAIN_WITHIN_DAYS = 1


@dataclass(frozen=True, kw_only=True)
class Mended:
    """What an enterprise hands in again: typed figures by element, files by material, and what it says."""

    stated: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, StoredFile], ...] = ()
    reply: str = ""


def may_be_asked(claim: Claim) -> list[tuple[str, str]]:
    """What can be asked for anew, as key and name: each material, and each figure that the enterprise stated."""
    materials = policies.standard_of(claim.offer_version).materials
    names = offers_for.names_of(claim.stated)
    found = [(f"material-{place}", material) for place, material in enumerate(materials)]
    return found + list(zip(claim.stated, names, strict=True))


def asked_of(claim: Claim) -> list[tuple[str, str]]:
    """What was asked for anew, as key and name."""
    asks = claim.correction.get("asks", ())
    return [one for one in may_be_asked(claim) if one[0] in asks]


@walls.platform()
@transaction.atomic
def ask(
    actor: Actor,
    number: str,
    task_id: int,
    *,
    text: str,
    asks: Sequence[str] = (),
    revision: int | None = None,
    key: str = "",
) -> Claim:
    """要求补正: by who makes the first check, once, everything in one go; the promised clock stands still."""
    claim, done = opened(actor, number, revision, key, "claim_correction")
    if done:
        return claim
    task = task_of(claim, actor, task_id, (TaskKind.ACCEPT,))
    words = clean_opinion(text, is_needed=True)
    if actor.user_id == claim.submitted_by_id:
        claims.check_other_person(claim=claim, actor=actor)
    known = dict(may_be_asked(claim))
    by = divisions.add_workdays(clock.today(), CORRECTION_DAYS, claim.division_code)
    claims.ask_correction(claim=claim, text=words, asks=[one for one in asks if one in known], by=by)
    approvals.finish_task(task=task, actor=actor, outcome=TaskOutcome.DONE, opinion=f"要求补正：{words}")
    data = {"by": by.isoformat(), "asks": claim.correction["asks"]}
    claims.move(claim=claim, event=ClaimEvent.ASK_CORRECTION, actor=actor, data=data)
    clocks.pause_clocks(reference=claim.reference, kinds=[ClockKind.PROMISE])
    claim_texts.correction_asked(claim, words, by)
    remember(claim, actor, key, "claim_correction")
    return claim


@walls.platform()
@transaction.atomic
def hand_in(
    actor: Actor, number: str, mended: Mended, *, revision: int | None = None, key: str = ""
) -> Claim:
    """补正后再次提交: assessed and reserved anew; raises ClaimInvalid by field, BudgetShort."""
    claim = claims.lock_claim(number=number, actor=replace(actor, posts=()))
    if cases.is_done(key=key, name="claim_hand_in", actor=actor, number=number):
        return claim
    claims.check_revision(claim=claim, revision=revision)
    if claim.state != ClaimState.CORRECTING:
        raise ClaimMoveNotPossible("这件申报现在不用补正。", hint="请刷新页面看最新进度。")
    values, reply = _checked(claim, mended)
    claim.stated = claim.stated | values
    assessment = flow.reassessed(claim) if values else None
    amount = claim.amount
    if assessment is not None and assessment.value is not Truth.FALSE:
        amount = flow.asked_amount(assessment)
    claims.keep_correction(
        claim=claim,
        reply=reply,
        assessment=assessment,
        stated=claim.stated,
        amount=amount,
        files=mended.files,
    )
    claims.move(claim=claim, event=ClaimEvent.HAND_IN, actor=actor, data={"files": len(mended.files)})
    claim_money.adjust(claim)
    _check_again(claim, "核对补正")
    claim_texts.corrected(claim)
    remember(claim, actor, key, "claim_hand_in")
    return claim


def _checked(claim: Claim, mended: Mended) -> tuple[dict[str, object], str]:
    standard = policies.standard_of(claim.offer_version)
    asked = asked_of(claim)
    codes = {code for code, _name in asked if not code.startswith("material-")}
    typed = {code: text for code, text in mended.stated.items() if code in codes}
    values, wrong = offers_for.stated_values(standard, typed)
    given = {material for material, _file in mended.files}
    for code, name in asked:
        if code in codes and code not in values:
            wrong.setdefault(code, f"请填写{name}。")
        elif code not in codes and name not in given:
            wrong[code] = f"请上传“{name}”。"
    try:
        reply = clean_opinion(mended.reply, is_needed=False)
    except ClaimInvalid as error:
        reply, wrong = "", wrong | {"reply": error.fields["opinion"]}
    if not asked and not reply and "reply" not in wrong:
        wrong["reply"] = "请写明补正了什么。"
    if wrong:
        raise ClaimInvalid.of_fields(wrong)
    return values, reply


@walls.platform()
@transaction.atomic
def lapse(number: str) -> bool:
    """The sweep's part: the day has passed, and the claim is checked on what there is."""
    claim = claims.lock_any_claim(number=number)
    if claim.state != ClaimState.CORRECTING or claim.correct_by is None or claim.correct_by >= clock.today():
        return False
    claims.move(claim=claim, event=ClaimEvent.LAPSE, actor=SYSTEM)
    _check_again(claim, "初审（没有补正）")
    claim_texts.correction_lapsed(claim)
    return True


def _check_again(claim: Claim, name: str) -> None:
    """The first check once more, before what waits; the promised clock goes on."""
    for row in clocks.resume_clocks(reference=claim.reference, kinds=[ClockKind.PROMISE]):
        claims.set_promised(claim=claim, day=row.due_on)
    plan = TaskPlan(
        key="check-again",
        kind=TaskKind.ACCEPT,
        name=name,
        agency_id=claim.agency_id,
        role=roles.REVIEWER,
        days=AGAIN_WITHIN_DAYS,
    )
    approvals.plan_tasks(subject=claim_texts.subject_of(claim), plans=[plan], open_stage=0)
