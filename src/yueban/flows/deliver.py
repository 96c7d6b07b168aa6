"""制证与送达: the certificate after a grant, and how it reaches the person."""

from django.db import transaction

from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.models import Case
from yueban.certificates import services as certificates
from yueban.certificates.models import Certificate
from yueban.flows import bundle_holds, founding, mandates, message_texts, pay, recusal
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.parties.choices import Power

DELIVER_WITHIN_DAYS = 10  # 行政许可法 art. 44


def certify(case: Case, actor: Actor) -> Certificate | None:
    """Issue the item's certificate to the applicant, or to the enterprise that the grant registers.

    An item without one goes on to delivery as it is.
    """
    found = cases_read.find_certificate(case)
    if found is None:
        return None
    type_key, data = found
    certificate = certificates.issue_certificate(
        type_key=type_key,
        holder=founding.enterprise_of(case, actor) or case.party,
        agency=case.agency,
        data=data,
        valid_from=clock.today(),
        subject=cases.reference_of(case),
        actor=actor,
    )
    cases.move(case=case, event=CaseEvent.CERTIFY, actor=SYSTEM, certificate=certificate.identifier)
    return certificate


def issue(case: Case, actor: Actor, *, is_granted: bool) -> None:
    """What was decided is told, paid and handed out: at once, or together with its siblings (同步发证)."""
    if is_granted:
        pay.prepare(case, actor)
        founding.hand_over(case)
    plan_delivery(case, actor, is_granted=is_granted)
    message_texts.decided(case, is_granted=is_granted)


def plan_delivery(case: Case, actor: Actor, *, is_granted: bool) -> None:
    """Open the window's task to hand out the result; who comes for it gets the slip to show there."""
    if is_granted and cases_read.is_collected(case):
        cases.issue_collection_slip(case, actor)
    approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[
            approvals.TaskPlan(
                key="deliver",
                kind=TaskKind.DELIVER,
                name="送达",
                agency_id=case.intake_agency_id,
                division_code=case.intake_division,
                role=roles.CLERK,
                stage=90,
                days=DELIVER_WITHIN_DAYS,
            )
        ],
        open_stage=90,
    )


@transaction.atomic
def deliver(
    actor: Actor, number: str, *, method: str, proof: str = "", revision: int | None = None, key: str = ""
) -> Case:
    """送达: method and proof are recorded, the receipt of delivery is issued, the case is closed."""
    case = cases.lock_case(number=number, actor=actor)
    if cases.is_done(key=key, name="deliver", actor=actor, number=number):
        return case
    recusal.check(actor, case.party_id)
    cases.check_revision(case=case, revision=revision)
    bundle_holds.check_not_held(case)
    checked = cases_read.checked_delivery(case, method)
    signed = cases_read.checked_proof(proof, checked)
    _check_helper(case, actor)
    case.delivery_method = checked
    cases.move(case=case, event=CaseEvent.DELIVER, actor=actor, method=checked, proof=signed)
    cases.issue_delivery_receipt(case, actor, method=checked, proof=signed)
    approvals.finish_open_of_kind(
        reference=cases.reference_of(case),
        kind=TaskKind.DELIVER,
        actor=actor,
        outcome=TaskOutcome.DONE,
        opinion=checked,
    )
    cases.remember_done(key=key, name="deliver", actor=actor, number=case.number)
    message_texts.delivered(case)
    return case


def _check_helper(case: Case, actor: Actor) -> None:
    """A helper hands over only what his mandate still lets him collect; a clerk hands it to the person himself."""
    hall = case.intake_agency.code
    if actor.has_role(roles.HELPER, hall) and not actor.has_role(roles.CLERK, hall):
        item_key = case.item_version.item.key
        mandates.check_mandate_of(actor, case.mandate_number, item_key, Power.COLLECT)
