"""From a sentence to the right item: home, suggestions, results."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.catalogue import listing
from yueban.channels.shared.paging import PER_PAGE
from yueban.flows import review

pytestmark = pytest.mark.django_db


def text_of(address: str, who: str | None = None) -> str:
    response = visitor(who).get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_home_page_asks_one_question_and_shows_what_can_be_done():
    page = text_of("/")
    assert "您想办什么？" in page
    assert "待我处理" not in page


def test_the_items_of_the_home_page_stand_in_the_order_of_a_life():
    page = text_of("/?for=person")
    assert '<a href="/items/birth-registration/">出生登记</a>' in page
    assert page.index("出生登记") < page.index("住房公积金提取") < page.index("高龄津贴")


def test_items_of_persons_and_of_enterprises_stand_apart():
    assert "/items/food-business-permit/" in text_of("/?for=enterprise")
    assert "/items/food-business-permit/" not in text_of("/?for=person")


@pytest.mark.parametrize(
    "typed", ["货运公司", "开货运公司", "huoyun", "道路普通货物运输经营许可", "拉货执照"]
)
def test_what_people_say_finds_the_item(typed):
    assert "/items/road-freight-permit/" in text_of(f"/search/suggest?q={typed}")
    assert "/items/road-freight-permit/" in text_of(f"/search?q={typed}")


def test_suggestions_are_a_part_of_a_page_and_empty_for_nothing():
    assert "<html" not in text_of("/search/suggest?q=货运")
    assert text_of("/search/suggest?q=").strip() == ""


def test_nothing_found_helps_on_and_repeats_what_was_typed_harmlessly():
    page = text_of("/search?q=<script>火星移民")
    assert "没有找到相符的事项" in page
    assert "12345" in page
    assert "<script>火星" not in page


def test_filters_are_kept_in_the_address():
    page = text_of("/search?q=许可&for=enterprise")
    assert 'href="?q=%E8%AE%B8%E5%8F%AF" ' in page
    assert "for=enterprise" in page


def test_every_item_is_listed_once_with_how_long_it_takes():
    count = sum(one.for_enterprise for one in listing.listed_items())
    last = -(-count // PER_PAGE)
    page = "".join(text_of(f"/items/?for=enterprise&page={number}") for number in range(1, last + 1))
    assert f"共 {count} 项" in page
    assert page.count('<a href="/items/road-freight-permit/">') == 1
    assert "等 6 个部门，按地点选" in page


def test_what_waits_for_a_person_is_first_on_his_home_page_only():
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": "safety-rules", "what": "缺章"}]
    )
    assert f"/my/cases/{case.number}/supplement" in text_of("/", people.OWNER)
    assert case.number not in text_of("/", people.STRANGER)
    assert case.number not in text_of("/")


def test_a_draft_can_be_gone_on_with_from_the_home_page():
    draft = people.draft()
    assert f"/apply/{draft.number}/" in text_of("/", people.OWNER)


@pytest.mark.parametrize(
    "address", ["/about/demo", "/about/privacy", "/about/sitemap", "/about/report-error"]
)
def test_the_pages_that_inspectors_look_for_exist(address):
    page = text_of(address)
    for word in (
        "主办单位",
        "承办单位",
        "ICP备案号",
        "公安备案号",
        "党政机关网站标识",
        "网站找错",
        "隐私政策",
        "站点地图",
    ):
        assert word in page
    assert "12345" in page


def test_every_link_of_the_site_map_works():
    import re

    client = visitor(people.OWNER)
    page = text_of("/about/sitemap")
    for address in set(re.findall(r'<a [^>]*href="(/[^"#]*)"', page)):
        assert client.get(address).status_code in (200, 302), address


@pytest.mark.parametrize("typed", ["housing fund", "Household", "moving registration"])
def test_english_words_find_the_item_on_an_english_page(typed):
    client = visitor(None)
    client.cookies["django_language"] = "en"
    key = "housing-fund-withdrawal" if "fund" in typed else "household-migration"
    for address in ("/search", "/search/suggest"):
        assert f"/items/{key}/" in client.get(address, {"q": typed}).content.decode(), address


@pytest.mark.parametrize("typed", ["开货运公司", "kaihuoyun", "生孩子", "shenghaizi", "开办运输企业"])
def test_what_people_say_finds_the_bundle_beside_the_items(typed):
    key = "newborn" if typed in ("生孩子", "shenghaizi") else "start-transport-company"
    assert f'href="/bundles/{key}/"' in text_of(f"/search?q={typed}")
    assert f'href="/bundles/{key}/"' in text_of(f"/search/suggest?q={typed}")


def test_what_has_nothing_to_do_with_a_bundle_shows_none():
    assert "/bundles/" not in text_of("/search?q=高龄津贴").partition("<main")[2]


def test_the_home_page_has_a_door_to_what_is_done_in_one_go():
    person, enterprise = text_of("/?for=person"), text_of("/?for=enterprise")
    assert all('href="/bundles/"' in page for page in (person, enterprise))
    assert 'href="/bundles/newborn/"' in person
    assert 'href="/bundles/newborn/"' not in enterprise
    assert 'href="/bundles/goods-transport/"' in enterprise
