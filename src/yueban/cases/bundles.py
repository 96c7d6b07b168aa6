"""Writes of 一件事: the draft, the parent case, its children and what follows from their outcomes.

Flows call them inside one transaction. What locks a child's case and its parent locks the case first.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.cases.assistance import Assistance, columns_of
from yueban.cases.bundle_intake import needed_keys, rows_of
from yueban.cases.bundle_rules import BY_CASE_STATE, state_of, waits_for
from yueban.cases.bundle_visibility import bundle_applications_visible_to, bundle_cases_visible_to
from yueban.cases.choices import ApplicationState, CaseState, ChildOutcome, ChildState, RelayOutcome
from yueban.cases.errors import ApplicationStale, CaseNotFound, CaseStale, NotProceeding
from yueban.cases.models import BundleApplication, BundleCase, BundleChildCase, Case
from yueban.cases.numbering import new_bundle_application_number, new_case_number
from yueban.cases.relays import relay_of
from yueban.catalogue.bundles import selectors as bundles_read
from yueban.catalogue.bundles.compiled import CompiledBundle, CompiledChild
from yueban.catalogue.models import BundleVersion
from yueban.documents import services as documents
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference


def bundle_reference(bundle_case: BundleCase) -> Reference:
    """How lower layers know this parent."""
    return Reference("bundle", bundle_case.number)


def start_bundle_application(
    *,
    actor: Actor,
    party_id: int,
    bundle_version: BundleVersion,
    item_keys: Sequence[str],
    answers: Mapping[str, object],
    assistance: Assistance | None,
) -> BundleApplication:
    """Begin a draft, or go on with the one that this person already has for this party and bundle."""
    if actor.user_id is None:
        raise NotAllowed("请先登录再申请。", hint="登录后，已答的问题不用重答。")
    now = clock.now()
    told = {"answers": dict(answers), "item_keys": list(item_keys)}
    application, created = BundleApplication.objects.get_or_create(
        user_id=actor.user_id,
        party_id=party_id,
        bundle_version=bundle_version,
        assisted_by_id=actor.user_id if assistance else None,
        state=ApplicationState.DRAFT,
        defaults={
            **columns_of(assistance),
            **told,
            "number": new_bundle_application_number(),
            "channel": actor.channel,
            "started_at": now,
            "saved_at": now,
        },
    )
    if not created and application.answers != told["answers"]:
        application.answers, application.item_keys = told["answers"], told["item_keys"]
        application.saved_at = now
        application.revision += 1
        application.save(update_fields=["answers", "item_keys", "saved_at", "revision"])
    return application


def lock_bundle_application(*, number: str, actor: Actor) -> BundleApplication:
    """The draft or submission, locked for this transaction, when it is the actor's."""
    visible = bundle_applications_visible_to(actor).filter(number=number).values("pk")
    application = (
        BundleApplication.objects.select_for_update(of=("self",))
        .select_related("party", "bundle_version__bundle", "assist_agency__division")
        .filter(pk__in=visible)
        .first()
    )
    if application is None:
        raise CaseNotFound("没有找到这份申请。", hint="请从“我的办件”进入；只有本人能看到自己的申请。")
    return application


def lock_bundle_draft(*, number: str, actor: Actor) -> BundleApplication:
    """The same, as long as it has not been submitted."""
    application = lock_bundle_application(number=number, actor=actor)
    if application.state != ApplicationState.DRAFT:
        raise ApplicationStale(
            "这份申请已经提交，不能再改。", hint="如需补充，请在办件页面等待补正通知或撤回后重新申请。"
        )
    return application


