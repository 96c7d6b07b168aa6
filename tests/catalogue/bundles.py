"""Small items joined into a small bundle, for tests that need no database."""

from typing import Any

from tests.catalogue.standards import AGENCY, DICTIONARY, an_item
from yueban.catalogue.bundles.compile import compile_bundle
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.compile import compile_item
from yueban.catalogue.compiled import Compiled
from yueban.catalogue.errors import BundleUnsound
from yueban.elements.rows import CanonicalMaterialRow, ElementRow
from yueban.elements.selectors import Dictionary

WORDS = Dictionary.of(
    [
        *DICTIONARY.elements.values(),
        ElementRow(code="permit.number", name="许可证号", type="text"),
        ElementRow(code="shop.needs_sign", name="要不要招牌", type="boolean"),
    ],
    DICTIONARY.code_lists,
    [
        *DICTIONARY.canonical_materials.values(),
        CanonicalMaterialRow(key="id-card", name="身份证"),
        CanonicalMaterialRow(key="first-permit", name="第一张证"),
    ],
)


def section(key: str, *fields: Any, **more: Any) -> dict[str, Any]:
    """A section; a field is an element, or a mapping with more."""
    rows = [field if isinstance(field, dict) else {"element": field} for field in fields]
    return {"key": key, "title": more.pop("title", f"{key}部分"), "fields": rows, **more}


def material(key: str, canonical: str = "id-card", **changes: Any) -> dict[str, Any]:
    """A paper the applicant hands in."""
    return {
        "key": key,
        "canonical": canonical,
        "name": key,
        "type": "1",
        "format": "3",
        "necessity": "1",
        "source": "10",
        "satisfy": [{"way": "upload"}],
        "class": "holding",
        **changes,
    }


def question(key: str, element: str, *options: Any) -> dict[str, Any]:
    """A question; an option is (value, where it leads), “!” before an outcome."""
    return {
        "key": key,
        "element": element,
        "text": f"{key}？",
        "options": [
            {"value": value, "label": str(value), **({"end": to[1:]} if to[0] == "!" else {"next": to})}
            for value, to in options
        ],
    }


def situation(*questions: dict[str, Any], **messages: str) -> dict[str, Any]:
    """Questions from the first on; besides proceed each named outcome says that it is not needed."""
    refused = [{"key": key, "kind": "not_needed", "message": text} for key, text in messages.items()]
    return {
        "start": questions[0]["key"],
        "questions": list(questions),
        "outcomes": [{"key": "proceed", "kind": "proceed"}, *refused],
    }


def item(key: str, *sections: Any, words: Dictionary = WORDS, **changes: Any) -> Compiled:
    """An item that asks nothing but what is given."""
    plain_fields = [one for one in sections if isinstance(one, str)]
    asked = [section("applicant", *plain_fields)] if plain_fields else []
    asked += [one for one in sections if isinstance(one, dict)]
    plain = {
        "key": key,
        "name": f"事项{key}",
        "situation": None,
        "materials": [],
        "route": [],
        "form": {"sections": asked or [section("applicant", "shop.name")]},
    }
    return compile_item(an_item(**{**plain, **changes}), AGENCY, words)


def standard(*children: Any, **changes: Any) -> BundleStandard:
    """A bundle of items; a child is the key of its item, or a mapping with more."""
    rows = [child if isinstance(child, dict) else {"key": child, "item": child} for child in children]
    return BundleStandard.model_validate(
        {
            "key": "opening",
            "name": "开店一件事",
            "summary": "开店要办的一起办。",
            "lead_agency_kind": "shops",
            "targets": ["2"],
            "promised": {"amount": 60, "unit": "工作日"},
            "children": rows,
            **changes,
        }
    )


def bundle(*items: Compiled, children: Any = None, **changes: Any) -> CompiledBundle:
    """The bundle of these items."""
    declared = children or [one.key for one in items]
    return compile_bundle(standard(*declared, **changes), {one.key: one for one in items}, WORDS)


def report(*items: Compiled, children: Any = None, **changes: Any) -> list[str]:
    """What is wrong with the bundle: each problem with its field and what to do."""
    try:
        bundle(*items, children=children, **changes)
    except BundleUnsound as error:
        return [f"{p['field']}: {p['message']}{p['hint']}" for p in error.data["problems"]]
    return []
