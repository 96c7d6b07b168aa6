"""elements.yaml and certificates.yaml may be split: what stands in the folders of their names is read with them."""

import pytest

from tests.flows.city_folder import CityFolder
from yueban.flows.load_city import check_city

PENSIONS = """elements:
  - {code: pension.note, name: 备注, type: text, source: 申请人填报, sensitivity: public, max_length: 200}
  - {code: pension.way, name: 方式, type: code, codes: pension-way, source: 申请人选择, sensitivity: public}
code_lists:
  - key: pension-way
    name: 方式
    codes:
      - {code: "a", name: 甲}
canonical_materials:
  - {key: pension-paper, name: 凭据, certificate_type: pension-card}
"""
CARD = """certificates:
  - key: pension-card
    name: 演示卡
    owner_uscc: 11100000000013338W
    type_serial: "991"
    type_code_demo: true
    issuer_kind: null
    validity: null
    fields:
      - {key: pension.note, name: 备注}
"""


@pytest.fixture
def city(tmp_path):
    city = CityFolder(tmp_path / "city")
    write(city, "elements/pensions-test.yaml", PENSIONS)
    write(city, "certificates/pensions-test.yaml", CARD)
    return city


def write(city, name, text):
    path = city.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_entries_of_the_parts_belong_to_the_pack(city):
    pack, _ = check_city(city.root)
    assert "pension.way" in pack.dictionary.elements
    assert "pension-paper" in pack.dictionary.canonical_materials
    assert "pension-card" in {row["key"] for row in pack.certificates}


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        ("elements/pensions-test.yaml", "code: pension.note", "code: enterprise.name", "elements[0].code"),
        ("elements/pensions-test.yaml", "key: pension-paper", "key: business-licence", None),
        (
            "elements/pensions-test.yaml",
            "name: 备注, type: text",
            "name: 备注, type: txt",
            "elements[0].type",
        ),
        ("elements/pensions-test.yaml", "codes: pension-way", "codes: pension-wey", "elements[1].codes"),
        ("elements/pensions-test.yaml", "code_lists:", "code_list:", "code_list"),
        ("elements/pensions-test.yaml", "certificate_type: pension-card", "certificate_type: moon", None),
        (
            "certificates/pensions-test.yaml",
            "key: pension-card",
            "key: business-licence",
            "certificates[0].key",
        ),
        ("certificates/pensions-test.yaml", '"991"', '"99"', "certificates[0].type_serial"),
        ("certificates/pensions-test.yaml", "certificates:", "certificates: [", None),
    ],
)
def test_a_mistake_in_a_part_is_named_with_its_own_file_and_line(city, name, old, new, field):
    line = city.replace(name, old, new)
    named = [one for one in city.problems() if one.file == name]
    assert [one for one in named if one.line >= line], "the mistake went unnoticed"
    if field is not None:
        assert (line, field) in [(one.line, one.field) for one in named]


def test_a_repeated_entry_says_where_the_first_one_stands(city):
    city.replace("elements/pensions-test.yaml", "code: pension.note", "code: enterprise.name")
    messages = [one.message for one in city.problems() if one.field == "elements[0].code"]
    assert messages == ["“enterprise.name”与 elements.yaml:6 重复。"]


@pytest.mark.parametrize("text", ["- a\n", "elements: 3\n", "nothing: []\n", ""])
def test_a_part_that_is_no_set_of_lists_is_named(city, text):
    write(city, "elements/pensions-test.yaml", text)
    assert "elements/pensions-test.yaml" in {one.file for one in city.problems()}
