"""The guide is rendered once and kept: never an old version, never somebody else's, never yesterday's hours."""

from datetime import datetime

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from tests import people
from tests.channels.visitors import visitor
from yueban.agencies.models import Agency
from yueban.catalogue import selectors, services
from yueban.catalogue.models import ItemVersion
from yueban.channels.shared import kept
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.notifications.models import Message

pytestmark = pytest.mark.django_db
GUIDE = "/items/road-freight-permit/"
POTANG = "330602011220"
MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=clock.BEIJING)
MONDAY_NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=clock.BEIJING)


def page(who: str | None = None, place: str = "", address: str = GUIDE) -> str:
    client = visitor(who)
    if place:
        client.cookies["yueban_place"] = place
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def publish_anew(summary: str) -> ItemVersion:
    version = people.freight()
    standard = selectors.standard_of(version).model_copy(update={"summary": summary})
    draft = services.save_draft(
        standard=standard, agency=version.agency.code, effective_on=clock.today(), actor=SYSTEM
    )
    services.submit_draft(draft_id=draft.pk, revision=None, actor=SYSTEM)
    return services.publish_checked(draft_id=draft.pk, actor=SYSTEM)


def test_a_kept_guide_asks_the_database_one_question_whatever_is_shown(django_assert_num_queries):
    for place in ("", POTANG):
        page(place=place)
        with django_assert_num_queries(1):
            page(place=place)


def test_a_new_version_is_shown_at_once():
    assert "第 1 版" in page(address=f"{GUIDE}?division={POTANG}")
    fresh = publish_anew("新的一句话。")
    shown = page(address=f"{GUIDE}?division={POTANG}")
    assert f"第 {fresh.number} 版" in shown
    assert "新的一句话。" in shown
    assert fresh.content_hash[:8] in shown


def test_an_item_taken_out_of_service_is_gone_at_once():
    page()
    for version in selectors.adopters_of("road-freight-permit"):
        services.suspend_version(version_id=version.pk, reason="暂停", actor=SYSTEM)
    assert visitor(None).get(GUIDE).status_code == 404


def test_nobody_sees_anothers_name_messages_or_token():
    first = page(people.OWNER)
    second = page(people.STRANGER)
    assert people.user(people.OWNER).name in first
    assert people.user(people.OWNER).name not in second
    assert people.user(people.STRANGER).name in second
    signed_out = page()
    assert "csrfmiddlewaretoken" not in signed_out
    assert people.user(people.OWNER).name not in signed_out


def test_the_count_of_unread_messages_is_todays():
    owner = people.user(people.OWNER)
    Message.objects.filter(user=owner).delete()
    assert "未读" not in page(people.OWNER)
    people.received()
    assert "未读" in page(people.OWNER)


def test_one_may_sign_out_from_a_kept_page():
    page(people.OWNER)
    client = visitor(people.OWNER)
    client.handler.enforce_csrf_checks = True
    shown = client.get(GUIDE).content.decode()
    token = shown.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert client.post("/sign-out", {"csrfmiddlewaretoken": token}).status_code == 302


def test_what_is_open_is_said_anew_for_every_visitor():
    clock.set_source(lambda: MONDAY_MORNING)
    assert "现在开门" in page(place=POTANG)
    clock.set_source(lambda: MONDAY_NIGHT)
    assert "现在开门" not in page(place=POTANG)
    assert "明天9:00开门" in page(place=POTANG)


def test_places_are_those_of_the_place_chosen_and_none_is_shown_before():
    assert "选好您所在的地方" in page()
    near = page(place=POTANG)
    assert "选好您所在的地方" not in near
    assert "越城区政务服务中心" in near
    assert "诸暨市政务服务中心" in page(place="330681001000")
    assert "选好您所在的地方" in page(place="<script>")


def test_the_place_in_the_address_goes_before_the_one_chosen():
    shown = page(place=POTANG, address=f"{GUIDE}?division=330681000000")
    assert "诸暨市政务服务中心" in shown


def test_each_language_has_its_own_copy():
    with translation.override("zh-hans"):
        chinese = kept.kept(("greeting",), lambda: "您好")
    with translation.override("en"):
        english = kept.kept(("greeting",), lambda: "Hello")
    assert (chinese, english) == ("您好", "Hello")


def test_a_new_release_shows_none_of_the_old_pages(monkeypatch):
    assert kept.kept(("page",), lambda: "old") == "old"
    assert kept.kept(("page",), lambda: "new") == "old"
    monkeypatch.setattr(kept, "release", lambda: "another release")
    assert kept.kept(("page",), lambda: "new") == "new"


def test_the_release_follows_templates_and_texts():
    assert {".html", ".py", ".mo"} <= kept.KINDS
    assert len(kept.release()) == 64


def test_a_form_with_a_token_outside_the_holes_is_refused():
    request = RequestFactory().get("/somewhere")
    request.user, request.session = people.user(people.OWNER), SessionStore()
    form = '<form><input type="hidden" name="csrfmiddlewaretoken" value="x"></form>'
    with pytest.raises(ValueError, match="token"):
        kept.kept_page(request, ("form",), lambda: form, {})


def test_a_hole_is_filled_in_its_place():
    request = RequestFactory().get("/somewhere")
    request.user, request.session = people.user(people.OWNER), SessionStore()
    template = Template('{% load holes %}before {% hole "middle" %} after')
    for word in ("one", "two"):
        answer = kept.kept_page(
            request, ("holes",), lambda: template.render(Context()), {"middle": lambda word=word: word}
        )
        assert answer.content.decode() == f"before {word} after"


def test_an_agency_keeps_its_old_name_for_a_minute_at_most():
    page(address=f"{GUIDE}?division={POTANG}")
    Agency.objects.filter(code="yuecheng-transport").update(short_name="改名后的交通局")
    kept.caches[kept.CACHE].clear()  # what the minute does
    assert "改名后的交通局" in page(address=f"{GUIDE}?division={POTANG}")
