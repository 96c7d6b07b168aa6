"""Cases that run in another system: their number there, and what that system says."""

from collections.abc import Iterable

from django.db.models import QuerySet

from yueban.approvals.choices import TaskKind
from yueban.approvals.services import TaskPlan
from yueban.cases.choices import RelayOutcome
from yueban.cases.models import Case, Relay
from yueban.cases.visibility import cases_visible_to
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor

ENTER_WITHIN_DAYS = 1


def relay_plan(case: Case, name: str, *, stage: int = 1) -> TaskPlan:
    """The one step of such a case: the window's, where the case was handed in."""
    return TaskPlan(
        key=f"relay-{stage}",
        kind=TaskKind.RELAY,
        name=name,
        agency_id=case.intake_agency_id,
        division_code=case.intake_division,
        role=roles.CLERK,
        stage=stage,
        days=ENTER_WITHIN_DAYS if stage == 1 else 0,
    )


def relay_of(case: Case) -> Relay | None:
    """The number of a case in another system."""
    return Relay.objects.filter(case=case).first()


def find_relay(system: str, receipt_number: str) -> Relay | None:
    """Whose number this is."""
    return Relay.objects.select_related("case").filter(system=system, receipt_number=receipt_number).first()


def relays_visible_to(actor: Actor) -> QuerySet[Relay]:
    """Those of the cases that this person may see."""
    return Relay.objects.filter(case__in=cases_visible_to(actor)).select_related(
        "case__agency", "case__intake_agency", "entered_by"
    )


def awaiting_number(actor: Actor, items: Iterable[str]) -> QuerySet[Case]:
    """Accepted cases of items that run elsewhere, without a number there."""
    rows = cases_visible_to(actor).filter(item_version__item__key__in=list(items), relay=None)
    return rows.filter(accepted_at__isnull=False, ended_at=None).select_related("intake_agency")


def record_relay(*, case: Case, system: str, system_name: str, receipt_number: str, actor: Actor) -> Relay:
    """Keep the number that the system gave."""
    return Relay.objects.create(
        case=case,
        system=system,
        system_name=system_name,
        receipt_number=receipt_number,
        entered_at=clock.now(),
        entered_by_id=actor.user_id,
    )


def record_relay_status(*, relay: Relay, word: str, outcome: RelayOutcome) -> None:
    """Keep what the system says now; a final word closes it."""
    relay.status, relay.outcome, relay.status_at = word, outcome, clock.now()
    if outcome != RelayOutcome.PENDING:
        relay.closed_at = relay.status_at
    relay.save(update_fields=["status", "outcome", "status_at", "closed_at"])
