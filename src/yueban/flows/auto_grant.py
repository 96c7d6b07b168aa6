"""免申即享: a list from authoritative data, looked at again by another person, announced, consented to, paid.

Listed is only who meets every condition for certain on data that have not expired. Silence is no consent.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.approvals import selectors as approvals_read
from yueban.approvals import services as approvals
from yueban.approvals.choices import NoticeState, TaskKind, TaskState
from yueban.approvals.models import PublicNotice, Task
from yueban.approvals.services import Subject, TaskPlan
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.claims import selectors as claims_read
from yueban.claims import services as claims
from yueban.claims.choices import EntryState, ListState, Way
from yueban.claims.errors import AlreadyClaimed, ClaimInvalid, ClaimMoveNotPossible, NotOpen
from yueban.claims.models import AutoEntry, AutoList, Claim
from yueban.divisions import selectors as divisions
from yueban.divisions.models import Division
from yueban.elements import selectors as elements
from yueban.expressions import Truth
from yueban.flows import (
    auto_candidates,
    auto_holds,
    claim_money,
    claim_notice,
    claim_texts,
    offers_for,
    pay_claims,
    recusal,
)
from yueban.flows.pay_claims import DISHONEST
from yueban.kernel import clock, money, roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import NotAllowed
from yueban.parties import enterprise_facts
from yueban.parties import selectors as parties
from yueban.payments import selectors as payments_read
from yueban.payments.errors import BudgetShort
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

NOTICE_DAYS, CONSENT_DAYS = 5, 15
CHUNK = 1000
ON_THE_NOTICE = 500  # enterprises whose names stand on the notice itself


@walls.platform()
@transaction.atomic
def make(actor: Actor, offer_key: str) -> AutoList:
    """生成名单: every condition TRUE on unexpired authoritative data, and an amount above nothing."""
    version = policies.offer_by_key(offer_key, clock.today())
    standard = policies.standard_of(version)
    if Way(standard.redemption) is not Way.AUTO or not offers_for.is_in_force(version, clock.today()):
        raise NotOpen("这项政策不是免申即享，或者现在没有生效。", hint="请选择正在生效的免申即享政策。")
    agency = _agency_of(actor, version)
    certain, looked_at, not_known = _listed(version)
    listed = auto_holds.undisputed(version, certain)
    not_known += len(certain) - len(listed)
    made = claims.make_list(
        version=version,
        standard=standard,
        agency=agency,
        year=clock.today().year,
        looked_at=looked_at,
        not_known=not_known,
        actor=actor,
    )
    claims.add_entries(auto_list=made, listed=listed)
    plan = TaskPlan(
        key="check-list",
        kind=TaskKind.DECIDE,
        name="复核名单",
        agency_id=agency.pk,
        role=roles.DECIDER,
        days=3,
    )
    notice = TaskPlan(
        key="notice",
        kind=TaskKind.NOTICE,
        name="公示",
        agency_id=agency.pk,
        role=roles.REVIEWER,
        stage=1,
        days=NOTICE_DAYS,
    )
    approvals.plan_tasks(subject=_subject(made, len(listed)), plans=[plan, notice], open_stage=0)
    return made


def offers_to_list(actor: Actor) -> list[tuple[str, str]]:
    """Keys and names of the offers in force without application whose lists the actor's agencies make; few queries."""
    mine = actor.agencies_with(roles.REVIEWER)
    found = [one for one in policies.offers_in_force(clock.today()) if one.redemption == Way.AUTO]
    city = divisions.find_city() if mine else None
    wanted = [(one.department_kind, _place_of(one, city)) for one in found] if mine else []
    near = agencies.nearest_of_kinds(set(wanted))
    return [
        (one.offer.key, one.name)
        for one, where in zip(found, wanted, strict=False)
        if where in near and near[where].code in mine
    ]


def _agency_of(actor: Actor, version: OfferVersion) -> Agency:
    """The reviewer's own agency, when it is of the department that is responsible where the policy holds."""
    found = agencies.agency_of_kind(version.department_kind, _place_of(version, divisions.find_city()))
    if not any(post.role == roles.REVIEWER and post.agency == found.code for post in actor.posts):
        raise NotAllowed(f"这项政策的名单由{found.name}生成。", hint="请由主管部门的审查人员办理。")
    return found


