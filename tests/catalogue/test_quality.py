"""The quality rules: each finds its fault, and a good item has none."""

import copy

import pytest

from tests.catalogue.standards import AGENCY, DICTIONARY, ITEM, an_item
from yueban.catalogue.preparation import prepare
from yueban.catalogue.quality import check_code, check_quality
from yueban.catalogue.same_standard import check_same_standard


def rules(**changes):
    return [finding.rule for finding in check_quality(an_item(**changes), area_code="0575")]


def test_a_good_item_has_no_findings():
    assert rules() == []


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("Q01", {"promised": {"amount": 0, "unit": "工作日"}}),
        ("Q02", {"handling": "1"}),
        ("Q03", {"result": {"type": "20", "name": "店铺许可证", "sample": "样本"}}),
        ("Q04", {"visits": {"count": 1}, "online": {"available": True, "depth": "III"}}),
        ("Q04", {"visits": {"count": 0, "reason": "要核验原件"}}),
        ("Q05", {"online": {"available": False, "depth": "I"}}),
        ("Q06", {"visits": {"count": 1, "reason": "要核验原件"}}),
        ("Q07", {"fee": {"charged": False, "pay_online": True}}),
        ("Q07", {"fee": {"charged": True, "basis": "文件"}}),
        ("Q07", {"fee": {"charged": True, "items": [{"name": "工本费", "standard": "10元"}]}}),
        ("Q08", {"consult": {"phone": "88000000"}}),
        ("Q08", {"supervise": {}}),
        ("Q08", {"supervise": {"phone": "0575-88000000"}}),
        ("Q09", {"topics": {"person": ["010"], "enterprise": ["010"]}}),
        ("Q10", {"faq": []}),
        ("Q11", {"route": []}),
        ("Q12", {"result": {"type": "10", "name": "店铺许可证"}}),
        ("Q13", {"promised": {"amount": 2, "unit": "月"}}),
        ("Q18", {"agency_nature": "3"}),
    ],
)
def test_each_rule_finds_its_fault(rule, changes):
    assert rules(**changes) == [rule]


def test_limits_in_different_units_are_compared():
    assert rules(promised={"amount": 20, "unit": "自然日"}) == []
    assert rules(promised={"amount": 40, "unit": "自然日"}) == ["Q13"]


@pytest.mark.parametrize("name", ["其他材料", "法律法规规定的其他材料", "需要提供的其他证明", "其它有关材料"])
def test_a_material_that_could_be_anything_is_found(name):
    materials = copy.deepcopy(ITEM["materials"])
    materials[1]["name"] = name
    assert rules(materials=materials) == ["Q14"]


def test_what_government_issued_is_fetched_or_a_reason_given():
    materials = copy.deepcopy(ITEM["materials"])
    materials[0]["satisfy"] = [{"way": "upload"}]
    assert rules(materials=materials) == ["Q15"]
    materials[0]["no_exemption_reason"] = "外省核发，尚未共享"
    assert rules(materials=materials) == []


def test_the_parts_of_the_implementation_code_agree_with_their_fields():
    good = prepare(an_item(), AGENCY, DICTIONARY)
    assert check_code(good) == []
    guide = good.compiled.guide.model_copy(update={"task_code": f"{AGENCY.uscc}3000118001000"})
    bad = type(good)(good.standard, good.agency, good.compiled.model_copy(update={"guide": guide}), "")
    assert [finding.rule for finding in check_code(bad)] == ["Q16"]


@pytest.mark.parametrize(
    "changes",
    [
        {"result": {"type": "10", "name": "店铺许可证", "certificate_type": "shop-permit"}},
        {"result": {"type": "10", "name": "店铺许可证", "sample": "店铺许可证样本.pdf"}},
        {"result": {"type": "10", "name": "店铺许可证", "no_sample_reason": "发布机关没有公布样本"}},
    ],
)
def test_a_sample_is_there_comes_with_the_certificate_type_or_its_lack_is_explained(changes):
    assert rules(**changes) == []


def test_a_doubt_alone_is_neither_sample_nor_reason():
    doubt = [{"field": "result.sample", "note": "结果样本未取得"}]
    assert rules(result={"type": "10", "name": "店铺许可证"}, unverified=doubt) == ["Q12"]


def test_agencies_that_ask_more_than_others_for_the_same_item_are_found():
    materials = copy.deepcopy(ITEM["materials"])
    materials[0]["name"] = "另一份材料"
    others = (("甲县", ITEM), ("乙县", ITEM), ("丙县", {**ITEM, "materials": materials}))
    found = check_same_standard(("shop-permit", agency, definition) for agency, definition in others)
    assert [(one.rule, one.field) for one in found] == [("Q17", "catalog_code")]
    assert "丙县与甲县" in found[0].message
    assert "申请材料" in found[0].message
