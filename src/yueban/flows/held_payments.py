"""暂缓拨付: what an order of a claim rests on is looked at again before it is paid; a person may confirm it anew.

A fact that decided and has expired since, or that is under objection, holds this one order back; the others go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from yueban.accounts import walls
from yueban.approvals.errors import TaskNotYours
from yueban.audit import services as audit
from yueban.cases import services as cases
from yueban.certificates import selectors as certificates_read
from yueban.claims import selectors as claims_read
from yueban.claims.choices import GIVEN, Way
from yueban.claims.models import Claim
from yueban.elements import selectors as elements
from yueban.flows import recusal
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.parties import enterprise_facts
from yueban.parties.enterprise_facts import Known
from yueban.payments import selectors as payments_read
from yueban.payments import services as payments
from yueban.payments.errors import OrderNotFound, OrderStale
from yueban.payments.models import PaymentOrder
from yueban.policies import selectors as policies

DISHONEST = "enterprise.is_dishonest"
KIND = "claim"
MOST = 1000
# What is given without a person looking rests on what an authority vouches for.
BY_AUTHORITY = (Way.AUTO, Way.INSTANT)


def claim_number(order: PaymentOrder) -> str:
    """Whose instalment it is."""
    return order.reference_number.split("-", maxsplit=1)[0]


@dataclass(frozen=True)
class Held:
    """An order that must not be paid today, and why; `may_be_confirmed`: new evidence lets it go."""

    order: PaymentOrder
    claim: Claim
    why: str
    may_be_confirmed: bool


def why_not(orders: Sequence[PaymentOrder]) -> dict[int, str]:
    """Of these orders those that must not be paid today, each with the reason."""
    return {one.order.pk: one.why for one in held_of(orders)}


@walls.platform()  # what other departments know of the enterprise counts too
def held_of(orders: Sequence[PaymentOrder]) -> list[Held]:
    """The same with the claims; a few questions however many the orders are."""
    if not orders:
        return []
    claims = claims_read.claims_by_number(claim_number(order) for order in orders)
    parties = {claim.party_id for claim in claims.values()}
    known = enterprise_facts.facts_of_many(parties, clock.today())
    disputed = certificates_read.disputed_of(parties)
    confirmed = payments_read.confirmed_of(orders)
    found = []
    for order in orders:
        claim = claims[claim_number(order)]
        facts = known[claim.party_id]
        why = _why_claim(claim, facts) or _why_disputed(claim, facts, disputed)
        expired = _why_expired(claim, set(lost_facts(claim, facts)) - confirmed.get(order.pk, set()))
        if why or expired:
            found.append(Held(order, claim, why or expired, may_be_confirmed=not why))
    return found


def _why_claim(claim: Claim, facts: Mapping[str, Known]) -> str:
    if claim.state not in GIVEN:
        return "这件申报已经不在待拨付状态。"
    if claims_read.is_cooling(claim.account_changed_at):
        return "收款账户变更未满24小时。"
    fact = facts.get(DISHONEST)
    if fact is not None and fact.value is True:
        return f"{fact.source}记载企业为失信主体。"
    return ""


def _why_disputed(claim: Claim, facts: Mapping[str, Known], disputed: frozenset[tuple[int, str, str]]) -> str:
    for code in _decided_on(claim):
        fact = facts.get(code)
        for one in (code, *(fact.basis if fact is not None else ())):
            source = facts[one].source if one in facts else _decided_on(claim)[code]
            if (claim.party_id, source, one) in disputed:
                return f"审定所依据的“{_name(one)}”（{source}）有异议正在核实，答复以后再付。"
    return ""


def _why_expired(claim: Claim, lost: set[str]) -> str:
    if not lost:
        return ""
    sources = _decided_on(claim)
    names = "、".join(f"“{_name(code)}”（{sources[code]}）" for code in sorted(lost))
    return f"审定所依据的{names}已过有效期，要由主管部门重新核实。"


def lost_facts(claim: Claim, facts: Mapping[str, Known]) -> list[str]:
    """What was known when it was decided, is not known today, and would still decide."""
    decided = _decided_on(claim)
    if all(code in facts for code in decided):
        return []
    assessment = claims_read.assess(
        policies.standard_of(claim.offer_version),
        facts,
        on=clock.today(),
        vocabulary=elements.vocabulary(),
        project=claim.project,
        stated=claim.stated,
        by_authority=claim.way in BY_AUTHORITY,
    )
    return [code for code in claims_read.wanted(assessment) if code in decided]


def _decided_on(claim: Claim) -> dict[str, str]:
    """The facts of the decision with their sources; what the enterprise stated itself does not expire."""
    kept = claim.decided_facts or claim.facts
    return {code: one["source"] for code, one in kept.items() if one["source"] != claims_read.STATED}


def _name(code: str) -> str:
    return elements.vocabulary().get_fact(code).name


def held_for(actor: Actor) -> list[Held]:
    """The orders that are held back today, of the claims that this person decides or pays."""
    with walls.platform():
        visible = claims_read.claims_visible_to(actor).filter(state__in=GIVEN).values_list("number")
        orders = list(payments_read.unpaid_orders(KIND, visible)[:MOST])
    return held_of(orders)


def may_confirm(actor: Actor, claim: Claim) -> bool:
    """Whether the actor decides for the agency whose claim it is."""
    return any(post.role == roles.DECIDER and post.covers(claim.agency.code) for post in actor.posts)


@walls.platform()
@transaction.atomic
def confirm(actor: Actor, order_number: str, *, evidence: str, key: str = "") -> PaymentOrder:
    """重新核实: what had expired was looked at again, and what was seen is written down; the order may go."""
    order = payments.lock_any_order(number=order_number)
    claim = claims_read.claims_by_number([claim_number(order)]).get(claim_number(order))
    if claim is None or not claims_read.claims_visible_to(actor).filter(pk=claim.pk).exists():
        raise OrderNotFound("没有找到这张支付单。", hint="请从“暂缓拨付”列表进入。")
    if not may_confirm(actor, claim):
        raise TaskNotYours("这张支付单不归您核实。", hint="请由主管部门的审定人核实。")
    if cases.is_done(key=key, name="confirm_order", actor=actor, number=order.number):
        return order
    recusal.check(actor, claim.party_id)
    facts = enterprise_facts.facts_of(claim.party_id, clock.today())
    lost = set(lost_facts(claim, facts)) - payments_read.confirmed_of([order]).get(order.pk, set())
    if not lost:
        raise OrderStale("这张支付单现在没有要重新核实的数据。", hint="请刷新页面看最新情况。")
    payments.confirm_order(order=order, about=sorted(lost), evidence=evidence, actor=actor)
    data = {"order": order.number, "facts": sorted(lost)}
    audit.record(claim.reference, "payment_confirmed", actor=actor, data=data, division=claim.division_code)
    cases.remember_done(key=key, name="confirm_order", actor=actor, number=order.number)
    return order
