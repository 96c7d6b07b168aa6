"""政策申报: handed in, checked, reviewed, agreed, announced; each step by another person, with its tasks and clock.

The claim is locked first. Money is reserved when it is handed in and frozen when it is agreed (flows/claim_money).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.approvals.services import TaskPlan
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.claims import selectors as claims_read
from yueban.claims import services as claims
from yueban.claims.choices import ClaimEvent, ClaimState, Way
from yueban.claims.errors import ClaimInvalid, ClaimMoveNotPossible, NotEligible, NotOpen
from yueban.claims.models import Claim
from yueban.claims.selectors import Assessment
from yueban.clocks import services as clocks
from yueban.clocks.choices import ClockKind
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.expressions import Truth
from yueban.files.models import StoredFile
from yueban.flows import claim_money, claim_texts, offers_for, pay_claims
from yueban.flows.claim_common import clean_name, clean_opinion, let_end, opened, remember, task_of
from yueban.flows.offers_for import Found
from yueban.kernel import clock, money
from yueban.kernel.actor import Actor
from yueban.kernel.periods import Limit, Unit
from yueban.kernel.reference import Reference
from yueban.parties import enterprise_facts
from yueban.parties.models import Party
from yueban.payments.errors import BudgetShort
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What the form of a claim holds. ``stated`` is typed text by element, asked only where no authority knows it."""

    project: str = ""
    stated: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    holder: str = ""
    agrees: bool = False
    files: tuple[tuple[str, StoredFile], ...] = ()
    key: str = ""


@walls.platform()
@transaction.atomic
def submit(actor: Actor, offer_key: str, party_id: int, handed: Handed) -> Claim:
    """提交申报: conditions, credit, amount, what was claimed before and the budget are looked at in one transaction.

    Of one enterprise one at a time; the same click gives the same claim.
    Raises ClaimInvalid by field, NotEligible, NotOpen, AlreadyClaimed, BudgetShort.
    """
    party = offers_for.enterprise_of(actor, party_id)
    claims.hold_party(party.pk)
    earlier = claims_read.claim_of_click(party.pk, handed.key)
    if earlier is not None:
        return earlier
    version = policies.offer_by_key(offer_key, clock.today())
    project = clean_name(handed.project, "project")
    found, values = _assessed(actor, party, version, handed, project)
    way = Way(found.standard.redemption)
    _check_met(found, way)
    amount = asked_amount(found.assessment)
    agency = agency_for(version, party)
    new = claims.NewClaim(
        version=version,
        standard=found.standard,
        way=way,
        party=party,
        agency=agency,
        year=clock.today().year,
        project=project,
        assessment=found.assessment,
        amount=amount,
        stated=values,
        account=_account(handed, party),
        key=handed.key,
    )
    claim = claims.submit_claim(new=new, actor=actor)
    _begin(claim, handed)
    return claim


def _assessed(
    actor: Actor, party: Party, version: OfferVersion, handed: Handed, project: str
) -> tuple[Found, dict[str, Any]]:
    standard = policies.standard_of(version)
    _check_open(version, party)
    values, wrong = offers_for.stated_values(standard, handed.stated)
    given = {material for material, _file in handed.files}
    for place, material in enumerate(standard.materials):
        if material not in given:
            wrong[f"material-{place}"] = f"请上传“{material}”。"
    if not handed.agrees:
        wrong["agrees"] = "请勾选承诺：所填内容真实，并同意主管部门核对企业信息。"
    if wrong:
        raise ClaimInvalid.of_fields(wrong)
    if (
        Way(standard.redemption) is Way.INSTANT
    ):  # nobody looks at it: the enterprise's own word proves nothing
        values = {}
    found = offers_for.one_for(
        actor,
        party.pk,
        version,
        stated=values,
        project=project,
        by_authority=Way(standard.redemption) is Way.INSTANT,
    )
    return found, values


