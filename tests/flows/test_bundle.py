"""一件事: filled in once, handed in once; its children are ordinary cases that hang on one another."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import bundles, people
from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind
from yueban.audit.selectors import verify_chain
from yueban.cases import selectors as cases
from yueban.cases.choices import BundleState, CaseState, ChildOutcome, ChildState
from yueban.cases.errors import ApplicationInvalid, CaseMoveNotPossible, CaseStale
from yueban.cases.models import BundleCase, Case
from yueban.certificates import selectors as certificates
from yueban.clocks import selectors as clocks
from yueban.clocks.choices import ClockKind
from yueban.documents import selectors as documents
from yueban.flows import apply, bundle, bundle_steps, bundle_window, deliver, review
from yueban.flows.sweep import sweep
from yueban.kernel import clock
from yueban.kernel.codes import public_number
from yueban.kernel.errors import NotAllowed, NotFound
from yueban.kernel.reference import Reference
from yueban.notifications.selectors import messages_visible_to

pytestmark = pytest.mark.django_db


def states(made: BundleCase) -> dict[str, str]:
    return {row.child_key: str(row.state) for row in made.children.all()}


def test_three_things_share_the_card_and_one_waits_for_the_number_of_another_and_one_is_refused():
    """Appendix A 8."""
    version = bundles.publish_bundle()
    draft = bundles.draft(version)
    asked = [material.name for material in bundle.check(people.actor(people.OWNER), draft.number).materials]
    assert asked.count("居民身份证") == 1
    made = bundle.submit(people.actor(people.OWNER), draft.number)
    assert public_number.is_valid_case_number(made.number)
    assert states(made) == {"a": "started", "b": "waiting", "c": "started"}
    bundle_window.receive_all(people.actor(people.CLERK), made.number)
    files = {
        key: bundles.case_of(made, key).materials.get(key="card").files.get().file_id for key in ("a", "c")
    }
    assert files["a"] == files["c"]

    granted = bundles.decided(made, "a", is_granted=True)
    (permit,) = certificates.certificates_for(Reference("case", granted.number))
    second = bundles.case_of(made, "b")
    assert second.state == CaseState.ACCEPTED
    assert second.form["freight.permit_number"] == permit.number
    assert second.materials.get(key="card").files.get().file_id == files["a"]
    (promise,) = [
        row for row in clocks.clocks_of(Reference("case", second.number)) if row.kind == ClockKind.PROMISE
    ]
    assert promise.started_on == clock.today()

    bundles.decided(made, "c", is_granted=False)
    made.refresh_from_db()
    assert made.state == BundleState.PART_DONE
    assert made.ended_at is None
    bundles.decided(made, "b", is_granted=True)
    made.refresh_from_db()
    assert (made.state, made.ended_at is not None) == (BundleState.PART_DONE, True)
    views = cases.child_views([made])[made.pk]
    assert [view.word for view in views] == ["已办成", "未准予", "已办成"]
    assert "理由：材料与事实不符。" in views[1].sentence
    assert "3项中2项办成" in cases.bundle_sentence(made, views)
    assert verify_chain(Reference("bundle", made.number)).ok


def test_one_click_of_the_window_takes_all_in_with_papers_of_their_own_and_one_receipt():
    made = bundles.submitted(bundles.publish_bundle())
    clerk = people.actor(people.CLERK)
    tasks = approvals.inbox(clerk).filter(kind=TaskKind.RECEIVE)
    assert tasks.count() == 2
    done = bundle_window.receive_all(clerk, made.number, key="once")
    assert (done.received, done.accepted, done.left) == (2, 2, ())
    assert not tasks.exists()
    for key in ("a", "c"):
        case = bundles.case_of(made, key)
        kinds = [row.kind for row in documents.documents_of(Reference("case", case.number))]
        assert kinds == ["receipt", "acceptance"]
        assert case.promised_on is not None
    (receipt,) = documents.documents_of(Reference("bundle", made.number))
    assert [row[1].split("\n")[0] for row in receipt.content["table"]["rows"]] == ["事项A", "事项C", "事项B"]
    again = bundle_window.receive_all(clerk, made.number, key="once")
    assert (again.received, again.accepted) == (0, 0)
    assert documents.documents_of(Reference("bundle", made.number)).count() == 1


def test_what_is_incomplete_is_left_to_the_window_and_the_rest_is_accepted():
    made = bundles.submitted(bundles.publish_bundle())
    lost = bundles.case_of(made, "c")
    lost.materials.get(key="card").files.all().delete()
    done = bundle_window.receive_all(people.actor(people.CLERK), made.number)
    assert (done.received, done.accepted) == (2, 1)
    assert done.left[0][0] == "事项C"
    lost.refresh_from_db()
    assert lost.state == CaseState.RECEIVED


def test_handing_in_twice_gives_the_same_parent_and_no_more_cases():
    version = bundles.publish_bundle()
    draft, owner = bundles.draft(version), people.actor(people.OWNER)
    first = bundle.submit(owner, draft.number)
    assert bundle.submit(owner, draft.number).pk == first.pk
    assert Case.objects.filter(in_bundle=True).count() == 2


def test_nothing_is_handed_in_when_a_field_is_missing_and_nothing_typed_is_lost():
    version = bundles.publish_bundle()
    owner = people.actor(people.OWNER)
    draft = bundle.start(owner, version.pk, {}, people.company_of(owner))
    bundle.save_draft(owner, draft.number, {"contact.name": "陈示例"}, None)
    with pytest.raises(ApplicationInvalid, match="没有填好"):
        bundle.submit(owner, draft.number)
    assert not BundleCase.objects.exists()
    assert cases.get_bundle_application(owner, draft.number).form == {"contact.name": "陈示例"}


def test_nobody_applies_in_the_name_of_another_company():
    version = bundles.publish_bundle()
    with pytest.raises(NotAllowed):
        bundle.start(
            people.actor(people.STRANGER), version.pk, {}, people.company_of(people.actor(people.OWNER))
        )


def test_a_failure_in_the_middle_of_submitting_leaves_nothing_behind(monkeypatch):
    version = bundles.publish_bundle()
    draft = bundles.draft(version)
    begun: list[str] = []

    def fail_at_second(bundle_case, child, actor, **options):
        begun.append(child.child_key)
        if len(begun) == 2:
            raise RuntimeError("killed")
        return begin(bundle_case, child, actor, **options)

    begin = bundle_steps.begin_child
    monkeypatch.setattr(bundle_steps, "begin_child", fail_at_second)
    with pytest.raises(RuntimeError):
        bundle.submit(people.actor(people.OWNER), draft.number)
    assert not BundleCase.objects.exists()
    assert not Case.objects.exists()
    monkeypatch.setattr(bundle_steps, "begin_child", begin)
    assert bundle.submit(people.actor(people.OWNER), draft.number).children.count() == 3


def test_a_child_that_cannot_begin_blocks_no_decision_and_begins_with_the_next_sweep(monkeypatch):
    made = bundles.received(bundles.publish_bundle())

    def fail(*_args, **_options):
        raise RuntimeError("no")

    begin = bundle_steps.begin_child
    monkeypatch.setattr(bundle_steps, "begin_child", fail)
    assert bundles.decided(made, "a", is_granted=True).state == CaseState.READY
    assert bundles.child(made, "b").state == ChildState.WAITING
    monkeypatch.setattr(bundle_steps, "begin_child", begin)
    assert sweep()["children_begun"] == 1
    assert bundles.case_of(made, "b").state == CaseState.ACCEPTED
    assert sweep()["children_begun"] == 0


def test_what_needs_a_refused_item_never_begins_and_says_why():
    made = bundles.received(bundles.publish_bundle())
    bundles.decided(made, "a", is_granted=False)
    waiting = bundles.child(made, "b")
    assert waiting.state == ChildState.NOT_STARTED
    assert "事项A" in waiting.why
    assert bundles.case_of(made, "c").state == CaseState.ACCEPTED


def test_what_may_be_done_again_keeps_the_others_waiting():
    made = bundles.received(bundles.publish_bundle(on_refusal={"a": "can_redo"}))
    bundles.decided(made, "a", is_granted=False)
    assert bundles.child(made, "b").state == ChildState.WAITING
    views = cases.child_views([made])[made.pk]
    assert "可以补办" in views[0].sentence


def test_a_refusal_that_blocks_all_ends_what_is_not_decided():
    made = bundles.received(bundles.publish_bundle(on_refusal={"a": "block_all"}))
    bundles.decided(made, "a", is_granted=False)
    assert bundles.child(made, "b").state == ChildState.NOT_STARTED
    assert bundle_steps.stop_blocked(made.pk) == 1
    assert bundle_steps.stop_blocked(made.pk) == 0
    stopped = bundles.case_of(made, "c")
    assert stopped.state == CaseState.TERMINATED
    assert "事项A" in stopped.decision_reason
    made.refresh_from_db()
    assert made.state == BundleState.REFUSED


def test_withdrawing_all_takes_back_what_is_open_and_leaves_what_is_decided():
    made = bundles.received(bundles.publish_bundle(edges=[]))
    bundles.decided(made, "a", is_granted=True)
    owner = people.actor(people.OWNER)
    made = bundle.withdraw_all(owner, made.number, "不办了", key="k")
    assert {row.child_key: row.outcome for row in made.children.all()} == {
        "a": ChildOutcome.GRANTED,
        "b": ChildOutcome.WITHDRAWN,
        "c": ChildOutcome.WITHDRAWN,
    }
    assert made.state == BundleState.PART_DONE
    assert bundle.withdraw_all(owner, made.number, "不办了", key="k").revision == made.revision


def test_withdrawing_before_anything_is_decided_starts_nothing():
    made = bundles.received(bundles.publish_bundle())
    made = bundle.withdraw_all(people.actor(people.OWNER), made.number)
    assert made.state == BundleState.WITHDRAWN
    assert bundles.child(made, "b").case is None


def test_a_stale_page_withdraws_nothing():
    made = bundles.submitted(bundles.publish_bundle())
    before = made.revision
    bundle_window.receive_all(people.actor(people.CLERK), made.number)
    with pytest.raises(CaseStale):
        bundle.withdraw_all(people.actor(people.OWNER), made.number, revision=before)


def test_results_of_a_group_are_held_and_handed_out_together():
    made = bundles.received(bundles.publish_bundle(edges=[], joint=["a", "c"]))
    first = bundles.decided(made, "a", is_granted=True)
    assert bundles.child(made, "a").is_held
    assert certificates.certificates_for(Reference("case", first.number)).exists()
    clerk = people.actor(people.CLERK)
    assert not approvals.inbox(clerk).filter(kind=TaskKind.DELIVER).exists()
    with pytest.raises(CaseMoveNotPossible, match="一起发证"):
        deliver.deliver(clerk, first.number, method="窗口领取", proof="本人签收")
    assert "已办结，等一起发证" in cases.child_views([made])[made.pk][0].sentence
    bundles.decided(made, "c", is_granted=True)
    assert approvals.inbox(clerk).filter(kind=TaskKind.DELIVER).count() == 2
    assert (
        deliver.deliver(clerk, first.number, method="窗口领取", proof="本人签收").state == CaseState.DELIVERED
    )


def test_a_refused_sibling_lets_the_others_go():
    made = bundles.received(bundles.publish_bundle(edges=[], joint=["a", "c"]))
    bundles.decided(made, "a", is_granted=True)
    bundles.decided(made, "c", is_granted=False)
    assert not bundles.child(made, "a").is_held


def test_the_longest_hold_ends_by_itself(monkeypatch):
    made = bundles.received(bundles.publish_bundle(edges=[], joint=["a", "c"]))
    bundles.decided(made, "a", is_granted=True)
    assert sweep()["released_together"] == 0
    made.refresh_from_db()
    assert made.hold_until is not None
    monkeypatch.setattr(clock, "today", lambda: made.hold_until.replace(year=made.hold_until.year + 1))
    assert bundle_steps.release_overdue(made.pk) == 1
    assert bundle_steps.release_overdue(made.pk) == 0
    assert approvals.inbox(people.actor(people.CLERK)).filter(kind=TaskKind.DELIVER).count() == 1


@pytest.mark.parametrize(
    "username",
    [people.OWNER, people.CLERK, people.OTHER_CLERK, people.REVIEWER, people.DECIDER, people.SUPERVISOR],
)
def test_those_concerned_see_the_parent(username):
    made = bundles.received(bundles.publish_bundle())
    assert cases.get_bundle_case(people.actor(username), made.number) == made


@pytest.mark.parametrize("username", [people.STRANGER, people.CITIZEN, people.OTHER_COUNTY, people.EDITOR])
def test_outsiders_find_no_parent(username):
    made = bundles.received(bundles.publish_bundle())
    outsider = people.actor(username)
    assert not cases.bundle_cases_visible_to(outsider).exists()
    with pytest.raises(NotFound):
        cases.get_bundle_case(outsider, made.number)
    with pytest.raises(NotFound):
        bundle_window.receive_all(outsider, made.number)


def test_one_word_tells_of_all_that_was_handed_in():
    made = bundles.submitted(bundles.publish_bundle())
    told = messages_visible_to(people.actor(people.OWNER)).filter(event="submitted")
    assert [(row.reference_kind, row.reference_number) for row in told] == [("bundle", made.number)]


def test_an_ordinary_case_asks_nothing_about_bundles():
    case, clerk = people.submitted(), people.actor(people.CLERK)
    with CaptureQueriesContext(connection) as asked:
        bundle_steps.after(case, clerk)
    assert not asked.captured_queries


def test_the_views_of_many_parents_take_the_same_few_queries(django_assert_num_queries):
    version = bundles.publish_bundle()
    made = [bundles.received(version)]
    with CaptureQueriesContext(connection) as one:
        cases.child_views(made)
    owner = people.actor(people.OWNER)
    again = bundle.start(owner, version.pk, {}, people.company_of(owner))
    bundle.save_draft(owner, again.number, bundles.FORM, None)
    for key in [material.key for material in bundle.check(owner, again.number).materials]:
        bundle.attach_file(owner, again.number, key, io.BytesIO(people.PDF + key.encode()), "a.pdf")
    made.append(bundle.submit(owner, again.number))
    with django_assert_num_queries(len(one.captured_queries)):
        cases.child_views(made)


def test_a_child_withdrawn_alone_is_told_to_the_parent():
    made = bundles.received(bundles.publish_bundle())
    apply.withdraw(people.actor(people.OWNER), bundles.case_of(made, "c").number)
    made.refresh_from_db()
    assert bundles.child(made, "c").outcome == ChildOutcome.WITHDRAWN
    assert made.state == BundleState.PART_DONE


def test_a_child_that_the_window_returns_is_told_to_the_parent():
    made = bundles.submitted(bundles.publish_bundle())
    review.return_case(people.actor(people.CLERK), bundles.case_of(made, "c").number, "重复提交。")
    assert bundles.child(made, "c").outcome == ChildOutcome.RETURNED
