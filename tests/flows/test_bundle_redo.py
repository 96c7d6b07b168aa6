"""补办: an item of a 一件事 that was refused is applied for again with what is known, and takes its place."""

import pytest

from tests import bundles, people
from tests.channels.visitors import visitor
from yueban.cases import selectors as cases
from yueban.cases.choices import BundleState, ChildOutcome, ChildState
from yueban.cases.errors import CaseMoveNotPossible
from yueban.cases.models import Application, BundleCase, Case
from yueban.flows import apply, bundle_redo, review
from yueban.kernel.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def refused(on_refusal: str) -> tuple[BundleCase, Case]:
    made = bundles.received(bundles.publish_bundle(on_refusal={"a": on_refusal}))
    return made, bundles.decided(made, "a", is_granted=False)


def redone(made: BundleCase, case: Case) -> Case:
    owner = people.actor(people.OWNER)
    draft = bundle_redo.begin(owner, made.number, case.number)
    return apply.submit(owner, draft.number)


def test_what_is_known_is_filled_in_and_the_files_come_along():
    made, case = refused("only_this")
    owner = people.actor(people.OWNER)
    draft = bundle_redo.begin(owner, made.number, case.number)
    assert draft.form == case.form
    assert {row.reused_from for row in draft.files.all()} == {case.number}
    assert apply.check(owner, draft.number).is_ready
    assert bundle_redo.begin(owner, made.number, case.number).pk == draft.pk
    assert (
        Application.objects.get(pk=draft.pk).files.count()
        == case.materials.filter(files__isnull=False).count()
    )


def test_a_draft_that_holds_something_already_is_kept():
    made, case = refused("only_this")
    owner = people.actor(people.OWNER)
    draft = bundle_redo.begin(owner, made.number, case.number)
    apply.save_draft(owner, draft.number, {"contact.name": "陈示例"}, None)
    assert bundle_redo.begin(owner, made.number, case.number).form == {"contact.name": "陈示例"}


def test_redone_and_granted_it_lets_what_waited_begin():
    made, case = refused("can_redo")
    assert bundles.child(made, "b").state == ChildState.WAITING
    again = redone(made, case)
    child = bundles.child(made, "a")
    assert (child.case, child.state, child.outcome) == (again, ChildState.STARTED, "")
    clerk = people.actor(people.CLERK)
    review.receive(clerk, again.number)
    review.accept(clerk, again.number)
    bundles.decided(made, "a", is_granted=True)
    assert bundles.child(made, "b").state == ChildState.STARTED
    for key in ("b", "c"):
        if bundles.child(made, key).state == ChildState.STARTED:
            if bundles.case_of(made, key).accepted_at is None:
                review.receive(clerk, bundles.case_of(made, key).number)
                review.accept(clerk, bundles.case_of(made, key).number)
            bundles.decided(made, key, is_granted=True)
    made.refresh_from_db()
    assert made.state == BundleState.DONE


def test_the_refused_case_goes_on_by_itself_and_its_page_is_read():
    made, case = refused("can_redo")
    redone(made, case)
    case.refresh_from_db()
    assert not case.in_bundle
    owner = visitor(people.OWNER)
    assert owner.get(f"/my/cases/{case.number}/").status_code == 200
    assert visitor(people.DECIDER).get(f"/desk/cases/{case.number}/").status_code == 200


def test_of_an_item_alone_the_redone_case_is_an_ordinary_one():
    made, case = refused("only_this")
    again = redone(made, case)
    assert not Case.objects.get(pk=again.pk).in_bundle
    assert bundles.child(made, "a").outcome == ChildOutcome.REFUSED


def test_submitting_the_redone_item_twice_changes_nothing_more():
    made, case = refused("can_redo")
    owner = people.actor(people.OWNER)
    draft = bundle_redo.begin(owner, made.number, case.number)
    first = apply.submit(owner, draft.number)
    assert apply.submit(owner, draft.number).pk == first.pk
    assert bundles.child(made, "a").case == first


@pytest.mark.parametrize("key", ["b", "c"])
def test_what_was_not_refused_is_not_redone(key):
    made, _ = refused("can_redo")
    case = bundles.child(made, key).case
    if case is None:
        assert not cases.may_redo(bundles.child(made, key))
        return
    with pytest.raises(CaseMoveNotPossible):
        bundle_redo.begin(people.actor(people.OWNER), made.number, case.number)


def test_what_blocks_all_is_begun_anew_as_a_whole():
    made, case = refused("block_all")
    with pytest.raises(CaseMoveNotPossible):
        bundle_redo.begin(people.actor(people.OWNER), made.number, case.number)


def test_nobody_redoes_what_is_another_companys():
    made, case = refused("can_redo")
    with pytest.raises(NotFound):
        bundle_redo.begin(people.actor(people.STRANGER), made.number, case.number)
    with pytest.raises(NotAllowed):
        bundle_redo.begin(people.actor(people.CLERK), made.number, case.number)


def test_the_parents_page_says_who_refused_why_and_what_to_do():
    made, case = refused("can_redo")
    page = visitor(people.OWNER).get(f"/my/bundles/{made.number}/").content.decode()
    for words in ("没有办成的，接下来怎么办", "材料与事实不符。", "行政复议", "重新申请“事项A”", "不受影响"):
        assert words in page
    sent = visitor(people.OWNER).post(f"/my/bundles/{made.number}/again/{case.number}")
    assert sent["Location"].startswith("/apply/")
