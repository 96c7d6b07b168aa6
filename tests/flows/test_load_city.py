"""Loading a city pack: idempotent, whole or not at all, every mistake named by file, line and field."""

import re

import pytest
from django.conf import settings

from tests.flows.city_folder import CityFolder
from yueban.catalogue import selectors as catalogue
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.flows.city_pack import PackUnsound
from yueban.flows.load_city import check_city, find_quality_faults, load_city

ITEM = "catalogue/road-freight-permit.yaml"


@pytest.fixture
def city(tmp_path):
    return CityFolder(tmp_path / "city")


def spoil_a_check_digit(city):
    text = (city.root / "agencies.csv").read_text(encoding="utf-8")
    code = re.search(r",([0-9A-Z]{18}),", text)[1]
    return city.replace("agencies.csv", code, code[:-1] + ("1" if code[-1] == "0" else "0"))


def placed(problems):
    return [(problem.file, problem.line, problem.field) for problem in problems]


def test_the_model_city_is_sound_and_its_items_break_no_quality_rule():
    assert find_quality_faults(*check_city(settings.CITY_DIR)) == []


@pytest.mark.django_db
def test_loading_the_city_again_changes_nothing():
    report = load_city(settings.CITY_DIR)
    assert report.is_unchanged
    assert report.changes["divisions"].unchanged == 2278 + 4
    assert report.changes["items"].unchanged > 8


@pytest.mark.django_db
def test_one_changed_item_makes_new_versions_of_it_alone(city):
    city.replace(ITEM, "name_en: Road freight", "name_en: The road freight")
    report = load_city(city.root)
    assert (report.changes["items"].created, report.changes["items"].changed) == (0, 6)
    assert catalogue.get_published("road-freight-permit").name_en.startswith("The road freight")


@pytest.mark.django_db
def test_nothing_is_half_loaded(city):
    city.replace("elements.yaml", "name: 企业名称", "name: 单位名称")
    city.replace("divisions.csv", "越城区", "越城新区")
    city.replace(ITEM, 'type: "01"', "type: 1")
    with pytest.raises(PackUnsound):
        load_city(city.root)
    assert elements.vocabulary()["enterprise.name"].name == "企业名称"
    assert divisions.get_division("330602000000").name == "越城区"


@pytest.mark.django_db
def test_a_failure_while_writing_leaves_nothing_behind(city, monkeypatch):
    city.replace("divisions.csv", "越城区", "越城新区")

    def fail(**_arguments):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("yueban.catalogue.services.publish_prepared", fail)
    with pytest.raises(RuntimeError):
        load_city(city.root)
    assert divisions.get_division("330602000000").name == "越城区"


def test_a_circular_situation_is_named(city):
    line = city.replace(
        ITEM, "label_en: Registered, end: proceed}", "label_en: Registered, next: vehicle_mass}"
    )
    problems = city.problems()
    assert placed(problems) == [(ITEM, line, "situation.questions[4].options[0].next")]
    assert "vehicle_mass → cargo_kind" in problems[0].message
    assert "循环" in problems[0].message


def test_an_unknown_element_is_named(city):
    line = city.replace(ITEM, "{element: enterprise.address,", "{element: enterprise.adress,")
    problems = city.problems()
    assert placed(problems) == [(ITEM, line, "form.sections[0].fields[3].element")]
    assert "enterprise.adress" in problems[0].message


def test_a_wrong_check_digit_is_named(city):
    line = spoil_a_check_digit(city)
    problems = [problem for problem in city.problems() if problem.file == "agencies.csv"]
    assert [(problem.line, problem.field) for problem in problems] == [(line, "uscc")]
    assert "校验位" in problems[0].message


def test_a_missing_field_is_named(city):
    city.replace(ITEM, "review_mode: 前审后批\n", "")
    problems = city.problems()
    assert [(problem.file, problem.field) for problem in problems] == [(ITEM, "review_mode")]
    assert "缺少" in problems[0].message


