"""Writes of claims. Flows lock the claim first; tasks, clocks, budgets and the audit after it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.claims.accounts_of import checked_account as checked_account
from yueban.claims.accounts_of import is_cooling as is_cooling
from yueban.claims.assessing import Assessment, computed_kept, explanation_kept, facts_kept
from yueban.claims.auto_lists import REMINDERS as REMINDERS
from yueban.claims.auto_lists import Listed as Listed
from yueban.claims.auto_lists import account_of_entry as account_of_entry
from yueban.claims.auto_lists import add_entries as add_entries
from yueban.claims.auto_lists import announce_entries as announce_entries
from yueban.claims.auto_lists import ask_entries as ask_entries
from yueban.claims.auto_lists import change_entry_account as change_entry_account
from yueban.claims.auto_lists import check_list as check_list
from yueban.claims.auto_lists import consent as consent
from yueban.claims.auto_lists import decline as decline
from yueban.claims.auto_lists import hold_entry as hold_entry
from yueban.claims.auto_lists import lapse as lapse
from yueban.claims.auto_lists import lock_entry as lock_entry
from yueban.claims.auto_lists import lock_list as lock_list
from yueban.claims.auto_lists import make_list as make_list
from yueban.claims.auto_lists import mark_reminded as mark_reminded
from yueban.claims.auto_lists import move_list as move_list
from yueban.claims.auto_lists import release_entry as release_entry
from yueban.claims.auto_lists import remove_entry as remove_entry
from yueban.claims.auto_lists import tie_claim as tie_claim
from yueban.claims.ceilings import exclusion_of
from yueban.claims.ceilings import hold_party as hold_party
from yueban.claims.choices import GIVEN, LIVE, ClaimEvent, ClaimState, Way
from yueban.claims.errors import (
    AlreadyClaimed,
    ClaimInvalid,
    ClaimMoveNotPossible,
    ClaimNotFound,
    ClaimStale,
    SamePerson,
)
from yueban.claims.models import AutoEntry, Claim, ClaimFile
from yueban.claims.selectors import claims_visible_to
from yueban.claims.steps import COURSES, moved
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.money import rounded
from yueban.parties.models import Party
from yueban.policies.models import OfferVersion
from yueban.policies.selectors import standard_of
from yueban.policies.standard import OfferStandard
from yueban.vault import services as vault


@dataclass(frozen=True, kw_only=True)
class NewClaim:
    """What a claim is made of; the flow has checked that the offer is open and the enterprise may."""

    version: OfferVersion
    standard: OfferStandard
    way: Way
    party: Party
    agency: Agency
    year: int
    project: str
    assessment: Assessment
    amount: Decimal
    stated: Mapping[str, object]
    account: str
    account_changed_at: Any = None
    key: str = ""


def submit_claim(*, new: NewClaim, actor: Actor) -> Claim:
    """Keep a claim with its snapshot; the caller holds the enterprise. Raises AlreadyClaimed."""
    assert actor.user_id is not None  # who claims is signed in
    _check_not_claimed(new)
    course = COURSES[new.way]
    is_agreed = course.begins == ClaimState.AGREED
    claim = Claim(
        number=new_number(),
        offer_version=new.version,
        offer_key=new.standard.key,
        offer_name=new.standard.name,
        way=new.way,
        state=course.begins,
        party=new.party,
        party_name=new.party.name,
        year=new.year,
        project=new.project,
        group=new.standard.exclusive.group if new.standard.exclusive else "",
        exclusion=exclusion_of(new.standard, new.year, new.project),
        agency=new.agency,
        division_code=new.party.division_code or new.agency.division.code,
        amount=new.amount,
        computed=computed_kept(new.assessment.computed),
        stated=dict(new.stated),
        facts=facts_kept(new.assessment, new.stated),
        explanation=explanation_kept(new.assessment.tree),
        account_cipher=vault.encrypt(new.account),
        account_tail=new.account[-4:],
        account_changed_at=new.account_changed_at,
        consent_at=clock.now(),
        submitted_by_id=actor.user_id,
        submitted_at=clock.now(),
        decided_at=clock.now() if is_agreed else None,
        budget_line=new.standard.budget_line or "",
        key=new.key,
    )
    if is_agreed:
        claim.decided_facts, claim.decided_explanation = claim.facts, claim.explanation
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        raise _claimed(new) from error
    record(claim, ClaimEvent.SUBMIT, actor, {"way": claim.way, "party": claim.party_name})
    return claim


def _check_not_claimed(new: NewClaim) -> None:
    """一企业一项目一年度一次: a live claim of the kind stops it, and of an offer without a group a paid one."""
    exclusion = exclusion_of(new.standard, new.year, new.project)
    rows = Claim.objects.filter(party=new.party, exclusion=exclusion)
    stopping = LIVE if new.standard.exclusive else (*LIVE, ClaimState.PAID)
    if rows.filter(state__in=stopping).exists():
        raise _claimed(new)


def _claimed(new: NewClaim) -> AlreadyClaimed:
    where = f"（{new.project}）" if new.project else ""
    return AlreadyClaimed(
        f"{new.year}年度的“{new.standard.name}”{where}您已经申报过，或同类支持正在办理。",
        hint="请在“我的申报”查看进度；同一项目同一年度只能享受一次。",
    )


def claim_of_entry(*, entry: AutoEntry, account: str, actor: Actor) -> Claim:
    """The consent of an enterprise on a list as an agreed claim: checked by who made the list and who looked again."""
    made_from = entry.auto_list
    standard = standard_of(made_from.offer_version)
    exclusion = exclusion_of(standard, made_from.year, "")
    who = entry.consented_by_id or actor.user_id
    assert who is not None  # nobody is paid who has not consented
    claim = Claim(
        number=new_number(),
        offer_version=made_from.offer_version,
        offer_key=made_from.offer_key,
        offer_name=made_from.offer_name,
        way=Way.AUTO,
        state=COURSES[Way.AUTO].begins,
        party=entry.party,
        party_name=entry.party_name,
        year=made_from.year,
        group=standard.exclusive.group if standard.exclusive else "",
        exclusion=exclusion,
        agency=made_from.agency,
        division_code=entry.party.division_code or made_from.division_code,
        amount=entry.amount,
        computed=entry.computed,
        facts=entry.facts,
        explanation=entry.explanation,
        decided_facts=entry.facts,
        decided_explanation=entry.explanation,
        account_cipher=vault.encrypt(account),
        account_tail=account[-4:],
        account_changed_at=entry.account_changed_at,
        consent_at=entry.consented_at or clock.now(),
        submitted_by_id=who,
        submitted_at=clock.now(),
        checked_by_id=made_from.made_by_id,
        decided_by_id=made_from.checked_by_id,
        decided_at=clock.now(),
        budget_line=made_from.budget_line,
    )
    claim.save(force_insert=True)
    record(claim, ClaimEvent.SUBMIT, actor, {"way": claim.way, "list": made_from.number})
    return claim


def new_number() -> str:
    """A number that nobody can guess from another's."""
    return f"SB{clock.today():%Y%m%d}{secrets.token_hex(5).upper()}"


