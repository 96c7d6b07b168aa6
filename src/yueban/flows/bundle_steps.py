"""一件事的推进: what follows in a bundle when one of its children gets its case, its outcome, or too late.

Whoever moves a child's case calls `after`, in the same transaction, with the case locked; the parent is locked next.
A child that cannot begin keeps its siblings from nothing: it stays waiting, and the sweep tries again.
"""

import logging
from collections.abc import Sequence

from django.db import transaction

from yueban.accounts import walls
from yueban.approvals import services as approvals
from yueban.approvals.choices import TaskKind
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import CaseEvent, CaseState, ChildOutcome, ChildState
from yueban.cases.models import Application, BundleCase, BundleChildCase, Case
from yueban.flows import bundle_messages, deliver, message_texts, papers, stages
from yueban.jobs import services as jobs
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import ServiceError

logger = logging.getLogger(__name__)

RECEIVE_WITHIN_DAYS = 1  # the hall's own promise, not a legal limit
STOP_JOB = "flows.stop_bundle"
# What cannot be stopped any more, or has ended.
OVER = frozenset({CaseState.GRANTED, CaseState.REFUSED, CaseState.READY, CaseState.DECIDING})


def plan_receive(case: Case) -> None:
    """The window's task to take the case in."""
    approvals.plan_tasks(
        subject=message_texts.subject_of(case),
        plans=[
            approvals.TaskPlan(
                key="receive",
                kind=TaskKind.RECEIVE,
                name="收件",
                agency_id=case.intake_agency_id,
                division_code=case.intake_division,
                role=roles.CLERK,
                days=RECEIVE_WITHIN_DAYS,
            )
        ],
        open_stage=0,
    )


def begin_child(
    bundle_case: BundleCase, child: BundleChildCase, actor: Actor, *, is_checked: bool = True
) -> Case:
    """The child becomes an ordinary submitted application with its case, its files and what satisfies its materials.

    Raises ApplicationInvalid where its own standard finds something missing that the bundle did not ask, unless it
    begins by itself (`is_checked` False): then the window sees what is missing.
    """
    application = cases.child_application(child, bundle_case)
    ready = cases.child_readiness(application, child, bundle_case)
    if is_checked:
        cases.check_ready(ready, name=child.name)
    case = cases.new_case(application, intake_agency=bundle_case.intake_agency)
    case.in_bundle = True
    case.facts |= cases.facts_of_row(application, child)
    cases.create_case(application=application, case=case, materials=cases.case_materials(ready))
    cases.begin_child(child=child, case=case)
    cases.record_satisfied(case, ready, actor)
    data = {"to": case.state, "item": case.item_name, "bundle": bundle_case.number}
    audit.record(cases.reference_of(case), "submit", actor=actor, data=data, division=case.division_code)
    return case


def after(case: Case, actor: Actor) -> None:
    """Something has come of this case: what its siblings do now. Nothing for an ordinary case."""
    if not case.in_bundle:
        return
    # The parent and its other children may be out of this actor's sight.
    with walls.platform():
        _after(case, actor)


def _after(case: Case, actor: Actor) -> None:
    child = cases.child_of(case)
    if child is None:
        return
    bundle_case = cases.lock_bundle(child.bundle_case_id)
    children = cases.children_of(bundle_case)
    own = next(one for one in children if one.pk == child.pk)
    own.case = case
    if not cases.keep_outcome(child=own, case=case):
        return
    if own.is_held and own.outcome != ChildOutcome.GRANTED:
        cases.release_children(bundle_case=bundle_case, children=[own])
    _settle(bundle_case, children, actor)


def rejoin(case: Case, application: Application, actor: Actor) -> None:
    """The redone case stands where the refused one stood; nothing for an ordinary application."""
    if application.redoes_id is None:
        return
    with walls.platform():
        child = cases.find_child(application.redoes_id)
        bundle_case = cases.lock_bundle(child.bundle_case_id)
        children = cases.children_of(bundle_case)
        own = next(one for one in children if one.pk == child.pk)
        if cases_read.may_redo(own):
            cases.redo_child(child=own, case=case)
            cases.settle_state(bundle_case=bundle_case, children=children, actor=actor)


def settle(bundle_case_id: int, actor: Actor = SYSTEM) -> None:
    """Look again at what waits; the same as `after` without news."""
    with walls.platform():
        bundle_case = cases.lock_bundle(bundle_case_id)
        _settle(bundle_case, cases.children_of(bundle_case), actor)


def _settle(bundle_case: BundleCase, children: Sequence[BundleChildCase], actor: Actor) -> None:
    compiled = bundle_case.bundle_version.compiled_bundle
    policies = {child.key: str(child.on_refusal) for child in compiled.children}
    found = cases.settle(children, compiled.edges, policies)
    for row, why in found.drop:
        cases.drop_child(child=_of(children, row), why=why)
    for row in found.begin:
        _begin_later(bundle_case, _of(children, row))
    if found.stop:
        jobs.enqueue(STOP_JOB, bundle_case_id=bundle_case.pk)
    _issue_jointly(bundle_case, children)
    if cases.settle_state(bundle_case=bundle_case, children=children, actor=actor):
        bundle_messages.state_changed(bundle_case, children)