def _check_open(version: OfferVersion, party: Party) -> None:
    standard = policies.standard_of(version)
    if Way(standard.redemption) is Way.AUTO:
        raise NotOpen("这项政策免申即享，不用申报。", hint="进入名单后会请您确认意愿和收款账户。")
    if not offers_for.is_in_force(version, clock.today()) or not offers_for.is_open(standard, clock.today()):
        raise NotOpen("这项政策现在不受理申报。", hint="请查看申报起止日期。")
    if not offers_for.applies_to(version, party):
        raise NotOpen("这项政策不适用于企业注册地。", hint="请在“为您匹配”查看适用于您的政策。")
    if party.ended_on is not None:
        raise NotOpen("企业已经注销，不能申报。", hint="有疑问请联系主管部门。")


def _check_met(found: Found, way: Way) -> None:
    """条件和信用: a condition that fails stops the claim; what is unknown is asked for, or stops 即申即享."""
    assessment = found.assessment
    _check_credit(assessment)
    if assessment.value is Truth.FALSE:
        reasons = "；".join(one.sentence for one in assessment.tree.against())
        raise NotEligible(f"还不符合：{reasons}。", hint="信息不对的，可以在“企业画像”提出异议。")
    wanted = claims_read.wanted(assessment)
    if wanted and way is Way.INSTANT:
        names = "、".join(_name(code) for code in wanted)
        raise NotEligible(f"还缺数据，不能自动核对：{names}。", hint="请联系数据来源部门，或改日再试。")
    if wanted:
        raise ClaimInvalid.of_fields({code: f"请填写{_name(code)}。" for code in wanted})


def _check_credit(assessment: Assessment) -> None:
    """信用核查: whoever stands on a list of the dishonest is given nothing."""
    fact = assessment.facts.get(pay_claims.DISHONEST)
    if fact is not None and fact.value is True:
        raise NotEligible(
            f"信用核查未通过：{fact.source}记载企业为失信主体。", hint="完成信用修复后可以再申报。"
        )


def _name(code: str) -> str:
    return elements.vocabulary().get_fact(code).name


def asked_amount(assessment: Assessment) -> Decimal:
    """What is asked for: what the rule gives, and where a person sets it the most that he may."""
    amount = max(assessment.computed.amount, assessment.computed.most or Decimal(0))
    if amount <= 0:
        why = "；".join(f"{one.label}：{one.text}" for one in assessment.computed.workings)
        raise NotEligible(
            f"按规则算出的金额是0元{f'（{why}）' if why else ''}。", hint="已经享受过的，会在这里扣除。"
        )
    return amount


def _account(handed: Handed, party: Party) -> str:
    return claims.checked_account(handed.account, handed.holder, party)


def agency_for(version: OfferVersion, party: Party) -> Agency:
    """The office of the responsible department nearest to the enterprise, within the place of the policy."""
    place = version.offer.policy.division_code
    where = party.division_code if divisions.is_within(party.division_code, place) else place
    return agencies.agency_of_kind(version.department_kind, where)


def _begin(claim: Claim, handed: Handed) -> None:
    """Files, budget, clock and tasks of a claim that was just made."""
    claims.add_files(claim=claim, files=list(handed.files))
    _reserve(claim)
    course = claims_read.COURSES[Way(claim.way)]
    if claim.state == ClaimState.AGREED:
        claim_money.freeze(claim)
        pay_claims.prepare(claim)
        claim_texts.agreed_at_once(claim)
        return
    if course.promised:
        limit = Limit(course.promised, Unit.WORKDAY)
        row = clocks.NewClock(
            reference=claim.reference,
            kind=ClockKind.PROMISE,
            limit=limit,
            basis=Way(claim.way).label,
            division=claim.division_code,
        )
        made = clocks.made_clocks([row])
        clocks.start_clocks(made)
        claims.set_promised(claim=claim, day=made[0].due_on)
    joint = policies.standard_of(claim.offer_version).joint_kinds
    _plan(claim, list(claims_read.with_joint(course, joint)))
    claim_texts.submitted(claim)