def _place_of(version: OfferVersion, city: Division | None) -> str:
    """Where the policy holds; of a policy of the province or the state, the city."""
    place = version.offer.policy.division_code
    return city.code if city is not None and divisions.is_within(city.code, place) else place


def _listed(version: OfferVersion) -> tuple[list[claims.Listed], int, int]:
    """Who is listed, how many were looked at, and how many of them are left out because something is not known."""
    standard, today, vocabulary = policies.standard_of(version), clock.today(), elements.vocabulary()
    listed: list[claims.Listed] = []
    already = claims_read.listed_before(standard.key, today.year)
    candidates = auto_candidates.find(version, already)
    not_known = candidates.not_known
    for start in range(0, len(candidates.party_ids), CHUNK):
        chunk = candidates.party_ids[start : start + CHUNK]
        facts = enterprise_facts.facts_of_many(chunk, today)
        paid = claims_read.paid_before_of(chunk)
        for party in parties.parties_by_id(chunk):
            found = claims_read.assess(
                standard,
                facts[party.pk],
                on=today,
                vocabulary=vocabulary,
                paid=paid.get(party.pk, ()),
                by_authority=True,
            )
            not_known += found.value is Truth.UNKNOWN
            dishonest = facts[party.pk].get(DISHONEST)
            if found.is_given and (dishonest is None or dishonest.value is not True):
                listed.append(claims.Listed(party=party, assessment=found))
    return listed, candidates.looked_at, not_known


def _subject(auto_list: AutoList, count: int) -> Subject:
    return Subject(
        reference=auto_list.reference,
        title=f"免申即享名单：{auto_list.offer_name}"[:200],
        applicant_name=f"{count}家企业",
        division_code=auto_list.division_code,
    )


@walls.platform()
@transaction.atomic
def remove(actor: Actor, number: str, entry_id: int, *, reason: str) -> AutoEntry:
    """移出名单: with the reason, while it is looked at again."""
    found = _locked(actor, number)
    entry = claims.lock_entry(entry_id=entry_id)
    if entry.auto_list_id != found.pk or found.state not in (ListState.MADE, ListState.NOTICED):
        raise ClaimMoveNotPossible("名单已经公示完，不能再移出企业。", hint="请刷新页面看最新进度。")
    if not reason.strip():
        raise ClaimInvalid.of_fields({"reason": "请写明移出的理由。"})
    claims.remove_entry(auto_list=found, entry=entry, reason=reason.strip(), actor=actor)
    return entry


@walls.platform()
@transaction.atomic
def check(actor: Actor, number: str, *, key: str = "") -> AutoList:
    """复核 by another person; the notice begins, and says so where the budget does not reach for all."""
    found = _locked(actor, number)
    if cases.is_done(key=key, name="check_list", actor=actor, number=number):
        return found
    task = _open_task(found, TaskKind.DECIDE)
    task = approvals.lock_task(task_id=task.pk, actor=actor)
    claims.check_list(auto_list=found, actor=actor)
    entries = [one for one in claims_read.entries_of(found) if one.state == EntryState.LISTED]
    for entry in entries:
        recusal.check(actor, entry.party_id)
    if not entries:
        raise ClaimMoveNotPossible("名单上没有企业，不用公示。", hint="请撤销这份名单。")
    approvals.finish_task(task=task, actor=actor, outcome="conforms", opinion=f"复核{len(entries)}家企业")
    claims.announce_entries(auto_list=found)
    claims.move_list(auto_list=found, to=ListState.NOTICED, actor=actor, entries=len(entries))
    for opened in approvals.open_next_stage(reference=found.reference):
        if opened.kind == TaskKind.NOTICE and opened.state == TaskState.OPEN:
            title = f"{found.offer_name[:170]}免申即享名单公示"
            approvals.publish_notice(task=opened, title=title, lines=_lines(found, entries))
    cases.remember_done(key=key, name="check_list", actor=actor, number=number)
    return found


def _lines(auto_list: AutoList, entries: Sequence[AutoEntry]) -> list[list[str]]:
    total = sum((entry.amount for entry in entries), Decimal(0))
    lines = [["合计", f"{len(entries)}家企业，{money.to_text(total)}"]]
    short = budget_words(auto_list, total)
    if short:
        lines.append(["预算说明", short])
    return lines + [[entry.party_name, money.to_text(entry.amount)] for entry in entries[:ON_THE_NOTICE]]


