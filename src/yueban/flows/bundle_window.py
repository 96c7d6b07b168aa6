"""一窗受理: the window takes a bundle in once; what is complete is accepted in the same click."""

from dataclasses import dataclass

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseState
from yueban.cases.models import BundleCase
from yueban.flows import bundle_messages, review
from yueban.kernel.actor import Actor
from yueban.kernel.errors import ServiceError


@dataclass(frozen=True)
class Received:
    """What one click did: how many were taken in and accepted, and why the others were not."""

    bundle_case: BundleCase
    received: int
    accepted: int
    left: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def receive_all(
    actor: Actor, number: str, *, revision: int | None = None, key: str = "", accepts: bool = True
) -> Received:
    """一次收件、一并受理: each child with its own papers and clocks; one that is incomplete is left for the window.

    Where it is filled in at the desk itself it is only received (`accepts` False): looking through it comes next.
    One transaction: whoever lost the race, or was killed in it, has changed nothing.
    """
    seen = cases_read.get_bundle_case(actor, number)
    numbers = cases_read.numbers_of_bundle(seen)
    found = cases.lock_many(numbers)
    bundle_case = cases.lock_bundle_case(number=number, actor=actor)
    if cases.is_done(key=key, name="receive_all", actor=actor, number=number):
        return Received(bundle_case, 0, 0)
    if accepts:
        for case in found:
            cases_read.check_takes_in(case, actor)
    cases.check_bundle_revision(bundle_case=bundle_case, revision=revision)
    received = accepted = 0
    left: list[tuple[str, str]] = []
    for case in found:
        if case.state == CaseState.APPLIED:
            review.receive(actor, case.number)
            received += 1
        if not accepts or case.state not in (CaseState.APPLIED, CaseState.RECEIVED):
            continue
        try:
            with transaction.atomic():
                review.accept(actor, case.number)
            accepted += 1
        except ServiceError as error:
            left.append((case.item_name, f"{error.message}{error.hint}"))
    is_first = cases.mark_received(bundle_case=bundle_case)
    children = cases.children_of(bundle_case)
    if is_first:
        cases.issue_bundle_receipt(bundle_case, children, actor)
        bundle_messages.received(bundle_case, accepted, children)
    cases.tell_chain(bundle_case, "receive", actor, received=received, accepted=accepted)
    cases.touch_bundle(bundle_case=bundle_case)
    cases.remember_done(key=key, name="receive_all", actor=actor, number=number)
    return Received(bundle_case, received, accepted, tuple(left))