def _reserve(claim: Claim) -> None:
    """预占; where the budget is short nothing was handed in, and the enterprise is told what it may do."""
    try:
        claim_money.reserve(claim)
    except BudgetShort as short:
        asked = money.to_text(claim.amount)
        raise BudgetShort(
            f"{short.message}您申报的是{asked}，这次没有提交，没有留下申报。",
            hint="有企业撤回、或者预算补足以后，余额会增加，申报期内可以再申报；也可以问主管部门今年还补不补预算。",
            data=short.data,
        ) from short


def _agency_of(claim: Claim, step: claims_read.Step) -> Agency:
    """Whose the task is: the lead's, or of another department the office nearest to the enterprise."""
    if not step.key.startswith(claims_read.JOINT):
        return claim.agency
    return agencies.agency_of_kind(step.key.removeprefix(claims_read.JOINT), claim.agency.division.code)


def _plan(claim: Claim, steps: list[claims_read.Step]) -> list[Task]:
    count = approvals_read.tasks_of(claim.reference).count()
    plans = [
        TaskPlan(
            key=step.key if not count else f"{step.key}-{count}",
            kind=step.kind,
            name=step.name,
            agency_id=_agency_of(claim, step).pk,
            role=step.role,
            stage=step.stage,
            days=step.days,
        )
        for step in steps
    ]
    first = min(step.stage for step in steps)
    return approvals.plan_tasks(subject=claim_texts.subject_of(claim), plans=plans, open_stage=first)


@walls.platform()
@transaction.atomic
def work(
    actor: Actor,
    number: str,
    task_id: int,
    *,
    conforms: bool,
    opinion: str,
    revision: int | None = None,
    key: str = "",
) -> Claim:
    """初审、专家评审、现场核查: one opinion; the last of a stage opens the next."""
    claim, done = opened(actor, number, revision, key, f"claim_work_{task_id}")
    if done:
        return claim
    task = task_of(claim, actor, task_id, (TaskKind.ACCEPT, TaskKind.REVIEW))
    words = clean_opinion(opinion, is_needed=not conforms)
    if task.kind == TaskKind.REVIEW:
        claims.check_other_person(claim=claim, actor=actor)
        _check_not_beside(claim, task, actor)
    elif actor.user_id == claim.submitted_by_id:
        claims.check_other_person(claim=claim, actor=actor)
    outcome = TaskOutcome.CONFORMS if conforms else TaskOutcome.DEVIATES
    approvals.finish_task(task=task, actor=actor, outcome=outcome, opinion=words)
    data = {"task": task.name, "outcome": outcome, "agency": task.agency.name}
    audit.record(claim.reference, "claim_task", actor=actor, data=data, division=claim.division_code)
    if task.kind == TaskKind.ACCEPT:
        claims.keep_check(claim=claim, actor=actor)
    following = approvals.open_next_stage(reference=claim.reference)
    if following:
        event = _event_after(claim, task, following)
        claims.move(claim=claim, event=event, actor=actor)
    remember(claim, actor, key, f"claim_work_{task_id}")
    return claim


def _event_after(claim: Claim, task: Task, following: list[Task]) -> ClaimEvent:
    if task.kind != TaskKind.ACCEPT:
        return ClaimEvent.REVIEW
    is_joined = Way(claim.way) is Way.FAST and any(one.kind == TaskKind.REVIEW for one in following)
    return ClaimEvent.JOIN if is_joined else ClaimEvent.CHECK


def _check_not_beside(claim: Claim, task: Task, actor: Actor) -> None:
    """评审和核查 of one claim are not one person's."""
    beside = approvals_read.tasks_of(claim.reference).filter(stage=task.stage, done_by_id=actor.user_id)
    if beside.exclude(pk=task.pk).exists():
        raise ClaimMoveNotPossible("同一件申报的评审和现场核查要由不同的人办。", hint="请由同事办理。")