def budget_words(auto_list: AutoList, total: Decimal) -> str:
    """What is declared beforehand where the budget does not reach for all."""
    line = payments_read.find_line(auto_list.budget_line, auto_list.year)
    if line is None or line.balance >= total:
        return ""
    has = money.to_text(line.balance)
    return f"“{line.name}”{line.year}年余额{has}，不够全部拨付，按确认的先后拨付，其余等预算补足后依次拨付。"


@transaction.atomic
def end_over(number: str, reference_number: str) -> bool:
    """The sweep's part: the notice is over, every enterprise is asked whether it wants it and where to."""
    found = claims.lock_list(number=reference_number)
    notice = approvals.lock_notice(number=number)
    if notice.state != NoticeState.RUNNING or not approvals.may_end(notice):
        return False
    _ask(found, notice)
    return True


def _ask(auto_list: AutoList, notice: PublicNotice) -> None:
    approvals.end_notice(notice=notice)
    until = divisions.add_workdays(clock.today(), CONSENT_DAYS, auto_list.division_code)
    claims.move_list(auto_list=auto_list, to=ListState.ASKING, actor=SYSTEM, consent_until=until)
    for entry in claims.ask_entries(auto_list=auto_list):
        _tell(
            entry,
            "ask",
            "请确认是否享受",
            f"请在{until.month}月{until.day}日前确认意愿和收款账户，不确认不拨付。",
        )


@walls.platform()
@transaction.atomic
def answer(
    actor: Actor, task_id: int, *, is_upheld: bool, reasons: str, entry_ids: Sequence[int] = (), key: str = ""
) -> Task:
    """核实异议: where it is upheld, the enterprises that it concerns are taken off the list."""
    number = approvals_read.reference_number_of(task_id)
    _locked(actor, number)
    task = approvals.lock_task(task_id=task_id, actor=actor)
    if cases.is_done(key=key, name="list_objection", actor=actor, number=number):
        return task
    objection, words = claim_notice.checked_answer(actor, task, reasons)
    if is_upheld and not entry_ids:
        raise ClaimInvalid.of_fields({"entries": "异议成立的，请勾选要移出名单的企业。"})
    notice = approvals.lock_notice(number=objection.notice.number)
    claim_notice.finish_answer(actor, task, objection, is_upheld=is_upheld, words=words)
    for entry_id in entry_ids if is_upheld else ():
        remove(actor, number, entry_id, reason=f"异议成立：{words}")
    if approvals.may_end(notice):
        _ask(claims.lock_list(number=number), notice)
    cases.remember_done(key=key, name="list_objection", actor=actor, number=number)
    return task


@walls.platform()
@transaction.atomic
def consent(actor: Actor, entry_id: int, *, account: str, holder: str, agrees: bool) -> AutoEntry:
    """意愿确认: explicit, with an account in the enterprise's name; where the budget is short it waits in its turn."""
    entry = _own_entry(actor, entry_id)
    if entry.state in (EntryState.CONSENTED, EntryState.QUEUED):
        return entry
    _check_asking(entry)
    if not agrees:
        raise ClaimInvalid.of_fields({"agrees": "请勾选：我方自愿享受这项支持。不勾选就不拨付。"})
    checked = claims.checked_account(account, holder, entry.party)
    if _is_given_already(entry):
        raise AlreadyClaimed(
            "同类支持您已经申报或享受过，这一项不再重复享受。",
            hint="请在“我的申报”查看；有疑问请联系主管部门。",
        )
    made = _granted(entry, checked, actor)
    claims.consent(entry=entry, account=checked, actor=actor, is_funded=made is not None)
    if made is not None:
        claims.tie_claim(entry=entry, claim=made)
        _tell(entry, "consented", "已确认", f"{money.to_text(entry.amount)}等财政拨付，您不用再做什么。")
    else:
        _tell(entry, "queued", "已确认，等待预算", "本年度预算已用完，已按确认先后排队，有预算就依次拨付。")
    return entry


def _is_given_already(entry: AutoEntry) -> bool:
    """Whether the same was claimed or given since the list was made; of one enterprise one at a time."""
    claims.hold_party(entry.party_id)
    standard = policies.standard_of(entry.auto_list.offer_version)
    return claims_read.is_given_since(entry, claims_read.exclusion_of(standard, entry.auto_list.year, ""))


