"""How a person wants pages shown: kept in cookies, drawn by the server, chosen without JavaScript."""

from urllib.parse import unquote

import pytest

from tests import people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db
PORTAL = (
    "/",
    "/items/",
    "/items/road-freight-permit/",
    "/progress",
    "/sign-in",
    "/about/privacy",
    "/nowhere",
)


@pytest.mark.parametrize("address", PORTAL)
def test_every_page_has_the_way_into_the_large_view_and_the_way_back(address):
    someone = visitor(None)
    assert 'href="/view?view=elder"' in someone.get(address).content.decode()
    someone.get("/view?view=elder")
    page = someone.get(address).content.decode()
    assert 'data-mode="elder"' in page
    assert 'href="/view?view="' in page
    assert 'href="tel:12345"' in page
    someone.get("/view?view=")
    assert "data-mode" not in someone.get(address).content.decode()


def test_a_choice_leads_back_to_the_page_it_was_made_on():
    answer = visitor(None).get("/view?size=large", headers={"Referer": "http://testserver/search?q=货运"})
    assert unquote(answer.url) == "/search?q=货运"
    assert answer.cookies["yueban_size"].value == "large"


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/x", "//elsewhere.example/x", "javascript:alert(1)"]
)
def test_a_choice_never_leads_to_another_site(away):
    answer = visitor(None).post("/view", {"view": "elder", "next": away}, headers={"Referer": away})
    assert answer.url == "/"


def test_size_and_contrast_are_on_the_page_at_once():
    someone = visitor(None)
    someone.get("/view?size=larger&contrast=high")
    someone.get("/view?cursor=big&line=on")
    page = someone.get("/").content.decode()
    for said in ('data-size="larger"', 'data-contrast="high"', 'data-cursor="big"', 'data-line="on"'):
        assert said in page


def test_a_cookie_with_another_word_is_the_plain_look():
    someone = visitor(None)
    someone.cookies["yueban_size"] = '"><script>'
    assert "data-size" not in someone.get("/").content.decode()


def test_the_desk_stays_as_it_is():
    clerk = visitor(people.CLERK)
    clerk.get("/view?view=elder&language=en")
    page = clerk.get("/desk/").content.decode()
    assert "data-mode" not in page
    assert '<html lang="zh-hans"' in page
    assert 'lang="en"' in clerk.get("/").content.decode()


def test_the_page_of_choices_holds_all_of_them():
    page = visitor(None).get("/view").content.decode()
    for word in ("长辈版", "字号", "高对比", "English", "快捷键"):
        assert word in page


def test_nothing_asked_that_is_no_choice_changes_anything():
    answer = visitor(None).get("/view?size=enormous&language=xx")
    assert answer.status_code == 200
    assert not answer.cookies
