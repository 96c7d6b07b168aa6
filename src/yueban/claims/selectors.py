"""Reads of claims and lists. `claims_visible_to` serves list, page, export and count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.claims.accounts_of import is_cooling as is_cooling
from yueban.claims.assessing import STATED as STATED
from yueban.claims.assessing import Assessment as Assessment
from yueban.claims.assessing import Fact as Fact
from yueban.claims.assessing import assess as assess
from yueban.claims.assessing import computed_kept as computed_kept
from yueban.claims.assessing import elements_of as elements_of
from yueban.claims.assessing import explanation_kept as explanation_kept
from yueban.claims.assessing import facts_kept as facts_kept
from yueban.claims.assessing import is_proven as is_proven
from yueban.claims.assessing import read_stated as read_stated
from yueban.claims.assessing import wanted as wanted
from yueban.claims.ceilings import exclusion_of as exclusion_of
from yueban.claims.ceilings import paid_before as paid_before
from yueban.claims.ceilings import paid_before_of as paid_before_of
from yueban.claims.choices import GIVEN, LIVE, ClaimState, EntryState, ListState
from yueban.claims.errors import ClaimNotFound
from yueban.claims.finding import checked_filters as checked_filters
from yueban.claims.finding import choices_of as choices_of
from yueban.claims.finding import counts_by_state as counts_by_state
from yueban.claims.finding import narrowed as narrowed
from yueban.claims.finding import told as told
from yueban.claims.models import AutoEntry, AutoList, Claim
from yueban.claims.steps import COURSES as COURSES
from yueban.claims.steps import JOINT as JOINT
from yueban.claims.steps import Course as Course
from yueban.claims.steps import Step as Step
from yueban.claims.steps import events_from as events_from
from yueban.claims.steps import moved as moved
from yueban.claims.steps import with_joint as with_joint
from yueban.divisions import selectors as divisions
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.policies.amounts import instalments as instalments

# They see the claims that their agency decides.
SEES_AGENCY = frozenset({roles.DECIDER, roles.REVIEWER, roles.SUPERVISOR})
_SEEN_BY_PAYER = (ClaimState.AGREED, ClaimState.PAYING, ClaimState.PAID)


def claims_visible_to(actor: Actor) -> QuerySet[Claim]:
    """Claims of the actor's own parties; by post those of his agency within his divisions, a payer's of his place."""
    allowed = Q(party_id__in=actor.party_ids)
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        if post.role == roles.PAYER:
            allowed |= within & Q(state__in=_SEEN_BY_PAYER)
        elif post.role == roles.SUPERVISOR and post.is_city_wide:
            allowed |= within
        elif post.role in SEES_AGENCY:
            allowed |= within & agencies.reached_by(post)
    if actor.posts:
        allowed |= Q(number__in=approvals.references_with_task_for(actor, "claim"))
    return Claim.objects.filter(allowed)


def get_claim(actor: Actor, number: str) -> Claim:
    """The claim with what its page shows; ClaimNotFound for a wrong number and for another's alike."""
    rows = claims_visible_to(actor).select_related(
        "offer_version__offer__policy",
        "party",
        "agency__division",
        "submitted_by",
        "checked_by",
        "decided_by",
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise ClaimNotFound("没有找到这件申报。", hint="请核对编号，或从“我的申报”重新打开。")
    return found


def claims_of(party_ids: Iterable[int]) -> QuerySet[Claim]:
    """Claims of these parties, the newest first; the caller knows that they are the actor's own."""
    return (
        Claim.objects.filter(party_id__in=list(party_ids))
        .select_related("agency", "party")
        .order_by("-submitted_at", "-pk")
    )


def corrections_over() -> list[str]:
    """Numbers of the claims whose day to be mended has passed."""
    rows = Claim.objects.filter(state=ClaimState.CORRECTING, correct_by__lt=clock.today())
    return list(rows.order_by("pk").values_list("number", flat=True))


def claim_of_click(party_id: int, key: str) -> Claim | None:
    """The claim that this very click has made already."""
    return Claim.objects.filter(party_id=party_id, key=key).first() if key else None


@dataclass(frozen=True, slots=True)
class Claimed:
    """That an enterprise has claimed an offer, and how far it came."""

    offer_key: str
    party_id: int
    submitted_at: datetime
    is_agreed: bool
    is_paid: bool


def claimed_of(year: int, offer_keys: Iterable[str]) -> list[Claimed]:
    """The claims of these offers in a year that were not taken back; one query."""
    rows = Claim.objects.filter(year=year, offer_key__in=list(offer_keys))
    return [
        Claimed(key, party, at, state in GIVEN, state in (ClaimState.PAYING, ClaimState.PAID))
        for key, party, at, state in rows.exclude(state=ClaimState.WITHDRAWN).values_list(
            "offer_key", "party_id", "submitted_at", "state"
        )
    ]


def live_exclusions(party_id: int) -> frozenset[str]:
    """What the enterprise has a claim of that is not over."""
    rows = Claim.objects.filter(party_id=party_id, state__in=LIVE)
    return frozenset(rows.values_list("exclusion", flat=True))


def agreed_claims(line: str, year: int) -> QuerySet[Claim]:
    """Claims that wait for money of a budget line, in the order of their decisions."""
    rows = Claim.objects.filter(state=ClaimState.AGREED, budget_line=line, year=year)
    return rows.select_related("party", "agency").order_by("decided_at", "pk")


def claims_by_number(numbers: Iterable[str]) -> dict[str, Claim]:
    """These claims by their numbers, with what is looked at before they are paid; one query."""
    rows = Claim.objects.filter(number__in=set(numbers)).select_related("offer_version", "agency", "party")
    return {claim.number: claim for claim in rows}


def claims_of_offer(offer_key: str, year: int, party_ids: Iterable[int]) -> list[Claim]:
    """What these parties claim or were given of one offer in a year."""
    rows = Claim.objects.filter(offer_key=offer_key, year=year, party__in=list(party_ids))
    return list(rows.filter(state__in=(*LIVE, ClaimState.PAID)).order_by("pk"))


def lists_visible_to(actor: Actor) -> QuerySet[AutoList]:
    """Lists of the actor's agency within his divisions; a city-wide supervisor's of his division."""
    allowed = Q(pk__in=[])
    for post in actor.posts:
        within = divisions.within("division_code", post.division)
        if post.role == roles.SUPERVISOR and post.is_city_wide:
            allowed |= within
        elif post.role in (roles.REVIEWER, roles.DECIDER, roles.SUPERVISOR):
            allowed |= within & agencies.reached_by(post)
    return AutoList.objects.filter(allowed).select_related("agency", "made_by", "checked_by")


def get_list(actor: Actor, number: str) -> AutoList:
    """The list with what its page shows; ClaimNotFound for a wrong number and for another's alike."""
    found = lists_visible_to(actor).filter(number=number).first()
    if found is None:
        raise ClaimNotFound("没有找到这份名单。", hint="请核对编号，或从“免申即享名单”重新打开。")
    return found


def entries_of(auto_list: AutoList) -> QuerySet[AutoEntry]:
    """The enterprises of a list in their order."""
    return auto_list.entries.select_related("claim", "party").order_by("pk")


def entry_counts(auto_list: AutoList) -> dict[str, tuple[int, object]]:
    """How many entries stand where, and for how much."""
    rows = auto_list.entries.values("state").annotate(many=Count("pk"), amount=Sum("amount"))
    return {row["state"]: (row["many"], row["amount"]) for row in rows.order_by()}


def entries_to_answer(party_ids: Iterable[int]) -> QuerySet[AutoEntry]:
    """What these parties are asked: their consent is waited for, or was given and waits for money."""
    states = (EntryState.ASKED, EntryState.HELD, EntryState.QUEUED, EntryState.CONSENTED)
    rows = AutoEntry.objects.filter(party_id__in=list(party_ids), state__in=states)
    told = rows.exclude(auto_list__state__in=(ListState.MADE, ListState.NOTICED, ListState.DROPPED))
    return told.select_related("auto_list__agency", "claim").order_by("-pk")


def entries_standing(party_id: int, states: Iterable[EntryState]) -> list[AutoEntry]:
    """The enterprise's entries in these states, with their lists."""
    rows = AutoEntry.objects.filter(party_id=party_id, state__in=list(states))
    return list(rows.select_related("auto_list").order_by("pk"))


def is_given_since(entry: AutoEntry, exclusion: str) -> bool:
    """Whether the enterprise has claimed or was given the same since the list was made."""
    rows = Claim.objects.filter(party_id=entry.party_id, exclusion=exclusion)
    later = Q(submitted_at__gte=entry.auto_list.made_at, state=ClaimState.PAID)
    return rows.filter(Q(state__in=LIVE) | later).exists()


def get_entry(actor: Actor, entry_id: int) -> AutoEntry:
    """An entry of the actor's own party that was told to it; ClaimNotFound otherwise."""
    rows = AutoEntry.objects.filter(pk=entry_id, party_id__in=actor.party_ids)
    told = rows.exclude(auto_list__state__in=(ListState.MADE, ListState.NOTICED, ListState.DROPPED))
    found = told.select_related("auto_list__agency", "auto_list__offer_version", "party", "claim").first()
    if found is None:
        raise ClaimNotFound("没有找到这项免申即享。", hint="请从“惠企政策”页面重新打开。")
    return found


def entry_reference(entry: AutoEntry) -> Reference:
    """How messages name what an enterprise is asked."""
    return Reference("auto-entry", str(entry.pk))


def listed_before(offer_key: str, year: int) -> frozenset[int]:
    """The parties that stand on a list of this offer for the year already."""
    rows = AutoEntry.objects.filter(offer_key=offer_key, year=year).exclude(state=EntryState.REMOVED)
    return frozenset(rows.values_list("party_id", flat=True))


def lists_to_remind() -> list[str]:
    """Numbers of the lists that ask for consent."""
    rows = AutoList.objects.filter(state=ListState.ASKING, consent_until__isnull=False)
    return list(rows.order_by("pk").values_list("number", flat=True))


def queued_entries(line: str, year: int) -> Sequence[AutoEntry]:
    """Who has consented and waits for money of a budget line: first come, first served."""
    rows = AutoEntry.objects.filter(
        state=EntryState.QUEUED, auto_list__budget_line=line, auto_list__year=year
    )
    return list(rows.select_related("auto_list").order_by("consented_at", "pk"))


def queued_lines() -> list[tuple[str, int]]:
    """Budget lines, with their years, on which somebody who has consented waits for money."""
    rows = AutoEntry.objects.filter(state=EntryState.QUEUED).order_by()
    return list(rows.values_list("auto_list__budget_line", "auto_list__year").distinct())


def is_over(auto_list: AutoList) -> bool:
    """Whether the last day to consent has passed."""
    return auto_list.consent_until is not None and auto_list.consent_until < clock.today()