def _granted(entry: AutoEntry, account: str, actor: Actor) -> Claim | None:
    """The consent as an agreed claim with its money frozen; None where the budget is short."""
    try:
        with transaction.atomic():
            made = claims.claim_of_entry(entry=entry, account=account, actor=actor)
            claim_money.reserve(made)
            claim_money.freeze(made)
            pay_claims.prepare(made)
    except BudgetShort:
        return None
    return made


@walls.platform()
@transaction.atomic
def decline(actor: Actor, entry_id: int) -> AutoEntry:
    """放弃: said explicitly."""
    entry = _own_entry(actor, entry_id)
    if entry.state != EntryState.DECLINED:
        claims.decline(entry=entry, actor=actor)
    return entry


@transaction.atomic
def remind(number: str) -> bool:
    """Twice while it is asked; after the last day what was not answered is not paid, and the list closes."""
    found = claims.lock_list(number=number)
    if found.state != ListState.ASKING or found.consent_until is None:
        return False
    if claims_read.is_over(found):
        claims.lapse(auto_list=found)
        claims.move_list(auto_list=found, to=ListState.CLOSED, actor=SYSTEM)
        return True
    left = divisions.workdays_between(clock.today(), found.consent_until, found.division_code)
    due = sum(left <= days for days in (CONSENT_DAYS // 2, 2))
    waiting = [
        one
        for one in claims_read.entries_of(found)
        if one.state == EntryState.ASKED and one.reminded < min(due, claims.REMINDERS)
    ]
    day = f"{found.consent_until.month}月{found.consent_until.day}日"
    for entry in waiting:
        _tell(entry, f"remind-{due}", "请尽快确认", f"请在{day}前确认意愿和收款账户，不确认不拨付。")
    claims.mark_reminded(entries=waiting, times=due)
    return bool(waiting)


@walls.platform()
@transaction.atomic
def serve_queue(line: str, year: int) -> int:
    """The budget has room again: who waits is served in the order of consents, each in full where it fits."""
    served = 0
    for waiting in claims_read.queued_entries(line, year):
        entry = claims.lock_entry(entry_id=waiting.pk)
        if entry.state != EntryState.QUEUED or _is_given_already(entry):
            continue
        made = _granted(entry, claims.account_of_entry(entry), SYSTEM)
        if made is not None:
            claims.tie_claim(entry=entry, claim=made)
            _tell(entry, "served", "已确认，待拨付", f"预算已补足，{money.to_text(entry.amount)}等财政拨付。")
            served += 1
    return served


def serve_line(line: str, year: str) -> bool:
    """The sweep's part of it."""
    return serve_queue(line, int(year)) > 0


def _own_entry(actor: Actor, entry_id: int) -> AutoEntry:
    """The entry of an enterprise that the actor stands for, locked after its list was read."""
    claims_read.get_entry(replace(actor, posts=()), entry_id)
    return claims.lock_entry(entry_id=entry_id)


def _check_asking(entry: AutoEntry) -> None:
    if entry.state == EntryState.HELD:
        raise ClaimMoveNotPossible("依据的数据有异议，正在核实。", hint="核实以后会再请您确认，请留意消息。")
    if entry.auto_list.state != ListState.ASKING or claims_read.is_over(entry.auto_list):
        raise ClaimMoveNotPossible("确认的期限已过。", hint="请联系主管部门，看能否列入下一批。")


def _locked(actor: Actor, number: str) -> AutoList:
    claims_read.get_list(actor, number)
    return claims.lock_list(number=number)


def _open_task(auto_list: AutoList, kind: TaskKind) -> Task:
    rows = approvals_read.tasks_of(auto_list.reference).filter(kind=kind, state=TaskState.OPEN)
    task = rows.first()
    if task is None:
        raise ClaimMoveNotPossible("这份名单现在不用复核。", hint="请刷新页面看最新进度。")
    return task


def _tell(entry: AutoEntry, event: str, title: str, what: str) -> None:
    text = f"“{entry.auto_list.offer_name}”{money.to_text(entry.amount)}，{what}"
    is_asked = event == "ask" or event.startswith("remind")
    reference = claims_read.entry_reference(entry)
    claim_texts.tell(entry.party_id, reference, event, title, text, needs_action=is_asked)
    audit.record(
        entry.auto_list.reference,
        "auto_list_told",
        actor=SYSTEM,
        data={"party": entry.party_name, "event": event},
    )
