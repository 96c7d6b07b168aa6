"""A small item and the words it speaks, for tests that need no database."""

import copy
from typing import Any

from yueban.catalogue.compile import compile_item
from yueban.catalogue.compiled import AgencyFacts, Compiled
from yueban.catalogue.problems import Problem
from yueban.catalogue.soundness import check
from yueban.catalogue.standard import ItemStandard
from yueban.elements.rows import CanonicalMaterialRow, CodeListRow, CodeRow, ElementRow
from yueban.elements.selectors import Dictionary
from yueban.kernel.codes import uscc


def code_list(key: str, *codes: str) -> CodeListRow:
    return CodeListRow(key=key, name=key, codes=tuple(CodeRow(code=code, name=f"名{code}") for code in codes))


DICTIONARY = Dictionary.of(
    [
        ElementRow(code="shop.kind", name="店铺类型", type="code", codes="shop-kind"),
        ElementRow(code="shop.food", name="是否卖食品", type="boolean"),
        ElementRow(code="shop.name", name="店名", type="text", max_length=20),
        ElementRow(code="shop.area", name="面积", type="decimal", unit="平方米"),
        ElementRow(code="shop.seats", name="座位数", type="integer"),
        ElementRow(code="shop.capital", name="资金", type="money"),
        ElementRow(code="shop.opened_on", name="开业日期", type="date"),
        ElementRow(code="shop.goods", name="商品", type="codes", codes="goods"),
        ElementRow(code="owner.name", name="姓名", type="text", format="person_name"),
        ElementRow(code="owner.id_type", name="证件类型", type="code", codes="id-type"),
        ElementRow(code="owner.id_number", name="证件号码", type="text", format="resident_id"),
        ElementRow(code="owner.uscc", name="信用代码", type="text", format="uscc"),
        ElementRow(code="owner.phone", name="手机", type="text", format="mobile"),
        ElementRow(code="car.plate", name="号牌", type="text", format="plate"),
        ElementRow(code="car.kind", name="车型", type="code", codes="shop-kind"),
    ],
    [
        code_list("shop-kind", "big", "small"),
        code_list("goods", "books", "food", "tools"),
        code_list("id-type", "resident_id", "uscc"),
        code_list("use-level", "1", "2", "3", "4", "5", "6", "7"),
    ],
    [CanonicalMaterialRow(key="licence", name="执照"), CanonicalMaterialRow(key="plan", name="平面图")],
)

AGENCY = AgencyFacts(
    code="yuecheng-shops",
    name="越城区店铺局",
    short_name="店铺局",
    kind="shops",
    division="330602000000",
    division_name="越城区",
    uscc=uscc.compose("11330602990000092"),
    is_uscc_demo=True,
    level="4",
    phone="0575-88000000",
    address="",
)

SITUATION: dict[str, Any] = {
    "start": "kind",
    "questions": [
        {
            "key": "kind",
            "element": "shop.kind",
            "text": "店铺有多大？",
            "options": [
                {"value": "big", "label": "大", "next": "food"},
                {"value": "small", "label": "小", "end": "not_needed"},
            ],
        },
        {
            "key": "food",
            "element": "shop.food",
            "text": "卖食品吗？",
            "options": [
                {"value": True, "label": "卖", "end": "proceed"},
                {"value": False, "label": "不卖", "end": "proceed"},
            ],
        },
    ],
    "outcomes": [
        {"key": "proceed", "kind": "proceed"},
        {"key": "not_needed", "kind": "not_needed", "message": "小店不用办。"},
    ],
}

ITEM: dict[str, Any] = {
    "key": "shop-permit",
    "name": "店铺经营许可",
    "name_en": "Shop permit",
    "summary": "开大店的许可。",
    "aliases": ["开店", "店铺执照"],
    "catalog_code": "000118001000",
    "type": "01",
    "basis": [{"law": "店铺条例"}],
    "power_source": "1",
    "levels": ["4"],
    "agency_kind": "shops",
    "adopted_by": ["yuecheng-shops"],
    "agency_nature": "1",
    "targets": ["2"],
    "topics": {"person": [], "enterprise": ["010"]},
    "handling": "2",
    "review_mode": "前审后批",
    "clock_set": "permit",
    "statutory": {"amount": 20, "unit": "工作日"},
    "promised": {"amount": 5, "unit": "工作日"},
    "conditions": ["有店铺"],
    "handling_forms": ["1", "2"],
    "visits": {"count": 0},
    "online": {"available": True, "depth": "IV"},
    "fee": {"charged": False},
    "result": {"type": "10", "name": "店铺许可证", "sample": "店铺许可证样本"},
    "situation": SITUATION,
    "form": {
        "sections": [
            {
                "key": "shop",
                "title": "店铺",
                "fields": [
                    {"element": "shop.name", "required": True},
                    {"element": "shop.area", "required": True},
                    {"element": "shop.seats"},
                    {"element": "shop.capital"},
                    {"element": "shop.opened_on"},
                    {"element": "shop.goods"},
                ],
            },
            {
                "key": "owner",
                "title": "经营者",
                "when": {"fact": "shop.food", "op": "eq", "value": True},
                "fields": [
                    {"element": "owner.name", "required": True},
                    {"element": "owner.id_type"},
                    {"element": "owner.id_number"},
                    {"element": "owner.uscc"},
                    {"element": "owner.phone"},
                ],
            },
            {
                "key": "cars",
                "title": "车辆",
                "repeat": {"min": 1, "max": 2, "label": "车辆"},
                "fields": [{"element": "car.plate", "required": True}, {"element": "car.kind"}],
            },
        ]
    },
    "materials": [
        {
            "key": "licence",
            "canonical": "licence",
            "name": "营业执照",
            "type": "1",
            "format": "3",
            "necessity": "1",
            "source": "20",
            "satisfy": [
                {"way": "certificate", "certificate_type": "business-licence"},
                {"way": "check", "agency_kind": "shops", "subject": "登记信息"},
                {"way": "upload"},
            ],
            "class": "holding",
        },
        {
            "key": "plan",
            "canonical": "plan",
            "name": "平面图",
            "type": "3",
            "format": "2",
            "necessity": "1",
            "source": "10",
            "when": {"fact": "shop.food", "op": "eq", "value": True},
            "satisfy": [{"way": "upload"}],
            "class": "other",
        },
    ],
    "route": [
        {"key": "look", "stage": 1, "kind": "review", "name": "审查", "role": "reviewer", "days": 2},
        {
            "key": "ask",
            "stage": 1,
            "kind": "check",
            "name": "核查",
            "agency_kind": "shops",
            "role": "checker",
            "days": 1,
        },
        {"key": "decide", "stage": 2, "kind": "decide", "name": "决定", "role": "decider", "days": 1},
    ],
    "consult": {"phone": "0575-88000000"},
    "supervise": {"phone": "0575-12345"},
    "delivery": ["窗口领取"],
    "faq": [{"q": "要钱吗？", "a": "不要。"}],
}


def an_item(**changes: Any) -> ItemStandard:
    """The item with some fields otherwise."""
    return ItemStandard.model_validate(copy.deepcopy({**ITEM, **changes}))


def a_situation(**changes: Any) -> dict[str, Any]:
    """The situation with some fields otherwise."""
    return copy.deepcopy({**SITUATION, **changes})


def compiled(**changes: Any) -> Compiled:
    """The item compiled."""
    return compile_item(an_item(**changes), AGENCY, DICTIONARY)


def problems(**changes: Any) -> list[Problem]:
    """What is wrong with the item so changed."""
    return check(an_item(**changes), DICTIONARY)
