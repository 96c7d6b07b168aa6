"""Drafting, checking and publishing an item: by editors of the agency, never by one person alone."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from tests import people
from tests.editors import AGENCY, COUNTY, KEY, an_editor
from yueban.catalogue import editing
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.errors import (
    BaseOutdated,
    DraftExists,
    DraftStale,
    ItemNotFound,
    ItemUnsound,
    NotBeingChecked,
    SecondPersonNeeded,
    VersionNotDraft,
)
from yueban.catalogue.models import ItemVersion, SearchKey
from yueban.catalogue.services import NewItem
from yueban.flows import publish_item as flow
from yueban.kernel import clock, roles
from yueban.kernel.errors import Conflict, Invalid, NotAllowed
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return an_editor("author")


@pytest.fixture
def second():
    return an_editor("second")


def in_force():
    return catalogue.get_published(KEY, COUNTY)


def a_draft(author, **changes):
    draft = flow.begin_draft(author, KEY, AGENCY)
    return flow.write_draft(author, draft.pk, changes, revision=draft.revision)


def published(author, second, **changes):
    draft = a_draft(author, **changes)
    flow.submit_item(author, draft.pk)
    return flow.publish_item(draft_id=draft.pk, actor=second)


def test_a_draft_is_not_in_force_until_a_second_editor_publishes_it(author, second):
    before = in_force()
    draft = a_draft(author, summary="新说法。")
    flow.submit_item(author, draft.pk)
    assert in_force() == before
    flow.publish_item(draft_id=draft.pk, actor=second)
    after = in_force()
    assert (after.pk, after.summary, after.effective_on) == (draft.pk, "新说法。", clock.today())
    assert after.checked_by_id == second.user_id
    assert after.number == before.number + 1


@pytest.mark.parametrize("act", ["publish", "return"])
def test_who_has_written_a_draft_does_not_check_it(author, second, act):
    draft = a_draft(author, summary="新说法。")
    flow.write_draft(second, draft.pk, {"summary": "我也改了。"}, revision=draft.revision)
    flow.submit_item(author, draft.pk)
    for writer in (author, second):
        with pytest.raises(SecondPersonNeeded):
            if act == "publish":
                flow.publish_item(draft_id=draft.pk, actor=writer)
            else:
                flow.return_item(writer, draft.pk, "不行")


def test_what_is_being_checked_cannot_be_changed_not_even_in_the_database(author):
    draft = a_draft(author, summary="一。")
    flow.submit_item(author, draft.pk)
    with pytest.raises(VersionNotDraft, match="正在复核"):
        flow.write_draft(author, draft.pk, {"summary": "二。"}, revision=None)
    with pytest.raises(ProgrammingError, match="being checked"), transaction.atomic():
        ItemVersion.objects.filter(pk=draft.pk).update(definition={"name": "偷改"})
    with pytest.raises(ProgrammingError, match="being checked"), transaction.atomic():
        ItemVersion.objects.filter(pk=draft.pk).delete()


def test_a_submission_is_withdrawn_by_who_made_it(author, second):
    draft = a_draft(author, summary="一。")
    flow.submit_item(author, draft.pk)
    with pytest.raises(SecondPersonNeeded):
        flow.withdraw_item(second, draft.pk)
    assert flow.withdraw_item(author, draft.pk).state == "draft"
    with pytest.raises(NotBeingChecked):
        flow.publish_item(draft_id=draft.pk, actor=second)


def test_a_returned_draft_carries_the_checkers_words_and_its_writer_is_told(author, second):
    draft = a_draft(author, summary="一。")
    flow.submit_item(author, draft.pk)
    with pytest.raises(Invalid):
        flow.return_item(second, draft.pk, "   ")
    returned = flow.return_item(second, draft.pk, "承诺时限没有依据。")
    assert (returned.state, returned.words) == ("draft", "承诺时限没有依据。")
    assert "承诺时限没有依据" in Message.objects.get(user_id=author.user_id).body
    flow.submit_item(author, draft.pk)
    assert ItemVersion.objects.get(pk=draft.pk).words == ""


def test_two_who_publish_at_once_get_a_clear_answer(author, second):
    draft = a_draft(author, summary="一。")
    flow.submit_item(author, draft.pk)
    third = an_editor("third")
    first = flow.publish_item(draft_id=draft.pk, actor=second)
    assert flow.publish_item(draft_id=draft.pk, actor=second) == first  # a double click
    with pytest.raises(VersionNotDraft, match="已经由second发布"):
        flow.publish_item(draft_id=draft.pk, actor=third)
    assert in_force() == first


def test_who_signs_has_seen_what_was_submitted_last(author, second):
    draft = a_draft(author, summary="一。")
    flow.submit_item(author, draft.pk)
    seen = ItemVersion.objects.get(pk=draft.pk).revision
    flow.withdraw_item(author, draft.pk)
    flow.submit_item(author, draft.pk)
    with pytest.raises(DraftStale):
        flow.publish_item(draft_id=draft.pk, actor=second, revision=seen)


def test_an_agency_has_one_draft_of_an_item(author, second):
    a_draft(author)
    with pytest.raises(DraftExists):
        flow.begin_draft(second, KEY, AGENCY)


def test_words_typed_on_a_stale_page_do_not_overwrite_others(author, second):
    draft = a_draft(author, summary="一。")
    flow.write_draft(second, draft.pk, {"summary": "二。"}, revision=draft.revision)
    with pytest.raises(DraftStale) as caught:
        flow.write_draft(author, draft.pk, {"summary": "三。"}, revision=draft.revision)
    assert caught.value.data["revision"] == draft.revision + 1
    assert ItemVersion.objects.get(pk=draft.pk).summary == "二。"


def test_a_draft_may_be_unsound_but_is_not_submitted_then(author):
    draft = a_draft(author, levels=["9"], promised={"amount": "五", "unit": "工作日"}, nonsense=1)
    with pytest.raises(ItemUnsound) as caught:
        flow.submit_item(author, draft.pk)
    assert {p["field"] for p in caught.value.data["problems"]} >= {"promised.amount", "nonsense"}


def test_a_draft_begun_on_an_older_version_is_taken_up_to_the_newer_one(author, second):
    draft = a_draft(author, summary="一。")
    base = in_force()
    newer = ItemVersion.objects.get(pk=base.pk)
    newer.pk, newer.number, newer.base = None, draft.number + 1, None
    ItemVersion.objects.filter(pk=base.pk).update(effective_until=clock.today())
    newer.save()
    with pytest.raises(BaseOutdated):
        flow.submit_item(author, draft.pk)
    rebased = flow.rebase_item(author, draft.pk)
    assert (rebased.base_id, rebased.number, rebased.summary) == (newer.pk, newer.number + 1, "一。")
    flow.submit_item(author, draft.pk)


@pytest.mark.parametrize(("agency", "role"), [("keqiao-transport", roles.EDITOR), (AGENCY, roles.DECIDER)])
def test_only_editors_of_the_agency_may(author, agency, role):
    stranger = an_editor("stranger", agency, role)
    draft = a_draft(author, summary="新说法。")
    flow.submit_item(author, draft.pk)
    with pytest.raises(NotAllowed):
        flow.begin_draft(stranger, KEY, AGENCY)
    for act in (
        lambda: flow.write_draft(stranger, draft.pk, {}, revision=None),
        lambda: flow.publish_item(draft_id=draft.pk, actor=stranger),
        lambda: flow.return_item(stranger, draft.pk, "x"),
        lambda: flow.discard_item(stranger, draft.pk),
    ):
        with pytest.raises(ItemNotFound):
            act()
    with pytest.raises(NotAllowed):
        flow.suspend_item(version_id=in_force().pk, reason="x", actor=stranger)


def test_a_whole_standard_that_is_unsound_names_every_problem(author):
    standard = catalogue.standard_of(in_force()).model_copy(update={"levels": ("9",)})
    with pytest.raises(ItemUnsound) as caught:
        flow.draft_item(standard=standard, agency=AGENCY, effective_on=date(2026, 1, 1), actor=author)
    assert [problem["field"] for problem in caught.value.data["problems"]] == ["levels[0]", "adopted_by[0]"]


def test_a_later_day_of_effect_is_kept(author, second):
    begins = clock.today() + timedelta(days=30)
    draft = a_draft(author, summary="下月。")
    flow.write_draft(author, draft.pk, {}, revision=None, effective_on=begins)
    flow.submit_item(author, draft.pk)
    flow.publish_item(draft_id=draft.pk, actor=second)
    assert in_force().pk != draft.pk
    assert catalogue.get_published(KEY, COUNTY, on=begins).pk == draft.pk


def test_running_cases_stay_on_their_version_and_unfinished_applications_are_told(author, second):
    case, application = people.accepted(), people.draft()
    before = case.item_version
    fresh = published(author, second, summary="新说法。")
    case.refresh_from_db()
    application.refresh_from_db()
    assert case.item_version == before == application.item_version != fresh
    told = Message.objects.get(reference_kind="application", reference_number=application.number)
    assert "办事指南有新版本" in told.title
    assert application.user_id == told.user_id


def test_a_published_version_is_found_by_its_new_words(author, second):
    published(author, second, aliases=["跑长途拉货"])
    found = catalogue.search_items("跑长途拉货", division=COUNTY)
    assert [one.version_id for one in found][:1] == [in_force().pk]
    assert SearchKey.objects.filter(text=in_force().search_text).exists()


def test_suspending_twice_is_answered_clearly(author):
    version = in_force()
    flow.suspend_item(version_id=version.pk, reason="升级", actor=author)
    with pytest.raises(Conflict, match="暂停"):
        flow.suspend_item(version_id=version.pk, reason="升级", actor=author)
    assert flow.resume_item(version_id=version.pk, reason="好了", actor=author).state == "published"


def test_a_suspended_version_is_not_resumed_beside_a_newer_one(author, second):
    old = in_force()
    flow.suspend_item(version_id=old.pk, reason="升级", actor=author)
    published(author, second, summary="新说法。")
    with pytest.raises(Conflict, match="已经发布"):
        flow.resume_item(version_id=old.pk, reason="好了", actor=author)
    assert flow.cancel_item(version_id=old.pk, reason="不用了", actor=author).state == "cancelled"


def test_a_new_item_that_is_thrown_away_leaves_nothing(author):
    new = NewItem(key="night-freight", name="夜间货运备案", catalog_code="000118009000")
    draft = flow.begin_item(author, new, AGENCY)
    assert editing.find_draft("night-freight", AGENCY) == draft
    flow.discard_item(author, draft.pk)
    assert catalogue.find_item("night-freight") is None


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("key", ("Night Freight", "夜间货运", "000118009000")),
        ("key", (KEY, "夜间货运", "000118009000")),
        ("name", ("night-freight", "", "000118009000")),
        ("catalog_code", ("night-freight", "夜间货运", "12")),
    ],
)
def test_a_new_item_needs_a_key_a_name_and_a_code(author, field, new):
    with pytest.raises(Invalid) as caught:
        flow.begin_item(author, NewItem(*new), AGENCY)
    assert field in caught.value.fields
