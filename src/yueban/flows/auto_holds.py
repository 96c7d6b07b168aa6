"""数据异议 and 免申即享: what an enterprise objects to lists it nowhere, and its entry is held until the answer.

A value found wrong stays aside until its source says something newer.
"""

from collections.abc import Collection, Sequence

from yueban.accounts import walls
from yueban.certificates import selectors as certificates_read
from yueban.claims import selectors as claims_read
from yueban.claims import services as claims
from yueban.claims.choices import EntryState, ListState
from yueban.claims.models import AutoEntry
from yueban.claims.selectors import Assessment
from yueban.elements import selectors as elements
from yueban.flows import claim_texts
from yueban.kernel import clock, money
from yueban.kernel.actor import SYSTEM
from yueban.parties import enterprise_facts
from yueban.parties.enterprise_facts import Known
from yueban.policies import selectors as policies
from yueban.policies.models import OfferVersion

Aside = frozenset[tuple[int, str, str]]


def undisputed(version: OfferVersion, listed: Sequence[claims.Listed]) -> list[claims.Listed]:
    """Without those that would be given less once the facts that they object to are left aside."""
    aside = _aside([one.party.pk for one in listed])
    objecting = {party_id for party_id, _source, _element in aside}
    return [
        one
        for one in listed
        if one.party.pk not in objecting
        or _is_given(_proven(version, one.party.pk, aside), one.assessment.computed.amount)
    ]


def _is_given(found: Assessment, amount: object) -> bool:
    return found.is_given and found.computed.amount == amount


@walls.platform()
def hold(party_id: int, about: str) -> int:
    """An objection was made: entries that rest on the value are held; how many."""
    held = 0
    for standing in claims_read.entries_standing(party_id, (EntryState.LISTED, EntryState.ASKED)):
        entry = _locked(standing)
        if entry.state in (EntryState.LISTED, EntryState.ASKED) and not _still_given(entry):
            claims.hold_entry(entry=entry, reason=f"企业对“{about}”提出数据异议，核实前暂缓", actor=SYSTEM)
            _tell(entry, "held", "暂缓", f"您对“{about}”提出了数据异议，核实以后再办，不影响您的资格。")
            held += 1
    return held


@walls.platform()
def release(party_id: int) -> int:
    """An objection was answered: who is given it for certain stands where the list stands; how many were released."""
    released = 0
    for standing in claims_read.entries_standing(party_id, (EntryState.HELD,)):
        entry = _locked(standing)
        if entry.state != EntryState.HELD:
            continue
        if _still_given(entry):
            _bring_back(entry)
        elif certificates_read.disputed(party_id):
            continue
        else:
            _take_off(entry, "异议核实后，按现有数据不能确定符合；数据更正后符合的，列入补充名单")
        released += 1
    return released


def _bring_back(entry: AutoEntry) -> None:
    """Where the list stands; what was not on the notice, or came too late, waits for the supplementary list."""
    made_from = entry.auto_list
    if made_from.state == ListState.MADE or (made_from.state == ListState.NOTICED and entry.is_announced):
        claims.release_entry(entry=entry, to=EntryState.LISTED, reason="", actor=SYSTEM)
    elif made_from.state == ListState.ASKING and entry.is_announced and not claims_read.is_over(made_from):
        claims.release_entry(entry=entry, to=EntryState.ASKED, reason="", actor=SYSTEM)
        until = made_from.consent_until
        day = f"{until.month}月{until.day}日" if until else ""
        text = f"异议已经核实，请在{day}前确认意愿和收款账户，不确认不拨付。"
        _tell(entry, "asked-again", "请确认是否享受", text, needs_action=True)
    else:
        _take_off(entry, "异议已经核实，符合条件，列入补充名单")


def _take_off(entry: AutoEntry, reason: str) -> None:
    claims.release_entry(entry=entry, to=EntryState.REMOVED, reason=reason, actor=SYSTEM)
    _tell(entry, "released", "异议已核实", f"{reason}。")


def _locked(standing: AutoEntry) -> AutoEntry:
    """The entry, its list locked before it."""
    claims.lock_list(number=standing.auto_list.number)
    return claims.lock_entry(entry_id=standing.pk)


def _still_given(entry: AutoEntry) -> bool:
    aside = _aside([entry.party_id])
    return _is_given(_proven(entry.auto_list.offer_version, entry.party_id, aside), entry.amount)


def _aside(party_ids: Collection[int]) -> Aside:
    """What is objected to, and what was found wrong and not been said anew since."""
    wrong = certificates_read.upheld_of(party_ids)
    found = set(certificates_read.disputed_of(party_ids))
    if wrong:
        known = enterprise_facts.facts_of_many({one[0] for one in wrong}, clock.today())
        for (party_id, source, element), day in wrong.items():
            fact = known[party_id].get(element)
            if fact is not None and fact.source == source and fact.as_of < day:
                found.add((party_id, source, element))
    return frozenset(found)


def _proven(version: OfferVersion, party_id: int, aside: Aside) -> Assessment:
    """The offer on what an authority vouches for and nobody objects to."""
    known = enterprise_facts.facts_of(party_id, clock.today())
    dropped = {code for code, fact in known.items() if (party_id, fact.source, code) in aside}
    return claims_read.assess(
        policies.standard_of(version),
        {code: fact for code, fact in known.items() if not _rests_on(code, fact, dropped)},
        on=clock.today(),
        vocabulary=elements.vocabulary(),
        paid=claims_read.paid_before(party_id),
        by_authority=True,
    )


def _rests_on(code: str, fact: Known, dropped: Collection[str]) -> bool:
    return code in dropped or any(one in dropped for one in fact.basis)


def _tell(entry: AutoEntry, event: str, title: str, what: str, *, needs_action: bool = False) -> None:
    """A message, once the enterprise knows of the list."""
    if entry.is_announced:
        text = f"“{entry.auto_list.offer_name}”{money.to_text(entry.amount)}，{what}"
        reference = claims_read.entry_reference(entry)
        claim_texts.tell(entry.party_id, reference, event, title, text, needs_action=needs_action)
