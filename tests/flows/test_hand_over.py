"""At the end of a shift drafts and taken tasks pass to a colleague, and come back until he has opened one."""

import pytest

from tests import people, village
from yueban.agencies import services as agencies
from yueban.agencies.models import Post
from yueban.approvals import selectors as approvals
from yueban.audit import selectors as audit
from yueban.cases import selectors as cases_read
from yueban.flows import assist, hand_over, review
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM
from yueban.kernel.errors import Invalid, NotFound
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def villager():
    return village.settle()


def colleague_of(username: str) -> int:
    return int(people.user(username).pk)


def given(number: str) -> hand_over.HandOver:
    return hand_over.give(
        village.actor(village.HELPER),
        to_id=colleague_of(village.SECOND_HELPER),
        drafts=[number],
        tasks=[],
        note="等他带社保卡来",
    )


def test_a_draft_passes_to_the_colleague_and_is_recorded():
    draft = village.draft()
    told = given(draft.number)
    assert cases_read.drafts_of(village.actor(village.HELPER)) == []
    theirs = village.actor(village.SECOND_HELPER)
    assert [one.number for one in cases_read.drafts_of(theirs)] == [draft.number]
    (event,) = audit.events_of(Reference("hand_over", told.number))
    assert (event.actor["name"], event.data["to_name"], event.data["note"]) == (
        "许帮办",
        "徐代办",
        "等他带社保卡来",
    )
    assert hand_over.received_by(theirs)[0].drafts == (draft.number,)


def test_it_comes_back_while_nothing_was_opened_and_only_then():
    draft = village.draft()
    told = given(draft.number)
    mine, theirs = village.actor(village.HELPER), village.actor(village.SECOND_HELPER)
    assert hand_over.undo(mine, told.number).is_undone
    assert [one.number for one in cases_read.drafts_of(mine)] == [draft.number]
    again = given(draft.number)
    assist.open_draft(theirs, draft.number)
    with pytest.raises(hand_over.HandOverOpened, match="徐代办已经打开过"):
        hand_over.undo(mine, again.number)
    assert cases_read.drafts_of(theirs)[0].number == draft.number


def test_nobody_else_takes_it_back():
    told = given(village.draft().number)
    for other in (village.SECOND_HELPER, village.CLERK):
        with pytest.raises(hand_over.HandOverNotFound):
            hand_over.undo(village.actor(other), told.number)


def test_only_to_the_same_post_and_only_ones_own():
    draft = village.draft()
    helper = village.actor(village.HELPER)
    assert [user.username for user in hand_over.colleagues(helper)] == [village.SECOND_HELPER]
    for other in (village.NEIGHBOUR, village.CLERK):
        with pytest.raises(Invalid) as refused:
            hand_over.give(helper, to_id=colleague_of(other), drafts=[draft.number], tasks=[])
        assert set(refused.value.fields) == {"to"}
    with pytest.raises(NotFound):
        hand_over.give(
            village.actor(village.SECOND_HELPER),
            to_id=colleague_of(village.HELPER),
            drafts=[draft.number],
            tasks=[],
        )


def test_a_colleague_with_the_same_draft_is_spared_a_second_one():
    draft = village.draft()
    village.draft(village.SECOND_HELPER)
    with pytest.raises(Invalid) as refused:
        given(draft.number)
    assert draft.number in refused.value.fields["things"]


def test_taken_tasks_pass_too_and_come_back():
    clerk = people.actor(people.CLERK, channel="desk")
    case = people.received()
    task = approvals.inbox(clerk).get(reference_number=case.number)
    review.take(clerk, task.pk)
    other = people.actor(people.OTHER_CLERK, channel="desk")
    told = hand_over.give(clerk, to_id=colleague_of(people.OTHER_CLERK), drafts=[], tasks=[task.pk])
    task.refresh_from_db()
    assert task.taken_by_id == other.user_id
    hand_over.undo(clerk, told.number)
    task.refresh_from_db()
    assert task.taken_by_id == clerk.user_id


def test_what_the_colleague_cannot_do_is_not_handed_to_him():
    """Whoever holds two posts gives the things of each to a colleague of that post."""
    draft = village.draft()
    agencies.give_post(
        user=people.user(village.HELPER),
        role=roles.REVIEWER,
        agency=village.TOWN,
        actor=SYSTEM,
        division=None,
    )
    agencies.give_post(
        user=people.user("zhao"), role=roles.REVIEWER, agency=village.TOWN, actor=SYSTEM, division=None
    )
    helper = village.actor(village.HELPER)
    with pytest.raises(Invalid) as refused:
        hand_over.give(helper, to_id=colleague_of("zhao"), drafts=[draft.number], tasks=[])
    assert "things" in refused.value.fields


def test_who_has_been_moved_takes_nothing_back():
    told = given(village.draft().number)
    for post in Post.objects.filter(user=people.user(village.HELPER)):
        agencies.end_post(post=post, actor=SYSTEM)
    with pytest.raises(hand_over.HandOverOpened, match="岗位"):
        hand_over.undo(village.actor(village.HELPER), told.number)