def _of(children: Sequence[BundleChildCase], row: object) -> BundleChildCase:
    return next(child for child in children if child is row)


def _begin_later(bundle_case: BundleCase, child: BundleChildCase) -> None:
    """What waited begins: taken in with the bundle, so accepted now, and its promise runs from now.

    Where its own standard finds it wanting, the window gets it as any other case; where even that fails, it waits.
    """
    try:
        with transaction.atomic():
            case = begin_child(bundle_case, child, SYSTEM, is_checked=False)
    except Exception as error:
        logger.exception("a child of a bundle could not begin", extra={"bundle": bundle_case.number})
        child.case, child.state = None, ChildState.WAITING
        why = getattr(error, "message", "") or "暂时没有开始成功，系统会再试。"
        cases.explain_child(child=child, why=str(why))
        return
    try:
        with transaction.atomic():
            _accept(case)
    except ServiceError as error:
        logger.warning("a child of a bundle is left to the window: %s", error.message)
        case.refresh_from_db()
        plan_receive(case)
    child.case = case


def _accept(case: Case) -> None:
    case.received_at = clock.now()
    cases.move(case=case, event=CaseEvent.ACCEPT_IN_BUNDLE, actor=SYSTEM)
    cases.issue_acceptance(case, SYSTEM)
    cases.issue_payment_notice(case, SYSTEM)
    stages.open_routes([case], SYSTEM)
    message_texts.accepted(case)


def stop_blocked(bundle_case_id: int) -> int:
    """阻断全部: end the cases that are not decided yet; cases are locked before the parent. How many ended."""
    with transaction.atomic():
        numbers = cases_read.open_numbers_of_bundle(bundle_case_id)
        found = cases.lock_many(numbers)
        bundle_case = cases.lock_bundle(bundle_case_id)
        children = cases.children_of(bundle_case)
        compiled = bundle_case.bundle_version.compiled_bundle
        policies = {child.key: str(child.on_refusal) for child in compiled.children}
        why = {
            row.case_id: reason
            for row, reason in cases.settle(children, compiled.edges, policies).stop
            if isinstance(row, BundleChildCase)
        }
        due = [case for case in found if case.pk in why and case.state not in OVER]
        for case in due:
            cases.lapse_many([case], CaseEvent.STOP_WITH_BUNDLE, why[case.pk])
        if due:
            cases.stop_procedures(cases=due)
            approvals.cancel_many(kind="case", numbers=[case.number for case in due])
            papers.later(CaseEvent.STOP_WITH_BUNDLE, [case.number for case in due])
        by_id = {case.pk: case for case in due}
        for child in children:
            if child.case_id in by_id:
                child.case = by_id[child.case_id]
                cases.keep_outcome(child=child, case=child.case)
        if due and cases.settle_state(bundle_case=bundle_case, children=children, actor=SYSTEM):
            bundle_messages.state_changed(bundle_case, children)
    return len(due)


def _issue_jointly(bundle_case: BundleCase, children: Sequence[BundleChildCase]) -> None:
    held = [child for child in children if child.is_held]
    joint = bundle_case.bundle_version.compiled_bundle.joint_issue
    if not held or joint is None:
        return
    group = [child for child in children if child.child_key in joint.children]
    if any(child.state in (ChildState.WAITING, ChildState.STARTED) for child in group):
        return
    _release(bundle_case, held)


def _release(bundle_case: BundleCase, held: Sequence[BundleChildCase]) -> None:
    """Tell, pay and hand out all that was held, together; nobody's act but the time's and the siblings'."""
    cases.release_children(bundle_case=bundle_case, children=held)
    for child in held:
        assert child.case is not None  # only what was granted is held
        deliver.issue(child.case, SYSTEM, is_granted=True)
    bundle_messages.released(bundle_case, held)


def release_overdue(bundle_case_id: int) -> int:
    """The longest hold is over: what is there is handed out, whatever its siblings do."""
    with transaction.atomic():
        bundle_case = cases.lock_bundle(bundle_case_id)
        if bundle_case.hold_until is None or bundle_case.hold_until >= clock.today():
            return 0
        held = [child for child in cases.children_of(bundle_case) if child.is_held]
        _release(bundle_case, held)
    return len(held)


def try_again(bundle_case_id: int) -> bool:
    """Begin what waits although nothing keeps it; whether something began."""
    with transaction.atomic():
        waiting = cases_read.waiting_children(bundle_case_id)
        settle(bundle_case_id)
    return cases_read.waiting_children(bundle_case_id) < waiting
