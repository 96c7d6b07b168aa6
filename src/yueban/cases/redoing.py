"""补办 of a child that was not granted: what is known is filled in again, and the new case takes its place."""

from yueban.cases.choices import ApplicationState, ChildOutcome, ChildState
from yueban.cases.models import Application, ApplicationFile, BundleChildCase, Case
from yueban.kernel import clock

# The person may try again; what was revoked, or blocked by another item, is not redone here.
REDOABLE = frozenset(
    {
        ChildOutcome.REFUSED,
        ChildOutcome.NOT_ACCEPTED,
        ChildOutcome.RETURNED,
        ChildOutcome.TERMINATED,
        ChildOutcome.WITHDRAWN,
    }
)
IN_ITS_PLACE, ALL_AGAIN = "can_redo", "block_all"


def on_refusal_of(row: BundleChildCase) -> str:
    """What its not being granted means for the others."""
    children = row.bundle_case.bundle_version.compiled_bundle.children
    return next((str(child.on_refusal) for child in children if child.key == row.child_key), "only_this")


def may_redo(child: BundleChildCase) -> bool:
    """Whether this item alone can be applied for again."""
    is_over = child.state == ChildState.ENDED and child.outcome in REDOABLE
    return is_over and on_refusal_of(child) != ALL_AGAIN


def find_child(child_id: int) -> BundleChildCase:
    """The child that an application redoes."""
    return BundleChildCase.objects.get(pk=child_id)


def fill_again(*, application: Application, case: Case, child: BundleChildCase) -> None:
    """Put what the case was handed in with into a fresh draft; a draft that holds something already is kept."""
    application.redoes = child if on_refusal_of(child) == IN_ITS_PLACE else None
    if application.state == ApplicationState.DRAFT and not application.form:
        application.form = case.form
        now = clock.now()
        rows = case.application.files.filter(removed_at=None).order_by("pk")
        ApplicationFile.objects.bulk_create(
            ApplicationFile(
                application=application,
                material_key=row.material_key,
                file_id=row.file_id,
                added_at=now,
                reused_from=case.number,
            )
            for row in rows
        )
    application.save(update_fields=["redoes", "form"])


def redo_child(*, child: BundleChildCase, case: Case) -> None:
    """The new case stands for the child; the earlier one goes on as an ordinary case. The parent is locked."""
    assert child.case_id is not None  # only what had a case is redone
    Case.objects.filter(pk=child.case_id).update(in_bundle=False)
    case.in_bundle = True
    case.save(update_fields=["in_bundle"])
    child.case, child.state, child.outcome, child.why = case, ChildState.STARTED, "", ""
    child.ended_at = child.held_at = child.released_at = None
    child.save(update_fields=["case", "state", "outcome", "why", "ended_at", "held_at", "released_at"])
