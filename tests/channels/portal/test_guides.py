"""The guide says what people ask first; the questions end somewhere clear."""

import re

import pytest

from tests import people
from tests.channels.visitors import visitor

pytestmark = pytest.mark.django_db
GUIDE = "/items/road-freight-permit/"
SITUATION = f"{GUIDE}situation"


def text_of(address: str, who: str | None = None, status: int = 200) -> str:
    response = visitor(who).get(address)
    assert response.status_code == status, address
    return response.content.decode()


def answers(**given: str) -> str:
    return f"{SITUATION}?" + "&".join(f"{name}={value}" for name, value in given.items())


def test_the_facts_people_ask_first_stand_at_the_top():
    page = text_of(GUIDE)
    for words in ("5个工作日", "法定 20个工作日", "不用跑", "不收费", "不用您交"):
        assert words in page


def test_the_guide_names_its_version_its_basis_and_where_it_really_runs():
    version = people.freight()
    page = text_of(GUIDE)
    assert f"第 {version.number} 版" in page
    assert version.content_hash[:8] in page
    assert "中华人民共和国道路运输条例" in page
    assert "浙江省道路运输管理系统" in page


def test_a_limit_that_no_law_sets_is_not_called_legal():
    page = text_of("/items/compulsory-school-admission/")
    assert "最长 90个自然日" in page
    assert "法定 90个自然日" not in page


def test_a_public_service_is_called_so():
    assert "公共服务事项" in text_of("/items/housing-fund-withdrawal/")


def test_what_is_not_certain_is_marked():
    assert "待核" in text_of(GUIDE)


def test_a_doubt_leads_to_what_is_doubtful():
    page = text_of(GUIDE)
    assert 'href="#doubts"' in page
    assert 'id="doubts"' in page


def test_materials_that_depend_on_the_case_are_counted_as_at_most():
    assert re.search(r"<dt>要交什么</dt><dd>最多 \d+ 件", text_of(GUIDE))


def test_the_hotline_is_written_as_it_is_dialled():
    page = text_of(GUIDE)
    assert "0575-12345" not in page
    assert "<dt>监督投诉</dt><dd>12345" in page


def test_every_agency_that_acts_is_named_and_parallel_steps_say_so():
    page = text_of(GUIDE)
    for agency in ("越城区交警大队", "越城区交通运输局"):
        assert agency in page
    assert "同时进行" in page


def test_a_step_of_the_applicants_own_town_does_not_name_the_county():
    page = text_of("/items/flexible-employment-subsidy/?division=330602000000")
    assert "您所在的镇街" in page[page.index("怎么办") :]


def test_the_guide_follows_the_place():
    page = text_of(f"{GUIDE}?division=330681000000")
    assert "诸暨市交通运输局" in page
    assert f"{SITUATION}?division=330681000000" in page


def test_a_place_that_is_no_place_does_not_break_the_guide():
    assert "开始办理" in text_of(f"{GUIDE}?division=%27--")


def test_an_item_that_does_not_exist_is_not_found():
    assert "没有在用的事项" in text_of("/items/no-such-item/", status=404)


@pytest.mark.parametrize(
    "key", ["company-registration", "food-business-permit", "construction-planning-permit"]
)
def test_the_guides_of_all_kinds_of_items_are_drawn(key):
    assert "材料" in text_of(f"/items/{key}/")


def test_one_question_at_a_time_and_the_answers_stay():
    page = text_of(answers(vehicle_mass="heavy"))
    assert page.count("<legend><h1>") == 1
    assert "运的是普通货物，还是危险货物？" in page
    assert '<input type="hidden" name="vehicle_mass" value="heavy">' in page
    assert "有超过4.5吨的" in page


def test_light_trucks_need_no_permit_and_the_page_says_why():
    page = text_of(answers(vehicle_mass="light"))
    assert "不用办“道路普通货物运输经营许可”" in page
    assert "道路运输条例第二十四条" in page
    assert "开始填写" not in page


def test_a_matter_for_elsewhere_leads_there():
    page = text_of(answers(vehicle_mass="heavy", cargo_kind="general", applicant_kind="unregistered"))
    assert "/items/company-registration/" in page
    assert "开始填写" not in page


def test_the_last_answer_shows_what_must_be_handed_in():
    owned = text_of(answers(**people.ANSWERS))
    planned = text_of(answers(**{**people.ANSWERS, "vehicle_readiness": "planned"}))
    assert "拟投入车辆的行驶证" in owned
    assert "拟投入车辆的行驶证" not in planned
    assert "拟投入运输车辆承诺书" in planned
    assert "材料 −1" in owned


def test_an_answer_that_is_no_option_is_refused_in_words():
    assert "没有“boat”这个选项" in text_of(answers(vehicle_mass="boat"), status=422)


def test_only_those_who_may_apply_are_offered_to_begin():
    assert "以“示例运输有限公司”的名义办理" in text_of(answers(**people.ANSWERS), people.OWNER)
    citizen = text_of(answers(**people.ANSWERS), people.CITIZEN)
    assert "换一个账号登录" in citizen
    assert "可以办，但要用企业账号登录" in citizen
    assert "开始填写" not in citizen


def test_the_place_stays_while_one_answers():
    place = "?division=330681000000"
    page = text_of(f"{SITUATION}{place}&vehicle_mass=light")
    assert page.count(f'href="{GUIDE}{place}"') == 2
    assert re.search(rf'href="{re.escape(SITUATION + place)}"[^>]*>重新回答', page)