def test_a_field_missing_inside_a_list_is_named_at_its_entry(city):
    line = city.replace(ITEM, "  - key: vehicle-check\n    stage: 1\n", "  - key: vehicle-check\n")
    assert placed(city.problems()) == [(ITEM, line, "route[0].stage")]


def test_a_wrong_type_is_named_with_what_to_do(city):
    line = city.replace(ITEM, 'power_source: "1"', "power_source: 1")
    problems = city.problems()
    assert placed(problems) == [(ITEM, line, "power_source")]
    assert "应是文字" in problems[0].message and "引号" in problems[0].hint


def test_a_misspelt_field_is_named_with_the_likely_one(city):
    line = city.replace(ITEM, "review_mode:", "review_mod:")
    problems = city.problems()
    assert (ITEM, line, "review_mod") in placed(problems)
    assert any("review_mode" in problem.hint for problem in problems)


def test_a_way_that_does_not_exist_is_named(city):
    line = city.replace(
        ITEM, "- {way: certificate, certificate_type: business-licence}", "- {way: telepathy}"
    )
    assert placed(city.problems()) == [(ITEM, line, "materials[1].satisfy[0]")]


def test_a_field_of_a_way_is_named_without_the_ways_own_name(city):
    line = city.replace(ITEM, "certificate_type: business-licence}", "certificate_typ: business-licence}")
    assert (ITEM, line, "materials[1].satisfy[0].certificate_typ") in placed(city.problems())


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        (ITEM, "adopted_by: [yuecheng-transport", "adopted_by: [yuecheng-health", "adopted_by[0]"),
        (ITEM, "adopted_by: [yuecheng-transport", "adopted_by: [nobody", "adopted_by[0]"),
        (ITEM, "agency_kind: traffic-police\n", "agency_kind: astronomy\n", "route[0].agency_kind"),
        (
            ITEM,
            "certificate_type: resident-id-card",
            "certificate_type: moon-card",
            "materials[2].satisfy[0].certificate_type",
        ),
        (ITEM, "item: company-registration", "item: moon-registration", "situation.outcomes[3].item"),
        (ITEM, 'catalog_code: "000118001000"', 'catalog_code: "00011800100"', "catalog_code"),
        ("agencies.csv", "绍越交运,330602000000", "绍越交运,330699000000", "division"),
        ("agencies.csv", ",绍柯交运,", ",绍越交运,", "document_prefix"),
        ("agencies.csv", "yuecheng-health,", "yuecheng-transport,", "code"),
        ("agencies.csv", "shaoxing-public-security,\n", "shaoxing-police,\n", "parent"),
        ("outlets.csv", ",330602011220,town-330602011,", ",330602011999,town-330602011,", "division"),
        ("outlets.csv", ",330602011220,town-330602011,", ",330602011220,town-999,", "agency"),
        ("outlets.csv", "hall-330602,county_hall", "hall-330602,county_house", "kind"),
        (
            "outlets.csv",
            "yuecheng-government-services,24,,",
            "yuecheng-government-services,24,night,",
            "hours",
        ),
        ("outlets.csv", "yuecheng-government-services,24,", "yuecheng-government-services,many,", "seats"),
        ("outlets.yaml", 'closes: "12:00"', 'closes: "8:00"', None),
        ("outlets.yaml", 'closes: "12:00"', "closes: 12:00", None),
        ("outlets.yaml", "days: 周一至周五", "days: 每天", None),
        ("outlets.yaml", "hours: village", "hours: hamlet", None),
        ("outlets.yaml", "equipment: [叫号机,", "equipment: [叫号器,", None),
        ("divisions.csv", "Tashan Subdistrict,town", "Tashan Subdistrict,ward", "level"),
        ("divisions.csv", "county,330602000000,true", "county,330699000000,true", "parent"),
        ("divisions.csv", "county,330602000000,true", "county,330602000000,maybe", "functional"),
        (
            "divisions.csv",
            "town,330602000000,,,,",
            "town,330602000000,,330602999000,2026-06-01,",
            "merged_into",
        ),
        ("divisions.csv", "town,330602000000,,,,", "town,330602000000,,330602002000,,", "ended_on"),
        ("divisions.csv", "town,330602000000,,,,", "town,330602000000,,,2026-06-31,", "ended_on"),
        ("divisions.csv", "330602001000,", "33060200100,", "code"),
        ("calendar.csv", "2026-10-01,", "2026-10-32,", "day"),
        ("calendar.csv", "2026-10-01,false", "2026-10-01,no", "is_workday"),
        ("elements.yaml", "codes: yes-no,", "codes: maybe,", None),
        (
            "elements.yaml",
            "type: text, unit: null, codes: null, source: 市场监管",
            "type: txt, unit: null, codes: null, source: 市场监管",
            "elements[0].type",
        ),
        (
            "certificates.yaml",
            "owner_uscc: 11100000000013338W",
            "owner_uscc: 11100000000013338X",
            "certificates[0].owner_uscc",
        ),
        ("city.yaml", 'area_code: "0575"', 'area_code: "575"', "area_code"),
    ],
)
def test_what_does_not_fit_together_is_named(city, name, old, new, field):
    line = city.replace(name, old, new)
    problems = [problem for problem in city.problems() if problem.file == name and problem.line == line]
    assert problems, "the mistake went unnoticed"
    if field is not None:
        assert field in [problem.field for problem in problems]
    assert all(problem.message.endswith("。") for problem in problems)


