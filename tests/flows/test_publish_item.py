"""Drafting and publishing an item: by editors of the agency, never by one person alone."""

from datetime import date, timedelta

import pytest

from yueban.accounts.models import User
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.errors import ItemUnsound, SecondPersonNeeded, VersionNotDraft
from yueban.flows.publish_item import draft_item, publish_item, resume_item, suspend_item
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor, PostHeld
from yueban.kernel.errors import Conflict, NotAllowed

pytestmark = pytest.mark.django_db
KEY, AGENCY, COUNTY = "road-freight-permit", "yuecheng-transport", "330602000000"


def an_editor(username, agency=AGENCY, role=roles.EDITOR):
    user = User.objects.create_user(username=username, name=username)
    return Actor(
        user_id=user.pk, name=username, posts=(PostHeld(role, agency, agency, COUNTY),), channel="desk"
    )


@pytest.fixture
def author():
    return an_editor("author")


@pytest.fixture
def second():
    return an_editor("second")


def changed(**changes):
    return catalogue.standard_of(catalogue.get_published(KEY, COUNTY)).model_copy(update=changes)


def a_draft(author, **changes):
    return draft_item(standard=changed(**changes), agency=AGENCY, effective_on=date(2026, 1, 1), actor=author)


def test_a_draft_is_not_in_force_until_a_second_editor_publishes_it(author, second):
    before = catalogue.get_published(KEY, COUNTY)
    draft = a_draft(author, summary="新说法。")
    assert catalogue.get_published(KEY, COUNTY) == before
    publish_item(draft_id=draft.pk, actor=second)
    after = catalogue.get_published(KEY, COUNTY)
    assert (after.pk, after.summary, after.effective_on) == (draft.pk, "新说法。", clock.today())


def test_the_author_cannot_publish_his_own_draft(author):
    draft = a_draft(author, summary="新说法。")
    with pytest.raises(SecondPersonNeeded):
        publish_item(draft_id=draft.pk, actor=author)


def test_a_draft_can_be_written_anew_and_a_published_version_cannot(author, second):
    draft = a_draft(author, summary="一。")
    standard = changed(summary="二。")
    again = draft_item(
        standard=standard, agency=AGENCY, effective_on=date(2026, 1, 1), actor=author, draft_id=draft.pk
    )
    assert (again.pk, again.summary) == (draft.pk, "二。")
    publish_item(draft_id=draft.pk, actor=second)
    with pytest.raises(VersionNotDraft):
        draft_item(
            standard=standard, agency=AGENCY, effective_on=date(2026, 1, 1), actor=author, draft_id=draft.pk
        )
    with pytest.raises(VersionNotDraft):
        publish_item(draft_id=draft.pk, actor=second)


@pytest.mark.parametrize(("agency", "role"), [("keqiao-transport", roles.EDITOR), (AGENCY, roles.DECIDER)])
def test_only_editors_of_the_agency_may(author, agency, role):
    stranger = an_editor("stranger", agency, role)
    draft = a_draft(author, summary="新说法。")
    with pytest.raises(NotAllowed):
        a_draft(stranger, summary="别人的。")
    with pytest.raises(NotAllowed):
        publish_item(draft_id=draft.pk, actor=stranger)
    with pytest.raises(NotAllowed):
        suspend_item(version_id=catalogue.get_published(KEY, COUNTY).pk, reason="x", actor=stranger)


def test_an_unsound_draft_names_every_problem(author):
    with pytest.raises(ItemUnsound) as caught:
        a_draft(author, levels=("9",))
    assert [problem["field"] for problem in caught.value.data["problems"]] == ["levels[0]", "adopted_by[0]"]


def test_a_later_day_of_effect_is_kept(author, second):
    begins = clock.today() + timedelta(days=30)
    draft = draft_item(standard=changed(summary="下月。"), agency=AGENCY, effective_on=begins, actor=author)
    publish_item(draft_id=draft.pk, actor=second)
    assert catalogue.get_published(KEY, COUNTY).pk != draft.pk
    assert catalogue.get_published(KEY, COUNTY, on=begins).pk == draft.pk


def test_suspending_twice_is_answered_clearly(author):
    version = catalogue.get_published(KEY, COUNTY)
    suspend_item(version_id=version.pk, reason="升级", actor=author)
    with pytest.raises(Conflict, match="暂停"):
        suspend_item(version_id=version.pk, reason="升级", actor=author)
    assert resume_item(version_id=version.pk, reason="好了", actor=author).state == "published"