@walls.platform()
@transaction.atomic
def propose(
    actor: Actor,
    number: str,
    *,
    amount: str = "",
    opinion: str = "",
    revision: int | None = None,
    key: str = "",
) -> Claim:
    """审定，拟支持: assessed anew on what is known today; the money is frozen and the notice begins."""
    claim, done = opened(actor, number, revision, key, "claim_propose")
    if done:
        return claim
    task = _decider_task(claim, actor)
    claims.check_other_person(claim=claim, actor=actor)
    claims.hold_party(claim.party_id)
    assessment = reassessed(claim)
    _check_still_met(assessment)
    most = asked_amount(assessment)
    given = claims.checked_amount(amount, most) if amount.strip() else most
    words = clean_opinion(opinion, is_needed=given != most)
    claims.keep_decision(claim=claim, actor=actor, assessment=assessment, amount=given, reason=words)
    claim_money.freeze(claim)
    approvals.finish_task(task=task, actor=actor, outcome=TaskOutcome.CONFORMS, opinion=words)
    claims.move(claim=claim, event=ClaimEvent.PROPOSE, actor=actor, data={"reason": words})
    _announce(claim, approvals.open_next_stage(reference=claim.reference))
    remember(claim, actor, key, "claim_propose")
    return claim


@walls.platform()  # what other departments gave counts too
def reassessed(claim: Claim) -> Assessment:
    """The claim's offer on what is known of the enterprise today, what it stated filling in only what nobody knows."""
    party = claim.party
    known = enterprise_facts.facts_of(party.pk, clock.today())
    return claims_read.assess(
        policies.standard_of(claim.offer_version),
        known,
        on=clock.today(),
        vocabulary=elements.vocabulary(),
        paid=claims_read.paid_before(party.pk, but=claim.number),
        project=claim.project,
        stated=claim.stated,
    )


def _check_still_met(assessment: Assessment) -> None:
    _check_credit(assessment)
    if assessment.value is Truth.FALSE:
        reasons = "；".join(one.sentence for one in assessment.tree.against())
        raise NotEligible(f"按今天的数据已不符合：{reasons}。", hint="请作出不予支持的决定，并写明理由。")


@walls.platform()
@transaction.atomic
def refuse(actor: Actor, number: str, *, reason: str, revision: int | None = None, key: str = "") -> Claim:
    """不予支持: with reasons; what was reserved goes back."""
    claim, done = opened(actor, number, revision, key, "claim_refuse")
    if done:
        return claim
    task = _decider_task(claim, actor)
    claims.check_other_person(claim=claim, actor=actor)
    words = clean_opinion(reason, is_needed=True)
    claims.keep_decision(
        claim=claim, actor=actor, assessment=reassessed(claim), amount=claim.amount, reason=words
    )
    approvals.finish_task(task=task, actor=actor, outcome=TaskOutcome.DEVIATES, opinion=words)
    claims.move(claim=claim, event=ClaimEvent.REFUSE, actor=actor, data={"reason": words})
    let_end(claim)
    claim_texts.refused(claim)
    remember(claim, actor, key, "claim_refuse")
    return claim


@walls.platform()
@transaction.atomic
def amend(
    actor: Actor, number: str, *, amount: str, reason: str, revision: int | None = None, key: str = ""
) -> Claim:
    """调整金额 after it was announced: the notice begins anew with the other amount."""
    claim, done = opened(actor, number, revision, key, "claim_amend")
    if done:
        return claim
    _check_decider(claim, actor)
    claims.check_other_person(claim=claim, actor=actor)
    claims.hold_party(claim.party_id)
    given = claims.checked_amount(amount, asked_amount(reassessed(claim)))
    words = clean_opinion(reason, is_needed=True)
    if given == claim.amount:
        raise ClaimInvalid.of_fields({"amount": "金额和公示的一样，不用调整。"})
    before = claim.amount
    pay_claims.cancel(claim, words)
    claims.set_amount(claim=claim, amount=given, reason=words)
    claim_money.freeze(claim)
    claims.move(claim=claim, event=ClaimEvent.AMEND, actor=actor, data={"from": str(before), "reason": words})
    approvals.cancel_open(reference=claim.reference)
    notice = [step for step in claims_read.COURSES[Way(claim.way)].steps if step.kind == TaskKind.NOTICE]
    _announce(claim, _plan(claim, notice))
    remember(claim, actor, key, "claim_amend")
    return claim