def test_broken_yaml_is_named_by_its_line(city):
    line = city.replace(ITEM, "conditions:", "conditions: [")
    problems = [problem for problem in city.problems() if problem.file == ITEM]
    assert problems[0].field == "(YAML 格式)"
    assert problems[0].line >= line


def test_the_same_field_twice_is_named(city):
    line = city.replace(ITEM, "review_mode: 前审后批\n", "review_mode: 前审后批\nreview_mode: 即审即办\n")
    assert placed(city.problems()) == [(ITEM, line + 1, "review_mode")]


def test_a_date_that_does_not_exist_is_named(city):
    line = city.replace(ITEM, "effective_on: 2004-07-01", "effective_on: 2004-07-41")
    problems = city.problems()
    assert (ITEM, line) in [(problem.file, problem.line) for problem in problems]


def test_missing_and_unreadable_files_are_named(city):
    (city.root / "agencies.csv").unlink()
    (city.root / "calendar.csv").write_bytes("day,is_workday,name\n2026-10-01,false,国庆\n".encode("gbk"))
    named = {(problem.file, problem.line) for problem in city.problems()}
    assert {("agencies.csv", 0), ("calendar.csv", 0)} <= named


def test_all_problems_are_shown_together(city):
    city.replace(ITEM, 'power_source: "1"', "power_source: 1")
    city.replace("catalogue/food-business-permit.yaml", "review_mode:", "review_mod:")
    spoil_a_check_digit(city)
    with pytest.raises(PackUnsound) as caught:
        check_city(city.root)
    files = {problem.file for problem in caught.value.problems}
    assert files == {ITEM, "catalogue/food-business-permit.yaml", "agencies.csv"}
    assert f"{ITEM}:" in caught.value.message
    assert caught.value.data["problems"][0].keys() == {"file", "line", "field", "message", "hint"}


def test_a_bundle_that_does_not_fit_together_is_named_with_its_line(tmp_path):
    city = CityFolder(tmp_path)
    line = city.replace("bundles/goods-transport.yaml", "result_field: number", "result_field: freight.scope")
    found = [problem for problem in city.problems() if problem.file == "bundles/goods-transport.yaml"]
    assert [(problem.line, problem.field) for problem in found] == [(line, "edges[0].result_field")]


def test_a_bundle_of_an_item_that_is_not_there_is_refused(tmp_path):
    city = CityFolder(tmp_path)
    city.replace("bundles/goods-transport.yaml", "item: road-freight-permit", "item: road-fright-permit")
    assert any("没有在用的事项“road-fright-permit”" in problem.message for problem in city.problems())
