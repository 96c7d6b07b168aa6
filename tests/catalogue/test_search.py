"""Search as you type over the model city."""

from datetime import date

import pytest

from yueban.catalogue import selectors, services
from yueban.catalogue.search_text import find, name_of, normalise, rank, wanted
from yueban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db
FREIGHT = "road-freight-permit"


def keys(text, **filters):
    return [found.key for found in selectors.search_items(text, **filters)]


@pytest.mark.parametrize(
    "text",
    [
        "道路普通货物运输经营许可",
        "道路普通",
        "货物运输",
        "4.5吨货车",
        "４．５吨货车",
        "开货运公司",
        "怎么开货运公司",
        "拉货执照",
        "道路普通货物运输许可",
        "daolu",
        "DAOLU",
        "daoluputong",
        "dlpt",
        "dlys",
        "daolys",
        "道路ys",
        "huowu",
        "路运输可许",
        "道路云输许可",
        "freight",
    ],
)
def test_the_freight_permit_is_found_however_people_type(text):
    assert FREIGHT in keys(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("开饭店", "food-business-permit"),
        ("shipin", "food-business-permit"),
        ("办理食品经营许可", "food-business-permit"),
        ("公司注册", "company-registration"),
        ("gssl", "company-registration"),
        ("hyxk", "hotel-security-permit"),
    ],
)
def test_what_people_mean_comes_first(text, key):
    assert keys(text)[0] == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("开个货车公司", FREIGHT),
        ("我想买两辆货车拉货要办什么证", FREIGHT),
        ("运货", FREIGHT),
        ("饭管", "food-business-permit"),
        ("我准备开一家饭馆要什么手续", "food-business-permit"),
        ("ksgs", "company-registration"),
    ],
)
def test_a_whole_sentence_or_a_slip_finds_what_was_meant_first(text, key):
    assert keys(text)[0] == key


@pytest.mark.parametrize(
    "text",
    [
        "我想结婚要登记吗",
        "今天天气怎么样",
        "asdf",
        "zxcv",
        "护照怎么办理",
        "我的猫丢了",
        "办签证要什么材料",
    ],
)
def test_a_sentence_about_something_else_finds_nothing(text):
    assert keys(text) == []


@pytest.mark.parametrize(
    "text", ["", "  ", "?!", "qwertyuiop", "天气", "%", "'; DROP TABLE", "\u200b", "结婚登记"]
)
def test_nothing_is_found_for_what_nobody_offers(text):
    assert keys(text) == []


def test_a_text_of_any_length_is_taken():
    assert keys("道路运输" * 5000) == keys("道路运输" * 5000)
    assert keys("d" * 10000) == []


def test_an_item_of_many_agencies_is_shown_once_with_the_one_that_serves_the_place():
    found = [
        item for item in selectors.search_items("开货运公司", division="330681107000") if item.key == FREIGHT
    ]
    assert [item.agency for item in found] == ["诸暨市交通运输局"]
    assert selectors.get_version(found[0].version_id).agency.code == "zhuji-transport"


def test_the_alias_that_was_meant_is_named():
    found = selectors.search_items("开货运公司")[0]
    assert (found.matched, found.is_close) == ("开货运公司", False)
    assert selectors.search_items("路运输可许")[0].is_close


def test_the_audience_filters():
    assert FREIGHT in keys("道路", audience="enterprise")
    assert FREIGHT not in keys("道路", audience="person")


def test_versions_not_in_force_are_not_found():
    assert keys("开货运公司", on=date(2025, 12, 31)) == []
    for version in selectors.adopters_of(FREIGHT):
        services.suspend_version(version_id=version.pk, reason="暂停", actor=SYSTEM)
    assert FREIGHT not in keys("开货运公司")


def test_one_query_is_asked(django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.search_items("dlys", division="330602000000")


def test_names_come_before_aliases_before_likeness():
    query = "开店许可"
    name, prefix, inside, alias, alike = (
        name_of("开店许可", is_alias=False),
        name_of("开店许可证核发", is_alias=False),
        name_of("城区开店许可", is_alias=False),
        name_of("开店许可", is_alias=True),
        name_of("开店可许", is_alias=True),
    )
    ranked = sorted([alike, alias, inside, prefix, name], key=lambda one: rank(query, [one], 0.0)[0])
    assert ranked == [name, prefix, inside, alias, alike]


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("许可", 2),
        ("kdxk", 0),
        ("kaidianxuke", 0),
        ("dianxk", 1),
        ("kaid许可", 0),
        ("xuk", 2),
        ("kx", None),
        ("xkk", None),
    ],
)
def test_pinyin_matches_character_by_character_by_any_prefix(query, start):
    assert find(query, name_of("开店许可", is_alias=False))[0] == start


def test_rare_characters_spell_themselves():
    name = name_of("䶮\U00020000店", is_alias=False)
    assert len(name.syllables) == len(name.text) == 3
    assert find("\U00020000店", name)[0] == 1


def test_full_width_and_chatter_are_taken_off():
    assert normalise("４．５吨 以下(货车)") == "4.5吨以下货车"
    assert wanted("请问怎么开店多少钱？") == "开店"
    assert wanted("怎么办理") == "怎么办理"