def add_files(*, claim: Claim, files: list[tuple[str, StoredFile]]) -> None:
    """Keep what was handed in with it."""
    ClaimFile.objects.bulk_create(ClaimFile(claim=claim, material=name, file=file) for name, file in files)


def lock_claim(*, number: str, actor: Actor) -> Claim:
    """The claim, locked for this transaction, when the actor may see it; ClaimNotFound otherwise."""
    found = _locked().filter(pk__in=claims_visible_to(actor).filter(number=number).values("pk")).first()
    if found is None:
        raise ClaimNotFound("没有找到这件申报。", hint="请核对编号，或从列表重新打开。")
    return found


def lock_any_claim(*, number: str) -> Claim:
    """The claim, locked, for the platform's own work."""
    return _locked().get(number=number)


def _locked() -> QuerySet[Claim]:
    return Claim.objects.select_for_update(of=("self",)).select_related(
        "party", "agency__division", "offer_version"
    )


def check_revision(*, claim: Claim, revision: int | None) -> None:
    """Refuse a step decided on a page that is older than the claim."""
    if revision is not None and revision != claim.revision:
        raise ClaimStale(
            f"您打开页面之后，这件申报已变为“{claim.get_state_display()}”。", hint="请刷新页面再办。"
        )


def move(*, claim: Claim, event: ClaimEvent, actor: Actor, data: Mapping[str, Any] | None = None) -> Claim:
    """One edge of the table: state, revision and event; raises ClaimMoveNotPossible."""
    to = moved(claim.way, claim.state, event)
    if to is None:
        raise ClaimMoveNotPossible(
            f"这件申报现在是“{claim.get_state_display()}”，不能{event.label}。", hint="请刷新页面看最新进度。"
        )
    claim.state = to
    claim.revision += 1
    if to in (ClaimState.PAID, ClaimState.REFUSED, ClaimState.WITHDRAWN):
        claim.ended_at = clock.now()
    claim.save()
    record(claim, event, actor, {"to": claim.state} | dict(data or {}))
    return claim


def check_other_person(*, claim: Claim, actor: Actor) -> None:
    """初审、评审、审定 are different people's, and nobody's who handed the claim in."""
    if actor.user_id in (claim.submitted_by_id, claim.checked_by_id):
        raise SamePerson(
            "这件申报由您提交或初审过，这一步不能再由您办。",
            hint="请由同事办理：初审、评审、审定要由不同的人办。",
        )


