"""Writes of lists without application: made, looked at again, and what each enterprise answers."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.claims.assessing import Assessment, computed_kept, explanation_kept, facts_kept
from yueban.claims.choices import EntryState, ListState
from yueban.claims.errors import ClaimMoveNotPossible, ClaimNotFound, SamePerson
from yueban.claims.models import AutoEntry, AutoList, Claim
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.parties.models import Party
from yueban.policies.models import OfferVersion
from yueban.policies.standard import OfferStandard
from yueban.vault import services as vault

REMINDERS = 2


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One enterprise that meets every condition."""

    party: Party
    assessment: Assessment


def make_list(
    *,
    version: OfferVersion,
    standard: OfferStandard,
    agency: Agency,
    year: int,
    looked_at: int,
    not_known: int,
    actor: Actor,
) -> AutoList:
    """Begin a list; its enterprises follow."""
    assert actor.user_id is not None  # a list is somebody's
    made = AutoList.objects.create(
        number=f"MS{clock.today():%Y%m%d}{secrets.token_hex(4).upper()}",
        offer_version=version,
        offer_key=standard.key,
        offer_name=standard.name,
        year=year,
        agency=agency,
        division_code=agency.division.code,
        budget_line=standard.budget_line or "",
        looked_at=looked_at,
        not_known=not_known,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    _record(made, "made", actor, looked_at=looked_at, not_known=not_known)
    return made


def add_entries(*, auto_list: AutoList, listed: Iterable[Listed]) -> list[AutoEntry]:
    """Write the enterprises of a list, each with what it was found on."""
    rows = [
        AutoEntry(
            auto_list=auto_list,
            party=one.party,
            party_name=one.party.name,
            offer_key=auto_list.offer_key,
            year=auto_list.year,
            amount=one.assessment.computed.amount,
            computed=computed_kept(one.assessment.computed),
            facts=facts_kept(one.assessment),
            explanation=explanation_kept(one.assessment.tree),
        )
        for one in listed
    ]
    return AutoEntry.objects.bulk_create(rows, batch_size=1000)


def lock_list(*, number: str) -> AutoList:
    """The list, locked for this transaction; the caller knows that the actor may see it."""
    rows = AutoList.objects.select_for_update(of=("self",)).select_related(
        "agency__division", "offer_version"
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise ClaimNotFound("没有找到这份名单。", hint="请从“免申即享名单”重新打开。")
    return found


def check_list(*, auto_list: AutoList, actor: Actor) -> None:
    """复核: by somebody other than who made it."""
    if auto_list.state != ListState.MADE:
        raise ClaimMoveNotPossible("这份名单已经复核过。", hint="请刷新页面看最新进度。")
    if actor.user_id == auto_list.made_by_id:
        raise SamePerson("这份名单由您生成，不能由您复核。", hint="请由另一位同事复核。")
    auto_list.checked_by_id, auto_list.checked_at = actor.user_id, clock.now()
    auto_list.save(update_fields=["checked_by", "checked_at"])
    _record(auto_list, "checked", actor)


def move_list(
    *, auto_list: AutoList, to: ListState, actor: Actor, consent_until: date | None = None, **data: Any
) -> None:
    """The list goes on."""
    auto_list.state = to
    auto_list.revision += 1
    if consent_until is not None:
        auto_list.consent_until = consent_until
    auto_list.save(update_fields=["state", "revision", "consent_until"])
    _record(auto_list, str(to), actor, **data)


def remove_entry(*, auto_list: AutoList, entry: AutoEntry, reason: str, actor: Actor) -> None:
    """移出: with the reason, before anybody was asked."""
    if entry.state not in (EntryState.LISTED, EntryState.HELD):
        raise ClaimMoveNotPossible("这家企业已经不在拟享受之列。", hint="请刷新页面看最新情况。")
    entry.state, entry.reason = EntryState.REMOVED, reason[:500]
    entry.save(update_fields=["state", "reason"])
    _record(auto_list, "removed", actor, party=entry.party_name, reason=entry.reason)


def announce_entries(*, auto_list: AutoList) -> int:
    """Who is listed when the notice begins stands on it."""
    rows = AutoEntry.objects.filter(auto_list=auto_list, state=EntryState.LISTED)
    return rows.update(is_announced=True)


def hold_entry(*, entry: AutoEntry, reason: str, actor: Actor) -> None:
    """暂缓: what it rests on is objected to, and until that is answered nothing is done."""
    entry.state, entry.reason = EntryState.HELD, reason[:500]
    entry.save(update_fields=["state", "reason"])
    _record(entry.auto_list, "held", actor, party=entry.party_name, reason=entry.reason)


def release_entry(*, entry: AutoEntry, to: EntryState, reason: str, actor: Actor) -> None:
    """The objection is answered: the enterprise stands where the list stands, or is taken off with the reason."""
    entry.state, entry.reason = to, reason[:500]
    entry.save(update_fields=["state", "reason"])
    _record(entry.auto_list, "released", actor, party=entry.party_name, to=str(to), reason=entry.reason)


def lock_entry(*, entry_id: int) -> AutoEntry:
    """An entry with its list, locked; the caller knows that the actor may."""
    rows = AutoEntry.objects.select_for_update(of=("self",)).select_related(
        "auto_list__agency__division", "auto_list__offer_version", "party"
    )
    return rows.get(pk=entry_id)


def ask_entries(*, auto_list: AutoList) -> list[AutoEntry]:
    """Who is still listed is asked from now on."""
    rows = AutoEntry.objects.filter(auto_list=auto_list, state=EntryState.LISTED)
    found = list(rows.select_related("party").order_by("pk"))
    for entry in found:
        entry.state, entry.auto_list = EntryState.ASKED, auto_list
    AutoEntry.objects.bulk_update(found, ["state"], batch_size=1000)
    return found


def account_of_entry(entry: AutoEntry) -> str:
    """The readable account of who waits for money."""
    assert entry.account_cipher is not None  # the database asks for it with the consent
    return vault.decrypt(entry.account_cipher)


def consent(*, entry: AutoEntry, account: str, actor: Actor, is_funded: bool) -> None:
    """意愿确认 with an account: ready to be paid, or first in the queue for money."""
    if entry.state != EntryState.ASKED:
        raise ClaimMoveNotPossible(
            f"这项支持现在是“{entry.get_state_display()}”，不用再确认。", hint="请刷新页面看最新情况。"
        )
    entry.state = EntryState.CONSENTED if is_funded else EntryState.QUEUED
    entry.account_cipher, entry.account_tail = vault.encrypt(account), account[-4:]
    entry.consented_by_id, entry.consented_at = actor.user_id, clock.now()
    entry.save()
    _record(entry.auto_list, "consented", actor, party=entry.party_name, is_funded=is_funded)


def tie_claim(*, entry: AutoEntry, claim: Claim) -> None:
    """The consent has become a claim that is agreed: from here on it is paid as any other."""
    entry.state, entry.claim = EntryState.CONSENTED, claim
    entry.save(update_fields=["state", "claim"])


def decline(*, entry: AutoEntry, actor: Actor) -> None:
    """放弃: the enterprise does not want it."""
    if entry.state not in (EntryState.ASKED, EntryState.QUEUED, EntryState.HELD):
        raise ClaimMoveNotPossible("现在不能放弃：已经确认或已经结束。", hint="请刷新页面看最新情况。")
    entry.state = EntryState.DECLINED
    entry.save(update_fields=["state"])
    _record(entry.auto_list, "declined", actor, party=entry.party_name)


def change_entry_account(*, entry: AutoEntry, account: str, actor: Actor) -> None:
    """Another account while the consent waits for money; it rests for a day."""
    entry.account_cipher, entry.account_tail = vault.encrypt(account), account[-4:]
    entry.account_changed_at = clock.now()
    entry.save(update_fields=["account_cipher", "account_tail", "account_changed_at"])
    _record(entry.auto_list, "account", actor, party=entry.party_name, tail=entry.account_tail)


def mark_reminded(*, entries: Iterable[AutoEntry], times: int) -> int:
    """Remember that they were reminded so many times."""
    return AutoEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(reminded=times)


def lapse(*, auto_list: AutoList) -> int:
    """The days to consent are over: silence is no consent, and nothing is paid."""
    rows = AutoEntry.objects.filter(auto_list=auto_list, state=EntryState.ASKED)
    return rows.update(state=EntryState.UNANSWERED)


def _record(auto_list: AutoList, event: str, actor: Actor, **data: Any) -> None:
    told = {"offer": auto_list.offer_key, "offer_version": auto_list.offer_version_id} | data
    audit.record(
        auto_list.reference, f"auto_list_{event}", actor=actor, data=told, division=auto_list.division_code
    )