@walls.platform()
@transaction.atomic
def withdraw(actor: Actor, number: str, *, revision: int | None = None, key: str = "") -> Claim:
    """撤回: by the enterprise, as long as it is not agreed."""
    claim = claims.lock_claim(number=number, actor=replace(actor, posts=()))
    if cases.is_done(key=key, name="claim_withdraw", actor=actor, number=number):
        return claim
    claims.check_revision(claim=claim, revision=revision)
    claims.move(claim=claim, event=ClaimEvent.WITHDRAW, actor=actor)
    let_end(claim)
    remember(claim, actor, key, "claim_withdraw")
    return claim


@walls.platform()
@transaction.atomic
def change_account(
    actor: Actor, number: str, *, account: str, holder: str, revision: int | None = None
) -> Claim:
    """更改收款账户: in the enterprise's name, by who stands for it and has just signed in again; rests for 24 hours."""
    claim = claims.lock_claim(number=number, actor=replace(actor, posts=()))
    claims.check_revision(claim=claim, revision=revision)
    checked = claims.checked_account(account, holder, claim.party)
    claims.change_account(claim=claim, account=checked, actor=actor)
    return claim


def begin_anew(claim: Claim) -> None:
    """异议成立: what was announced goes off the net, and who decides looks at it again."""
    approvals.cancel_open(reference=claim.reference)
    clocks.resume_clocks(reference=claim.reference, kinds=[ClockKind.PROMISE])
    steps = claims_read.COURSES[Way(claim.way)].steps
    _plan(claim, [step for step in steps if step.kind in (TaskKind.DECIDE, TaskKind.NOTICE)])


def reference_of(task: Task) -> Reference:
    """What a task is about."""
    return Reference(task.reference_kind, task.reference_number)


def _announce(claim: Claim, opened: list[Task]) -> None:
    """公示: name and amount, for the working days of the way; the promised clock stands still."""
    for task in opened:
        if task.kind == TaskKind.NOTICE and task.state == TaskState.OPEN:
            lines = [
                ["申报企业", claim.party_name],
                ["政策事项", claim.offer_name],
                ["拟支持金额", money.to_text(claim.amount)],
                ["申报编号", claim.number],
            ]
            notice = approvals.publish_notice(
                task=task, title=f"{claim.offer_name[:180]}拟支持公示", lines=lines
            )
            clocks.pause_clocks(reference=claim.reference, kinds=[ClockKind.PROMISE])
            claim_texts.published(claim, notice)


def _decider_task(claim: Claim, actor: Actor) -> Task:
    rows = approvals_read.tasks_of(claim.reference).filter(kind=TaskKind.DECIDE, state=TaskState.OPEN)
    found = rows.first()
    if found is None:
        raise ClaimMoveNotPossible(
            f"这件申报现在是“{claim.get_state_display()}”，还不能审定。", hint="请刷新页面看最新进度。"
        )
    return task_of(claim, actor, found.pk, (TaskKind.DECIDE,))


def _check_decider(claim: Claim, actor: Actor) -> None:
    """Only who decides at this agency may change what was announced."""
    task = approvals_read.tasks_of(claim.reference).filter(kind=TaskKind.DECIDE).last()
    if task is None or not approvals_read.may_do(actor, task):
        raise ClaimMoveNotPossible("只有审定人能调整金额。", hint="请由主管部门的审定人办理。")