def keep_check(*, claim: Claim, actor: Actor) -> None:
    """Remember who made the first check."""
    claim.checked_by_id = actor.user_id
    claim.save(update_fields=["checked_by"])


def keep_decision(
    *, claim: Claim, actor: Actor, assessment: Assessment, amount: Decimal, reason: str = ""
) -> None:
    """Remember who decided, what was known on that day, and how much is meant to be given."""
    claim.decided_by_id, claim.decided_at = actor.user_id, clock.now()
    claim.decided_facts = facts_kept(assessment, claim.stated)
    claim.decided_explanation = explanation_kept(assessment.tree)
    claim.computed = computed_kept(assessment.computed)
    claim.amount, claim.reason = amount, reason


def set_amount(*, claim: Claim, amount: Decimal, reason: str) -> None:
    """Another amount than was announced, with the reason."""
    claim.amount, claim.reason = amount, reason


def set_promised(*, claim: Claim, day: date | None) -> None:
    """By when it is promised."""
    claim.promised_on = day
    claim.save(update_fields=["promised_on"])


def ask_correction(*, claim: Claim, text: str, asks: Sequence[str], by: date) -> None:
    """要求补正, once: everything that is to be mended, and by which day; ``move`` keeps it."""
    if claim.correction:
        raise ClaimMoveNotPossible(
            "这件申报已经要求补正过一次。", hint="补正只能一次告知；请按现有材料办，或转审定人决定。"
        )
    claim.correction, claim.correct_by = {"text": text, "asks": list(asks)}, by


def keep_correction(
    *,
    claim: Claim,
    reply: str,
    assessment: Assessment | None,
    stated: Mapping[str, object],
    amount: Decimal,
    files: Sequence[tuple[str, StoredFile]],
) -> None:
    """What was mended takes the place of what was handed in; files that it replaces stay readable."""
    claim.correction = claim.correction | {"reply": reply}
    claim.corrected_at = clock.now()
    claim.stated, claim.amount = dict(stated), amount
    if assessment is not None:
        claim.computed = computed_kept(assessment.computed)
        claim.facts = facts_kept(assessment, stated)
        claim.explanation = explanation_kept(assessment.tree)
    names = [name for name, _file in files]
    claim.files.filter(material__in=names, replaced_at=None).update(replaced_at=clock.now())
    add_files(claim=claim, files=list(files))


def set_budget_line(*, claim: Claim, line: str, actor: Actor) -> None:
    """From what it is paid, where its offer did not say."""
    claim.budget_line = line
    claim.revision += 1
    claim.save(update_fields=["budget_line", "revision"])
    audit.record(
        claim.reference,
        "claim_funded",
        actor=actor,
        data={"line": line, "year": claim.year},
        division=claim.division_code,
    )


def checked_amount(text: str, most: Decimal) -> Decimal:
    """An amount that a person sets: above nothing, within what the rule allows; raises ClaimInvalid."""
    try:
        amount = rounded(Decimal(text.replace(",", "").strip()))
    except (ArithmeticError, ValueError) as error:
        raise ClaimInvalid.of_fields({"amount": "请填写金额（元），如 300000。"}) from error
    if not 0 < amount <= most:
        raise ClaimInvalid.of_fields({"amount": f"金额要大于0，不超过按规则算出的{most:,.2f}元。"})
    return amount


def change_account(*, claim: Claim, account: str, actor: Actor) -> None:
    """Another account in the enterprise's name; it rests for a day before money goes there."""
    if claim.state not in LIVE or claim.state in GIVEN:
        raise ClaimMoveNotPossible(
            "这件申报已经审定，支付单已生成，不能再改收款账户。", hint="被银行退回的，请联系支付单位更正。"
        )
    tail = claim.account_tail
    claim.account_cipher, claim.account_tail = vault.encrypt(account), account[-4:]
    claim.account_changed_at = clock.now()
    claim.revision += 1
    claim.save(update_fields=["account_cipher", "account_tail", "account_changed_at", "revision"])
    audit.record(
        claim.reference, "claim_account", actor=actor, data={"from_tail": tail, "to_tail": claim.account_tail}
    )


def account_of(claim: Claim) -> str:
    """The readable account, for the payment order alone."""
    return vault.decrypt(claim.account_cipher)


def record(claim: Claim, event: ClaimEvent, actor: Actor, data: Mapping[str, Any]) -> None:
    """In the claim's own chain: the rule's version, amounts and the digest of what was known, never an account."""
    told = {
        "offer": claim.offer_key,
        "offer_version": claim.offer_version_id,
        "amount": str(claim.amount),
        "account_tail": claim.account_tail,
    }
    audit.record(
        claim.reference, f"claim_{event}", actor=actor, data=told | dict(data), division=claim.division_code
    )
