"""同步发证: what is granted is kept back until its siblings have a result, or the longest hold is over."""

from datetime import date

from yueban.accounts import walls
from yueban.cases import services as cases
from yueban.cases.choices import ChildState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Case
from yueban.clocks import selectors as clocks_read
from yueban.kernel import clock


def holds(case: Case) -> date | None:
    """Keep a result that is granted now back if it waits for its siblings; to which day at the longest."""
    if not case.in_bundle:
        return None
    # Siblings may be out of this actor's sight.
    with walls.platform():
        return _holds(case)


def _holds(case: Case) -> date | None:
    child = cases.child_of(case)
    if child is None:
        return None
    bundle_case = cases.lock_bundle(child.bundle_case_id)
    joint = bundle_case.bundle_version.compiled_bundle.joint_issue
    if joint is None or child.child_key not in joint.children:
        return None
    siblings = [
        one
        for one in cases.children_of(bundle_case)
        if one.child_key in joint.children and one.pk != child.pk
    ]
    if not any(one.state in (ChildState.WAITING, ChildState.STARTED) for one in siblings):
        return None
    until = clocks_read.due_on(clock.today(), joint.hold.limit, bundle_case.division_code)
    cases.hold_child(child=child, bundle_case=bundle_case, until=until)
    return bundle_case.hold_until


def check_not_held(case: Case) -> None:
    """Refuse to hand out what is issued together with the rest."""
    child = cases.child_of(case)
    if child is not None and child.is_held:
        until = child.bundle_case.hold_until
        last = f"，最晚到{clock.written(until)}" if until else ""
        raise CaseMoveNotPossible(
            f"这一项要和同一件事的其他事项一起发证，现在还不能送达{last}。",
            hint="其他事项都有结果后，系统自动放行。",
        )
