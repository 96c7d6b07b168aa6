"""A synthetic bundle: items that share some elements and materials, ask under conditions and wait for one another."""

from __future__ import annotations

from typing import Any

from yueban.catalogue.services import (
    BundleStandard,
    Compiled,
    ItemStandard,
    agency_facts_of_row,
    prepare,
)
from yueban.elements.rows import CanonicalMaterialRow, ElementRow
from yueban.elements.selectors import Dictionary

OWN_FIELDS, SHARED_FIELDS = 15, 10
OWN_MATERIALS, SHARED_MATERIALS = 3, 3
UPLOAD = {"way": "upload"}


class Agency:
    """An office as `agency_facts_of_row` reads it."""

    code = kind = "synthetic"
    name = short_name = "演示部门"
    division = "330602000000"
    uscc = "11330602990000092G"
    uscc_demo = True
    phone = address = ""


def dictionary(items: int) -> Dictionary:
    """The elements and canonical materials of so many items."""
    own = [f"own{n}.field{i}" for n in range(items) for i in range(OWN_FIELDS)]
    asked = [f"own{n}.{name}" for n in range(items) for name in ("first", "second")]
    shared = [f"shared.field{i}" for i in range(SHARED_FIELDS)]
    rows = [ElementRow(code=code, name=code, type="text", max_length=100) for code in (*own, *shared)]
    rows += [ElementRow(code=code, name=code, type="boolean") for code in (*asked, "shared.kind")]
    papers = [f"own-{n}-{i}" for n in range(items) for i in range(OWN_MATERIALS)]
    papers += [f"shared-{i}" for i in range(SHARED_MATERIALS)]
    return Dictionary.of(rows, [], [CanonicalMaterialRow(key=key, name=key) for key in papers])


def compiled_items(items: int, words: Dictionary) -> dict[str, Compiled]:
    """The items, compiled one by one as the catalogue holds them."""
    office = agency_facts_of_row(Agency, division_name="越城区", division_level="county")  # type: ignore[arg-type]
    standards = (ItemStandard.model_validate(_item(number)) for number in range(items))
    return {one.key: prepare(one, office, words).compiled for one in standards}


def bundle(items: int) -> BundleStandard:
    """The bundle: every fourth item is optional, every item waits for the one eight before it."""
    return BundleStandard.model_validate(
        {
            "key": "synthetic",
            "name": "合成的一件事",
            "summary": "测速用。",
            "lead_agency_kind": "synthetic",
            "targets": ["2"],
            "promised": {"amount": 3000, "unit": "工作日"},
            "children": [
                {"key": f"c{n}", "item": f"item-{n}", "need": "optional" if n % 4 == 3 else "mandatory"}
                for n in range(items)
            ],
            "edges": [
                {"kind": "approve_start", "source": f"c{n - 8}", "target": f"c{n}"} for n in range(8, items)
            ],
        }
    )


def expected(items: int) -> tuple[int, int]:
    """How many fields and materials the merged bundle has."""
    return items * OWN_FIELDS + SHARED_FIELDS, items * OWN_MATERIALS + SHARED_MATERIALS


def _item(number: int) -> dict[str, Any]:
    return {
        "key": f"item-{number}",
        "name": f"事项{number}",
        "summary": "测速用。",
        "catalog_code": "002004001000",
        "type": "20",
        "basis": [{"law": "测速"}],
        "power_source": "1",
        "levels": ["4"],
        "agency_kind": "synthetic",
        "adopted_by": ["synthetic"],
        "agency_nature": "1",
        "targets": ["2"],
        "topics": {"person": [], "enterprise": []},
        "handling": "2",
        "review_mode": "前审后批",
        "clock_set": "service",
        "statutory": {"amount": 20, "unit": "工作日"},
        "promised": {"amount": 1 + number % 5, "unit": "工作日"},
        "conditions": ["无"],
        "handling_forms": ["1"],
        "visits": {"count": 0},
        "online": {"available": True, "depth": "IV"},
        "fee": {"charged": False},
        "result": {"type": "30", "name": "结果", "sample": "样本"},
        "situation": _situation(number),
        "form": {"sections": _sections(number)},
        "materials": [
            *(_material(f"own-{number}-{i}", number, is_conditional=i == 0) for i in range(OWN_MATERIALS)),
            *(_material(f"shared-{i}", number, is_conditional=False) for i in range(SHARED_MATERIALS)),
        ],
        "consult": {"phone": "0575-88000000"},
        "supervise": {"phone": "0575-12345"},
        "delivery": ["窗口领取"],
    }


def _situation(number: int) -> dict[str, Any]:
    def question(key: str, element: str, after: dict[str, str], otherwise: dict[str, str]) -> dict[str, Any]:
        options = [{"value": True, "label": "是", **after}, {"value": False, "label": "否", **otherwise}]
        return {"key": key, "element": element, "text": f"{key}？", "options": options}

    return {
        "start": "kind",
        "questions": [
            question("kind", "shared.kind", {"next": "first"}, {"end": "no"}),
            question("first", f"own{number}.first", {"next": "second"}, {"next": "second"}),
            question("second", f"own{number}.second", {"end": "proceed"}, {"end": "no"}),
        ],
        "outcomes": [
            {"key": "proceed", "kind": "proceed"},
            {"key": "no", "kind": "not_needed", "message": f"事项{number}不用办。"},
        ],
    }


def _sections(number: int) -> list[dict[str, Any]]:
    when = {"fact": f"own{number}.first", "op": "eq", "value": True}
    own = [{"element": f"own{number}.field{i}", "required": i % 2 == 0} for i in range(OWN_FIELDS)]
    for field in own[::5]:
        field["when"] = when
    shared = [{"element": f"shared.field{i}", "max_length": 20 + number % 50} for i in range(SHARED_FIELDS)]
    return [
        {"key": "applicant", "title": "申请人", "fields": shared},
        {"key": "details", "title": f"事项{number}", "fields": own},
    ]


def _material(key: str, number: int, *, is_conditional: bool) -> dict[str, Any]:
    when = {"fact": f"own{number}.first", "op": "eq", "value": True}
    return {
        "key": key,
        "canonical": key,
        "name": key,
        "type": "1",
        "format": "3",
        "necessity": "1",
        "source": "10",
        "copies": 1,
        "when": when if is_conditional else None,
        "satisfy": [UPLOAD],
        "class": "holding",
    }