def create_bundle_case(*, application: BundleApplication, intake_agency: Agency) -> BundleCase:
    """The parent with a row for each child that this person needs; none of them has begun yet."""
    version = application.bundle_version
    compiled = version.compiled_bundle
    keys = needed_keys(application)
    if not keys:
        raise NotProceeding("按您的回答，没有要办的事项。", hint="请回到情形问题核对您的回答。")
    versions = bundles_read.item_versions_of(version)
    now = clock.now()
    hall = application.assist_agency or intake_agency
    made = BundleCase.objects.create(
        number=new_case_number(version.division_code),
        application=application,
        bundle_version=version,
        party=application.party,
        name=compiled.name,
        applicant_name=application.party.name,
        item_keys=sorted({child.item for child in compiled.children if child.key in keys}),
        division_code=version.division_code,
        intake_agency=hall,
        intake_division=application.assist_division or hall.division.code,
        assisted_by_id=application.assisted_by_id,
        mandate_number=application.mandate_number,
        state_since=now,
        submitted_at=now,
    )
    waits = waits_for(compiled.edges, keys)
    rows = [
        BundleChildCase(
            bundle_case=made,
            child_key=child.key,
            row=row,
            item_key=child.item,
            name=_name(child.name, row, rows_of(application, child)),
            item_version=versions[child.key],
            waits_for=list(waits[child.key]),
        )
        for child in _in_order(compiled, keys)
        for row in range(rows_of(application, child))
    ]
    for position, row in enumerate(rows):
        row.position = position
    BundleChildCase.objects.bulk_create(rows)
    application.state = ApplicationState.SUBMITTED
    application.item_keys = made.item_keys
    application.submitted_at = application.saved_at = now
    application.save(update_fields=["state", "item_keys", "submitted_at", "saved_at"])
    return made


def _in_order(compiled: CompiledBundle, keys: Iterable[str]) -> list[CompiledChild]:
    wanted = set(keys)
    order = {key: place for place, stage in enumerate(compiled.stages) for key in stage}
    chosen = [child for child in compiled.children if child.key in wanted]
    return sorted(chosen, key=lambda child: order.get(child.key, len(order)))


def _name(name: str, row: int, rows: int) -> str:
    return f"{name}（{row + 1}）" if rows > 1 else name


def lock_bundle(bundle_case_id: int) -> BundleCase:
    """The parent, locked for this transaction, with what its children are made from."""
    rows = BundleCase.objects.select_for_update(of=("self",)).select_related(
        "application__bundle_version",
        "application__party",
        "application__assist_agency",
        "bundle_version",
        "intake_agency__division",
        "party",
    )
    return rows.get(pk=bundle_case_id)


def lock_bundle_case(*, number: str, actor: Actor) -> BundleCase:
    """The same by number, when the actor may see it; CaseNotFound otherwise."""
    found = bundle_cases_visible_to(actor).filter(number=number).first()
    if found is None:
        raise CaseNotFound("没有找到这件一件事。", hint="请核对编号；只有本人和承办人员能看到。")
    return lock_bundle(found.pk)


def children_of(bundle_case: BundleCase) -> list[BundleChildCase]:
    """The children in their order, each with its case and item version."""
    rows = bundle_case.children.select_related("case", "item_version__item").order_by("position")
    return list(rows)


def child_of(case: Case) -> BundleChildCase | None:
    """The child that a case is; None for an ordinary one."""
    if not case.in_bundle:
        return None
    return BundleChildCase.objects.select_related("bundle_case").filter(case_id=case.pk).first()


def begin_child(*, child: BundleChildCase, case: Case) -> None:
    """The child has its case."""
    child.case, child.state, child.why = case, ChildState.STARTED, ""
    child.save(update_fields=["case", "state", "why"])


def drop_child(*, child: BundleChildCase, why: str, outcome: str = ChildOutcome.BLOCKED) -> None:
    """The child will have no case."""
    child.state, child.outcome, child.why = ChildState.NOT_STARTED, outcome, why[:500]
    child.ended_at = clock.now()
    child.save(update_fields=["state", "outcome", "why", "ended_at"])


def explain_child(*, child: BundleChildCase, why: str) -> None:
    """Why it still waits."""
    if child.why != why[:500]:
        child.why = why[:500]
        child.save(update_fields=["why"])


