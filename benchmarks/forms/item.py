"""A made-up item whose form has as many fields as asked, of every kind, a third of them under conditions."""

import json
from typing import Any

from yueban.agencies import selectors as agencies
from yueban.catalogue import selectors as catalogue
from yueban.catalogue import services
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.standard import ItemStandard
from yueban.elements import selectors as elements
from yueban.elements.rows import CodeListRow, CodeRow, ElementRow
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM

LIKE, AGENCY, DIVISION = "road-freight-permit", "yuecheng-transport", "330602000000"
KEY = "synthetic-long-form"
IN_A_SECTION = 20
KINDS: tuple[dict[str, Any], ...] = (
    {"type": "boolean"},
    {"type": "text", "max_length": 50},
    {"type": "code", "codes": "synthetic-few"},
    {"type": "code", "codes": "synthetic-many"},
    {"type": "decimal", "unit": "平方米", "bounds": {"minimum": "0", "maximum": "9999"}},
    {"type": "date"},
    {"type": "integer", "unit": "人"},
    {"type": "text", "format": "mobile"},
    {"type": "codes", "codes": "synthetic-few"},
    {"type": "text", "format": "person_name"},
)
VALUES: tuple[Any, ...] = (
    "true",
    "示例内容",
    "c1",
    "c9",
    "120.5",
    "2026-01-31",
    "12",
    "13800000001",
    ["c1", "c3"],
    "陈示例",
)


def publish(fields: int) -> ItemVersion:
    """The item in force at one agency; its conditions rest on answers of the form itself."""
    known = elements.dictionary()
    lists = [_codes("synthetic-few", 4), _codes("synthetic-many", 12)]
    rows = [ElementRow.model_validate_json(json.dumps(_element(n))) for n in range(fields)]
    dictionary = type(known).of(
        [*known.elements.values(), *rows], [*known.code_lists, *lists], known.canonical_materials.values()
    )
    like = catalogue.get_published(LIKE, DIVISION)
    standard = {
        **like.definition,
        "key": KEY,
        "name": "合成长表",
        "situation": None,
        "condition_rule": None,
        "materials": [],
        "form": {"sections": [_section(start, fields) for start in range(0, fields, IN_A_SECTION)]},
    }
    prepared = services.prepare(
        ItemStandard.model_validate_json(json.dumps(standard)),
        services.agency_facts(agencies.get_agency(AGENCY)),
        dictionary,
    )
    services.publish_prepared(prepared=[prepared], effective_on=clock.today(), actor=SYSTEM)
    return catalogue.get_published(KEY, DIVISION)


def typed(fields: int) -> dict[str, Any]:
    """What a page posts with every field filled in well."""
    return {element(n): VALUES[n % len(VALUES)] for n in range(fields)}


def element(n: int) -> str:
    """The code of the n-th field."""
    return f"synthetic.f{n:03}"


def _element(n: int) -> dict[str, Any]:
    kind = KINDS[n % len(KINDS)]
    return {"code": element(n), "name": f"合成字段{n}", "name_en": f"Field {n}", "source": "合成", **kind}


def _codes(key: str, count: int) -> CodeListRow:
    codes = tuple(CodeRow(code=f"c{n}", name=f"选项{n}") for n in range(1, count + 1))
    return CodeListRow(key=key, name=key, codes=codes)


def _section(start: int, fields: int) -> dict[str, Any]:
    """Twenty fields; every third of them hangs on the yes or no, or on a choice, that stands before it."""
    rows = []
    for n in range(start, min(start + IN_A_SECTION, fields)):
        row: dict[str, Any] = {"element": element(n), "required": n % 2 == 0}
        first = n - n % len(KINDS)
        if n % 3 == 1 and n > first + 2:
            row["when"] = {
                "all": [
                    {"fact": element(first), "op": "eq", "value": True},
                    {"fact": element(first + 2), "op": "in", "value": ["c1", "c2"]},
                ]
            }
        rows.append(row)
    return {
        "key": f"part-{start // IN_A_SECTION}",
        "title": f"第{start // IN_A_SECTION + 1}部分",
        "fields": rows,
    }
