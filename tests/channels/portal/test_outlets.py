"""身边网点 and the visitor's place: lists, search, what is open now, one outlet, the place chosen once."""

from datetime import datetime

import pytest

from tests.channels.visitors import visitor
from yueban.divisions import services as divisions
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.outlets.models import Outlet

pytestmark = pytest.mark.django_db

POTANG, JIANHU, YUECHENG = "330602011220", "330602011000", "330602000000"


@pytest.fixture
def at(request):
    """Set the hour; Monday morning unless a test says another."""

    def to(text):
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.BEIJING)
        clock.set_source(lambda: moment)

    yield to
    clock.set_source(None)


@pytest.fixture(autouse=True)
def _monday_morning(at):
    at("2026-11-23 10:00")


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def settled(code=POTANG):
    """A visitor who has chosen his place."""
    client = visitor(None)
    assert client.post("/place", {"division": code, "next": "/outlets/"})["Location"] == "/outlets/"
    return client


def test_the_list_of_the_city_is_counted_and_paged():
    text = page(visitor(None), "/outlets/")
    assert "共 2278 个网点" in text
    assert "绍兴市政务服务中心" in text
    assert "坡塘村便民服务点" not in text
    assert "选我在的地方" in text


def test_it_can_be_narrowed_by_county_town_and_words():
    client = visitor(None)
    assert "共 18 个网点" not in page(client, f"/outlets/?county={YUECHENG}")
    assert "坡塘村便民服务点" in page(client, f"/outlets/?county={YUECHENG}&town={JIANHU}")
    found = page(client, "/outlets/?q=坡塘")
    assert "坡塘村便民服务点" in found and "共 1 个网点" in found
    # A town that is not of the county is no filter.
    assert "共 2278 个网点" in page(client, f"/outlets/?town={JIANHU}")
    assert "没有找到这样的网点" in page(client, "/outlets/?q=月球")


def test_the_words_may_be_a_former_name():
    divisions.rename_division(code=POTANG, name="越南池村委会", actor=SYSTEM)
    Outlet.objects.filter(code=f"point-{POTANG}").update(name="新村便民服务点", address="")
    assert "新村便民服务点" in page(visitor(None), "/outlets/?q=坡塘")


def test_only_those_open_now_are_shown(at):
    assert "共 2271 个网点" not in page(visitor(None), "/outlets/?open=1")
    at("2026-11-28 10:00")  # a Saturday: the halls serve, nobody else
    text = page(visitor(None), "/outlets/?open=1")
    assert "共 7 个网点" in text and "周六照常服务，11:30关门" in text
    at("2026-11-29 10:00")
    assert "现在没有开门的网点" in page(visitor(None), "/outlets/?open=1")


def test_the_place_is_chosen_level_by_level_without_scripts():
    client = visitor(None)
    assert "越城区" in page(client, "/place")
    assert "鉴湖街道" in page(client, f"/place?in={YUECHENG}")
    last = page(client, f"/place?in={JIANHU}")
    assert f'value="{POTANG}"' in last and "坡塘村<" in last
    assert "袍江" not in page(client, "/place")


def test_the_nearest_outlets_stand_first_once_the_place_is_known():
    client = settled()
    text = page(client, "/outlets/")
    names = ("坡塘村便民服务点", "鉴湖街道便民服务中心", "绍兴市越城区政务服务中心", "绍兴市政务服务中心")
    places = [text.index(name) for name in names]
    assert places == sorted(places)
    assert "坡塘村便民服务点" in page(client, "/")
    assert "坡塘村便民服务点" not in page(visitor(None), "/")


def test_the_place_can_be_forgotten():
    client = settled()
    client.post("/place", {"division": ""})
    assert "换个地方" not in page(client, "/outlets/")


@pytest.mark.parametrize("code", ["999999999999", "x", "3306", "330602011220'--"])
def test_a_place_that_does_not_exist_is_not_kept(code):
    client = visitor(None)
    client.post("/place", {"division": code})
    assert not client.cookies.get("yueban_place") or not client.cookies["yueban_place"].value
    client.cookies["yueban_place"] = code
    assert client.get("/outlets/").status_code == 200
    assert client.get("/").status_code == 200


def test_it_goes_back_to_our_own_pages_only():
    answer = visitor(None).post("/place", {"division": POTANG, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/outlets/"


def test_it_goes_back_to_the_page_the_visitor_came_from():
    client = visitor(None)
    came = {"Referer": "http://testserver/items/road-freight-permit/"}
    assert (
        'name="next" value="/items/road-freight-permit/"'
        in client.get("/place", headers=came).content.decode()
    )
    elsewhere = {"Referer": "https://elsewhere.example/items/"}
    assert 'name="next" value="/outlets/"' in client.get("/place", headers=elsewhere).content.decode()


def test_whoever_chose_a_village_that_was_merged_is_in_the_one_that_took_it_in():
    client = settled("330602011221")
    divisions.merge_division(code="330602011221", into=POTANG, on=clock.today(), actor=SYSTEM)
    assert "坡塘村便民服务点" in page(client, "/outlets/")


def test_the_page_of_an_outlet_says_what_when_and_how():
    text = page(visitor(None), "/outlets/hall-330602/")
    for words in (
        *("现在开门，17:00关门", "在这里能办结", "道路普通货物运输经营许可", "9:00–17:00"),
        *("午间值班 12:00–13:30", "9:00–11:30", "轮椅", "24 张", "演示", "<svg"),
    ):
        assert words in text


def test_the_page_of_a_town_tells_what_it_pre_checks():
    text = page(visitor(None), "/outlets/centre-330602011/")
    assert "在这里初审，由上级办结" in text
    assert "灵活就业社会保险补贴" in text
    assert "道路普通货物运输经营许可" not in text


def test_an_outlet_that_does_not_exist_is_a_clear_answer():
    answer = visitor(None).get("/outlets/nowhere/")
    assert answer.status_code == 404
    assert "没有代码为“nowhere”的网点" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [("/outlets/", 12), (f"/outlets/?county={YUECHENG}&open=1", 15), ("/outlets/hall-330602/", 8)],
)
def test_pages_ask_few_questions_whatever_their_length(address, most, django_assert_max_num_queries):
    client = settled()
    page(client, address)
    with django_assert_max_num_queries(most):
        page(client, address)
