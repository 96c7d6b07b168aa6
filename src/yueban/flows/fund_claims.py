"""没有预算项目: agreed claims that no line pays, and the choice of the line by whoever pays from it."""

from django.db import transaction
from django.db.models import QuerySet

from yueban.accounts import walls
from yueban.approvals.errors import TaskNotYours
from yueban.cases import services as cases
from yueban.claims import selectors as claims_read
from yueban.claims import services as claims
from yueban.claims.choices import ClaimState
from yueban.claims.errors import ClaimMoveNotPossible
from yueban.claims.models import Claim
from yueban.flows import claim_money, pay_claims, recusal
from yueban.flows.pay_batches import may_act
from yueban.kernel.actor import Actor
from yueban.payments import selectors as payments_read
from yueban.payments.errors import PaymentInvalid
from yueban.payments.models import BudgetLine

MOST_LINES = 200


def without_line(actor: Actor) -> QuerySet[Claim]:
    """The agreed claims this person sees that hold money of no line, the oldest decision first."""
    rows = claims_read.claims_visible_to(actor).filter(state=ClaimState.AGREED)
    waiting = rows.exclude(number__in=payments_read.numbers_holding("claim"))
    return waiting.select_related("agency").order_by("decided_at", "pk")


def lines_of(actor: Actor) -> list[BudgetLine]:
    """The lines that this person pays from, to choose from by the year of the claim."""
    rows = payments_read.lines_visible_to(actor).select_related("agency").order_by("-year", "name", "pk")
    return [line for line in rows[:MOST_LINES] if may_act(actor, line.agency.code)]


@walls.platform()
@transaction.atomic
def choose(actor: Actor, number: str, line_key: str, *, revision: int | None = None, key: str = "") -> Claim:
    """选定预算项目: the money is frozen and the payment orders are made; BudgetShort where it does not reach."""
    claim = claims.lock_claim(number=number, actor=actor)
    if cases.is_done(key=key, name="choose_line", actor=actor, number=number):
        return claim
    recusal.check(actor, claim.party_id)
    claims.check_revision(claim=claim, revision=revision)
    if not line_key:
        raise PaymentInvalid.of_fields({f"line-{number}": "请选择从哪个预算项目付。"})
    line = payments_read.get_line(actor, line_key, claim.year)
    if not may_act(actor, line.agency.code):
        raise TaskNotYours("这个预算项目不归您拨付。", hint="请选本单位的预算项目。")
    if not without_line(actor).filter(pk=claim.pk).exists():
        raise ClaimMoveNotPossible("这件申报已经有预算项目，或者不在待拨付。", hint="请刷新页面看最新情况。")
    claims.set_budget_line(claim=claim, line=line.key, actor=actor)
    claim_money.freeze(claim)
    pay_claims.prepare(claim)
    cases.remember_done(key=key, name="choose_line", actor=actor, number=number)
    return claim
