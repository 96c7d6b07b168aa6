"""Two act on the same 一件事 at the same moment: nothing is done twice, nothing is half done, nobody waits for ever."""

import pytest

from tests import bundles, people
from tests.flows.moments import at_once
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome
from yueban.audit.selectors import verify_chain
from yueban.cases.choices import BundleState, CaseState, ChildOutcome
from yueban.cases.models import BundleCase, Case
from yueban.documents.models import HeldResult
from yueban.flows import bundle, bundle_steps, review
from yueban.kernel.errors import ServiceError
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db(transaction=True)


def reviewed(made: BundleCase, *keys: str) -> None:
    """Ready to be decided."""
    reviewer = people.actor(people.REVIEWER)
    for key in keys:
        case = bundles.case_of(made, key)
        task = approvals.inbox(reviewer).get(reference_number=case.number)
        review.finish_task(reviewer, task.pk, outcome=TaskOutcome.CONFORMS, opinion="已经核对")


def deciding(made: BundleCase, key: str):
    number = bundles.case_of(made, key).number
    return lambda: review.decide(people.actor(people.DECIDER), number, is_granted=True)


def faults(outcomes: list[object]) -> list[object]:
    """What is neither a result nor a refusal in words: a deadlock, a broken constraint."""
    return [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, ServiceError)]


def test_handed_in_twice_at_once_gives_one_parent():
    draft = bundles.draft(bundles.publish_bundle())
    owner = people.actor(people.OWNER)
    outcomes = at_once([lambda: bundle.hand_in(owner, draft.number)] * 2)
    assert faults(outcomes) == []
    assert BundleCase.objects.count() == 1
    assert Case.objects.filter(in_bundle=True).count() == 2


def test_two_of_a_group_decided_at_once_are_issued_together():
    made = bundles.received(bundles.publish_bundle(edges=[], joint=["a", "c"]))
    reviewed(made, "a", "c")
    outcomes = at_once([deciding(made, "a"), deciding(made, "c")])
    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    assert not HeldResult.objects.exists()
    delivers = approvals.inbox(people.actor(people.CLERK)).filter(kind=TaskKind.DELIVER)
    assert delivers.count() == 2
    assert verify_chain(Reference("bundle", made.number)).ok


def test_a_decision_and_withdrawing_all_at_once_leave_each_case_with_one_end():
    made = bundles.received(bundles.publish_bundle(edges=[]))
    reviewed(made, "a")
    owner = people.actor(people.OWNER)
    outcomes = at_once([deciding(made, "a"), lambda: bundle.withdraw_all(owner, made.number)])
    assert faults(outcomes) == []
    first = bundles.case_of(made, "a")
    assert (first.state, bundles.child(made, "a").outcome) in {
        (CaseState.READY, ChildOutcome.GRANTED),
        (CaseState.WITHDRAWN, ChildOutcome.WITHDRAWN),
    }
    made.refresh_from_db()
    assert made.state in {BundleState.PART_DONE, BundleState.WITHDRAWN}
    assert verify_chain(Reference("case", first.number)).ok


def test_the_release_and_the_last_decision_at_once_hand_out_once():
    made = bundles.received(bundles.publish_bundle(edges=[], joint=["a", "c"]))
    bundles.decided(made, "a", is_granted=True)
    reviewed(made, "c")
    BundleCase.objects.filter(pk=made.pk).update(hold_until="2026-01-01")
    outcomes = at_once([deciding(made, "c"), lambda: bundle_steps.release_overdue(made.pk)])
    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    assert not HeldResult.objects.exists()
    delivers = approvals.inbox(people.actor(people.CLERK)).filter(kind=TaskKind.DELIVER)
    assert delivers.count() == 2
