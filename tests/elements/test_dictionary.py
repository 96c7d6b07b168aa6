"""The dictionary: elements, code lists of several profiles, canonical materials."""

import re

import pytest

from yueban.divisions.models import Division
from yueban.elements import selectors, services
from yueban.elements.choices import Profile
from yueban.elements.errors import CodeListNotFound
from yueban.elements.rows import CanonicalMaterialRow, CodeListRow, CodeRow, ElementRow, ElementsFile
from yueban.expressions import parse, to_text
from yueban.policies.models import OfferVersion
from yueban.policies.telling import say_rule

pytestmark = pytest.mark.django_db


def a_list(profile, *codes, version="1"):
    rows = tuple(CodeRow(code=code, name=name) for code, name in codes)
    return CodeListRow(key="test-type", name="测试类型", profile=profile, version=version, codes=rows)


def load(*code_lists, elements=(), materials=()):
    return services.save_elements(
        file=ElementsFile(elements=elements, code_lists=code_lists, canonical_materials=materials)
    )


def test_public_service_has_another_code_in_another_profile():
    """Appendix A 2: the national list and the provincial one stand side by side, neither is lost."""
    assert selectors.code_list("item-type", profile=Profile.NATIONAL)["20"] == "公共服务事项"
    load(
        a_list(Profile.NATIONAL, ("20", "公共服务")),
        a_list(Profile.PROVINCIAL, ("20", "其他行政权力"), ("21", "公共服务")),
    )
    assert selectors.code_list("test-type", profile=Profile.NATIONAL) == {"20": "公共服务"}
    assert selectors.code_list("test-type", profile=Profile.PROVINCIAL)["21"] == "公共服务"
    assert selectors.code_list("test-type")["20"] == "其他行政权力"


def test_the_newest_version_of_a_list_counts():
    load(*(a_list(Profile.LOCAL, ("a", f"第{version}版"), version=version) for version in ("9", "10", "2")))
    assert selectors.code_list("test-type") == {"a": "第10版"}


def test_a_list_that_is_not_there_is_an_error():
    with pytest.raises(CodeListNotFound):
        selectors.code_list("nothing")


def test_codes_keep_the_order_they_are_stated_in():
    load(a_list(Profile.LOCAL, ("b", "乙"), ("a", "甲"), ("c", "丙")))
    assert list(selectors.code_list("test-type")) == ["b", "a", "c"]


def test_loading_again_changes_nothing_and_a_change_is_seen_at_once():
    element = ElementRow(code="test.thing", name="东西", type="code", codes="test-type")
    material = CanonicalMaterialRow(key="test-paper", name="文件")
    first = load(a_list(Profile.LOCAL, ("a", "甲")), elements=(element,), materials=(material,))
    assert (first.created, first.changed) == (3, 0)
    assert selectors.vocabulary()["test.thing"].codes == {"a": "甲"}
    again = load(a_list(Profile.LOCAL, ("a", "甲")), elements=(element,), materials=(material,))
    assert (again.created, again.changed, again.unchanged) == (0, 0, 3)
    renamed = element.model_copy(update={"name": "物品"})
    assert load(a_list(Profile.LOCAL, ("a", "甲"), ("b", "乙")), elements=(renamed,)).changed == 2
    assert selectors.vocabulary()["test.thing"].name == "物品"
    assert selectors.vocabulary()["test.thing"].codes == {"a": "甲", "b": "乙"}
    assert selectors.canonical_material("test-paper") == material
    assert selectors.canonical_material("nothing") is None


def test_the_vocabulary_is_read_once(django_assert_num_queries):
    selectors.vocabulary()
    with django_assert_num_queries(1):
        assert selectors.vocabulary()["enterprise.name"].name == "企业名称"


def test_rules_name_the_divisions_and_industries_that_are_loaded():
    facts = selectors.vocabulary()
    rule = {
        "all": [
            {"fact": "enterprise.division", "op": "prefix", "value": "330681"},
            {"fact": "enterprise.industry", "op": "prefix", "value": ["C17", "C18"]},
        ]
    }
    said = to_text(parse(rule), facts)
    assert said == "所在区县是诸暨市，且所属行业属于纺织业或纺织服装、服饰业"


def test_another_name_of_a_division_is_said_once_the_vocabulary_is_renewed(django_assert_num_queries):
    Division.objects.filter(code="330681000000").update(name="暨阳市")
    services.renew_vocabulary()
    assert selectors.vocabulary()["enterprise.division"].name_of("330681") == "暨阳市"
    with django_assert_num_queries(1):
        selectors.vocabulary()


def test_every_industry_that_a_policy_names_has_a_name():
    """No sentence of the model city falls back to a bare code."""
    facts = selectors.vocabulary()
    versions = OfferVersion.objects.all()
    assert versions
    for version in versions:
        assert not re.search(r"[A-Z]\d{2,4}|33\d{4}", say_rule(version.definition["conditions"], facts)), (
            version
        )
