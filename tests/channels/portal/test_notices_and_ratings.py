"""公示 and 评价 in the browser of a citizen: read, object, rate; what is refused says why."""

from datetime import datetime

import pytest
from django.urls import reverse

from tests import benefits, people
from tests.channels.visitors import visitor
from tests.flows.moments import set_now
from yueban.approvals.models import Objection
from yueban.channels.shared.devices import COUNTER
from yueban.flows import apply
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.ratings import selectors as ratings
from yueban.ratings.choices import Channel, Flag
from yueban.ratings.models import Rating

pytestmark = pytest.mark.django_db
WORDS = {"name": "李旁观", "contact": "13800000099", "text": "申请的车辆已经报废。"}


@pytest.fixture
def notice():
    set_now(2026, 11, 23)
    return benefits.notice_of(people.accepted())


@pytest.fixture
def code():
    """The code of a case that has ended."""
    case = apply.withdraw(people.actor(people.OWNER), people.submitted().number)
    return ratings.find_service(Reference("case", case.number)).code


def test_the_list_and_the_notice_are_kept_by_no_search_engine(notice):
    for address in (reverse("portal:notices"), reverse("portal:notice", args=[notice.number])):
        answer = visitor(None).get(address)
        assert "noindex" in answer["X-Robots-Tag"]
        assert notice.title in answer.content.decode()


def test_anybody_objects_and_sees_the_number_of_his_objection(notice):
    answer = visitor(None).post(reverse("portal:notice", args=[notice.number]), WORDS, follow=True)
    assert f"编号 {notice.number}-01" in answer.content.decode()
    assert WORDS["contact"] not in answer.content.decode()


def test_an_empty_objection_is_told_field_by_field_and_keeps_what_was_typed(notice):
    answer = visitor(None).post(reverse("portal:notice", args=[notice.number]), WORDS | {"text": ""})
    page = answer.content.decode()
    assert (answer.status_code, "请写明您的异议和理由" in page, WORDS["name"] in page) == (422, True, True)
    assert not Objection.objects.exists()


def test_an_objection_that_comes_too_late_is_told_until_when_it_could_be_made(notice):
    late = datetime(2026, 12, 1, 0, 0, tzinfo=clock.BEIJING)
    clock.set_source(lambda: late)
    answer = visitor(None).post(reverse("portal:notice", args=[notice.number]), WORDS)
    assert answer.status_code == 409
    assert "11月30日24时" in answer.content.decode()


def test_the_slips_code_opens_the_rating_without_signing_in(code):
    address = reverse("portal:rate", args=[code])
    browser = visitor(None)
    assert "您对这次服务满意吗" in browser.get(address).content.decode()
    page = browser.post(address, {"level": "2", "aspects": ["guide"]}, follow=True).content.decode()
    assert "评价是“满意”" in page
    assert Rating.objects.get().channel == Channel.QR
    assert browser.post(address, {"level": "5"}).status_code == 409


def test_the_pad_is_a_channel_of_its_own(code):
    visitor(None).post(reverse("portal:rate", args=[code]) + "?at=pad", {"level": "1"})
    rating = Rating.objects.get()
    assert (rating.channel, rating.is_prompted) == (Channel.PAD, True)


def test_no_level_is_told_beside_the_question(code):
    answer = visitor(None).post(reverse("portal:rate", args=[code]), {})
    assert (answer.status_code, "请选择满意程度" in answer.content.decode()) == (422, True)


def test_a_staff_session_is_shown_no_form_and_refused(code):
    browser = visitor(people.CLERK)
    address = reverse("portal:rate", args=[code])
    assert 'name="level"' not in browser.get(address).content.decode()
    assert browser.post(address, {"level": "1"}).status_code == 403


def test_the_browser_of_the_desk_is_known_after_signing_out(code):
    browser = visitor(people.CLERK)
    browser.get(reverse("desk:inbox"))
    browser.post(reverse("portal:sign-out"))
    assert browser.cookies[COUNTER].value == "1"
    browser.post(reverse("portal:rate", args=[code]), {"level": "1"})
    assert Rating.objects.get().flags == [Flag.SOON]


def test_the_applicant_rates_on_the_page_of_his_case():
    case = apply.withdraw(people.actor(people.OWNER), people.submitted().number)
    browser = visitor(people.OWNER)
    page = browser.post(reverse("portal:rate-case", args=[case.number]), {"level": "3"}, follow=True)
    assert "您在" in page.content.decode()
    assert "基本满意" in page.content.decode()


def test_before_the_end_the_page_offers_no_rating():
    case = people.accepted()
    browser = visitor(people.OWNER)
    assert 'name="level"' not in browser.get(reverse("portal:case", args=[case.number])).content.decode()
    assert browser.post(reverse("portal:rate-case", args=[case.number]), {"level": "1"}).status_code == 409
