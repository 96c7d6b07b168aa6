"""标签目录: owner, definition, use and conflicts of every tag, and what each says of an enterprise."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.test import Client
from openpyxl import load_workbook

from tests import people
from tests.channels.visitors import visitor
from yueban.elements import selectors as elements
from yueban.expressions import Truth, parse
from yueban.flows import tag_catalogue
from yueban.parties import services, tags
from yueban.parties.models import Tag

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parents[2] / "cities" / "shaoxing" / "tags.yaml"


def add(key: str, **more: object) -> Tag:
    known = {"name": key, "owner": "economy-it", "kind": "rule", "description": "测试"}
    return Tag.objects.create(key=key, **{**known, **more})


def line(key: str) -> tag_catalogue.Line:
    return next(one for one in tag_catalogue.lines() if one.tag.key == key)


def above(fact: str, value: str) -> dict[str, str]:
    return {"fact": f"enterprise.{fact}", "op": "ge", "value": value}


def test_every_tag_of_the_city_is_sound_and_goes_with_the_others():
    rows = services.TagsFile.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8"))).tags
    found = tag_catalogue.lines()
    assert {one.tag.key for one in found} == {row.key for row in rows}
    assert [one.conflicts for one in found if one.conflicts] == []
    assert all(one.owner and one.definition for one in found)


def test_a_rule_is_told_as_a_sentence_and_its_owner_by_name():
    found = line("digitalising")
    assert (found.definition, found.owner) == ("当年数字化投入不低于10万元", "绍兴市经信局")


def test_two_tags_of_the_same_rule_are_found_in_whatever_order_it_is_written():
    add("one", rule={"all": [above("revenue", "1"), above("loan", "2")]})
    add("other", rule={"all": [above("loan", "2"), above("revenue", "1")]})
    assert line("one").conflicts == ("与“other”是同一条规则",)
    assert line("other").conflicts == ("与“one”是同一条规则",)


def test_what_cannot_be_together_with_what_it_requires_is_found():
    add("big", rule=above("revenue", "100"))
    add("tiny", rule={"fact": "enterprise.revenue", "op": "lt", "value": "100"}, requires=["big"])
    assert line("tiny").conflicts == ("以“big”为前提，但两者不可能同时成立",)
    assert line("big").conflicts == ()


def test_what_contradicts_itself_is_found():
    add("never", rule={"all": [above("revenue", "100"), {"none": [above("revenue", "50")]}]})
    assert line("never").conflicts == ("自身的条件互相矛盾，没有企业能符合",)


def test_a_fact_that_is_no_longer_an_element_is_found():
    add("lost", kind="source", element="enterprise.no_more")
    assert line("lost").conflicts == ("引用了没有登记的数据元“enterprise.no_more”",)


def test_offers_that_ask_what_the_tag_says_are_counted(monkeypatch):
    rules = [
        {"all": [above("digital_investment", "100000"), above("loan", "1")]},
        above("digital_investment", "1"),
    ]
    versions = [SimpleNamespace(definition={"conditions": rule}) for rule in rules]
    versions.append(SimpleNamespace(definition={}))
    monkeypatch.setattr(tag_catalogue.policies, "offers_in_force", lambda _on: versions)
    assert [line("digitalising").uses, line("green").uses] == [1, 0]
    add("by-source", kind="source", element="enterprise.loan")
    assert line("by-source").uses == 1


def test_the_catalogue_is_read_in_few_questions(django_assert_max_num_queries):
    elements.dictionary()
    with django_assert_max_num_queries(6):
        tag_catalogue.lines()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "source"}, "rule"),
        ({"rule": None}, "rule"),
        ({"rule": above("nothing", "1")}, "rule"),
        ({"rule": {"fact": "enterprise.size", "op": "eq", "value": "huge"}}, "rule"),
        ({"rule": None, "kind": "source", "element": "enterprise.nothing"}, "element"),
        ({"requires": ["no-such-tag"]}, "requires"),
    ],
)
def test_a_tag_that_cannot_be_told_is_refused_at_its_field(change, field):
    stated = {
        "key": "a",
        "name": "甲",
        "owner": "economy-it",
        "kind": "rule",
        "rule": above("loan", "1"),
        "description": "测试",
    }
    row = tags.TagRow.model_validate(stated | change)
    assert field in {fault.field for fault in tags.faults_of_tag(row, elements.vocabulary(), ["a"])}


def test_a_tag_that_the_city_no_longer_names_is_gone():
    rows = services.TagsFile.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8"))).tags
    assert services.save_tags(rows=rows).unchanged == len(rows)
    services.save_tags(rows=rows[1:])
    assert not Tag.objects.filter(key=rows[0].key).exists()


def test_each_tag_says_whether_an_enterprise_has_it_and_what_it_rests_on():
    facts = {"enterprise.digital_investment": 100_000, "enterprise.size": "large"}
    held = {one.key: one for one in tags.tags_held(facts, elements.vocabulary())}
    assert [held[key].value for key in ("digitalising", "sme", "exporter")] == [
        Truth.TRUE,
        Truth.FALSE,
        Truth.UNKNOWN,
    ]
    assert held["digitalising"].facts == ("enterprise.digital_investment",)
    assert parse(Tag.objects.get(key="sme").rule)


def test_the_page_is_narrowed_by_words_owner_and_conflicts():
    clerk: Client = visitor(people.CLERK)
    assert "专精特新后备企业" in clerk.get("/desk/tags/").content.decode()
    found = clerk.get("/desk/tags/", {"words": "数字化投入", "owner": "economy-it"}).content.decode()
    assert "正在数字化改造的企业" in found
    assert "专精特新后备企业" not in found
    assert "没有这样的标签" in clerk.get("/desk/tags/", {"conflicts": "1"}).content.decode()


def test_the_file_holds_what_the_page_shows():
    response = visitor(people.CLERK).get("/desk/tags/export.xlsx", {"words": "数字化投入"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[1][:4] == ("正在数字化改造的企业", "digitalising", "按规则", "当年数字化投入不低于10万元")