def keep_outcome(*, child: BundleChildCase, case: Case) -> bool:
    """Write down what came of the case; whether that is news."""
    outcome = outcome_of(case)
    if outcome is None or outcome == child.outcome:
        return False
    child.outcome, child.state, child.ended_at = outcome, ChildState.ENDED, clock.now()
    child.why = case.decision_reason[:500] if outcome != ChildOutcome.GRANTED else ""
    child.save(update_fields=["outcome", "state", "ended_at", "why"])
    return True


def outcome_of(case: Case) -> ChildOutcome | None:
    """What came of a case as far as its siblings are concerned; None while it is open, or as it was before."""
    if case.state == CaseState.CLOSED_ELSEWHERE:
        relay = relay_of(case)
        is_granted = relay is not None and relay.outcome == RelayOutcome.GRANTED
        return ChildOutcome.GRANTED if is_granted else ChildOutcome.REFUSED
    return BY_CASE_STATE.get(case.state)


def hold_child(*, child: BundleChildCase, bundle_case: BundleCase, until: date) -> None:
    """同步发证: keep its result back; the first that is held says until when the longest hold runs."""
    child.held_at = clock.now()
    child.save(update_fields=["held_at"])
    if bundle_case.hold_until is None:
        bundle_case.hold_until = until
        bundle_case.save(update_fields=["hold_until"])
    assert child.case is not None  # only what was granted is held
    documents.hold_result(Reference("case", child.case.number), until=bundle_case.hold_until)


def release_children(*, bundle_case: BundleCase, children: Sequence[BundleChildCase]) -> None:
    """Let go what was held: from now on its result is told, and its papers and certificate can be relied on."""
    now = clock.now()
    documents.release_results(Reference("case", child.case.number) for child in children if child.case)
    for child in children:
        child.released_at = now
    BundleChildCase.objects.bulk_update(children, ["released_at"])
    bundle_case.hold_until = None
    bundle_case.save(update_fields=["hold_until"])
    tell_chain(bundle_case, "joint_issue", SYSTEM, children=[child.name for child in children])


def mark_received(*, bundle_case: BundleCase) -> bool:
    """The window has it; whether that is news."""
    if bundle_case.received_at is not None:
        return False
    bundle_case.received_at = clock.now()
    bundle_case.save(update_fields=["received_at"])
    return True


def settle_state(*, bundle_case: BundleCase, children: Sequence[BundleChildCase], actor: Actor) -> bool:
    """The parent's state follows from its children; whether it has changed."""
    state, is_over = state_of(children)
    bundle_case.revision += 1
    has_changed = state != bundle_case.state or (is_over and bundle_case.ended_at is None)
    if has_changed:
        tell_chain(bundle_case, "state", actor, **{"from": str(bundle_case.state), "to": str(state)})
        bundle_case.state, bundle_case.state_since = state, clock.now()
        bundle_case.ended_at = clock.now() if is_over else None
    bundle_case.save(update_fields=["state", "state_since", "ended_at", "revision"])
    return has_changed


def tell_chain(bundle_case: BundleCase, kind: str, actor: Actor, **data: object) -> None:
    """Append to the chain of the parent; the caller has it locked."""
    audit.record(
        bundle_reference(bundle_case), kind, actor=actor, data=data, division=bundle_case.division_code
    )


def check_bundle_revision(*, bundle_case: BundleCase, revision: int | None) -> None:
    """Refuse an act decided on a page that is older than the parent."""
    if revision is not None and revision != bundle_case.revision:
        raise CaseStale(
            f"您打开页面之后，这件一件事已变为“{bundle_case.get_state_display()}”。",
            hint="请刷新页面，看过最新进度再办。",
            data={"state": bundle_case.state, "revision": bundle_case.revision},
        )


def touch_bundle(*, bundle_case: BundleCase) -> None:
    """What its pages say has changed: a page that was read before is stale."""
    bundle_case.revision += 1
    bundle_case.save(update_fields=["revision"])
