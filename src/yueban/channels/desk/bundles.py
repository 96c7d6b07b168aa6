"""一件事设计: what a bundle compiles to, as a graph and tables, and what it would be if it were joined otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles.ordering import KIND_NAMES
from yueban.catalogue.bundles.standard import EdgeKind
from yueban.catalogue.models import BundleVersion
from yueban.catalogue.selectors import CompiledBundle
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.bundle_graph import draw
from yueban.channels.desk.items import check_editor
from yueban.channels.desk.pages import desk_page
from yueban.divisions import selectors as divisions

# Kinds that need no more than two children to be tried; 结果带入 needs the field that flows.
TRIABLE: tuple[EdgeKind, ...] = ("approve_start", "start_start", "all_finish", "same_visit")
NEEDS = {"mandatory": "必办", "optional": "可选", "conditional": "按条件"}
ON_REFUSAL = {"block_all": "其他都不办", "only_this": "只这一件不予", "can_redo": "可以补办"}


@staff_only
@require_safe
def bundle_list(request: DeskRequest) -> HttpResponse:
    """Every bundle in force, and how far the national list is covered."""
    check_editor(request.actor)
    versions = catalogue.bundles_in_force()
    listed = catalogue.national_list()
    places = Counter(catalogue.bundle_versions_in_force().values_list("bundle__key", flat=True))
    context = {
        "rows": [(row, places[row.bundle.key]) for row in versions],
        "national": listed,
        "named": sum(1 for batch in listed.batches for one in batch.entries if one.name) if listed else 0,
        "trail": [(_("事项管理"), reverse("desk:items")), (_("一件事"), "")],
    }
    return desk_page(request, "desk/bundles.html", context)


@staff_only
@require_safe
def bundle(request: DeskRequest, key: str) -> HttpResponse:
    """One bundle as compiled, or as it would be with the children and edges asked for."""
    check_editor(request.actor)
    places = catalogue.bundle_places(key)
    version = catalogue.get_bundle(key, _asked_place(request, places))
    asked = request.GET
    left_out = set(asked.getlist("without"))
    dropped = {int(place) for place in asked.getlist("drop") if place.isdecimal() and len(place) < 4}
    one, source, target = (asked.get(name, "") for name in ("kind", "source", "target"))
    added = (one, source, target) if one in TRIABLE and source and target else None
    is_tried = bool(left_out or dropped or added)
    tried = (
        catalogue.try_bundle(version, left_out=left_out, dropped=dropped, added=added) if is_tried else None
    )
    compiled = version.compiled_bundle if tried is None else tried.bundle
    context = {
        "version": version,
        "place_name": divisions.full_name(version.division_code),
        "places": [(row.division_code, divisions.full_name(row.division_code)) for row in places],
        "declared": version.compiled_bundle,
        "edges": _edges(version.compiled_bundle, dropped),
        "without": left_out,
        "kinds": [(name, KIND_NAMES[name]) for name in TRIABLE],
        "asked": {"kind": one, "source": source, "target": target},
        "is_tried": is_tried,
        "problems": tried.problems if tried is not None else (),
        "result": None if compiled is None else _result(compiled),
        "trail": [
            (_("事项管理"), reverse("desk:items")),
            (_("一件事"), reverse("desk:bundles")),
            (version.name, ""),
        ],
    }
    return desk_page(request, "desk/bundle.html", context)


def _asked_place(request: DeskRequest, places: list[BundleVersion]) -> str | None:
    asked = request.GET.get("place", "")
    return asked if asked in {row.division_code for row in places} else None


def _edges(compiled: CompiledBundle, dropped: set[int]) -> list[tuple[int, str, bool]]:
    """Place, words and whether it is left out, of each edge as published."""
    names = {child.key: child.name for child in compiled.children}
    return [
        (place, f"{names[edge.source]} → {names[edge.target]}：{_said(edge, compiled)}", place in dropped)
        for place, edge in enumerate(compiled.edges)
    ]


def _said(edge: Any, compiled: CompiledBundle) -> str:
    flows = f"（{compiled.facts[edge.element].name}）" if edge.element in compiled.facts else ""
    return f"{KIND_NAMES[edge.kind]}{flows}"


def _result(compiled: CompiledBundle) -> dict[str, Any]:
    names = {child.key: child.name for child in compiled.children}
    return {
        "compiled": compiled,
        "graph": draw(compiled),
        "children": [
            (child, NEEDS[child.need], ON_REFUSAL[child.on_refusal], _waits(compiled, child.key, names))
            for child in compiled.children
        ],
        "critical": " → ".join(names[key] for key in compiled.critical_path),
        "joint": "、".join(names[key] for key in compiled.joint_issue.children)
        if compiled.joint_issue
        else "",
        "figures": list(_figures(compiled)),
        "usual": list(_usual(compiled)),
        "fields": list(_fields(compiled, names)),
        "materials": list(_materials(compiled, names)),
    }


def _waits(compiled: CompiledBundle, key: str, names: dict[str, str]) -> str:
    found = {
        f"{names[edge.source]}（{KIND_NAMES[edge.kind]}）": None
        for edge in compiled.edges
        if edge.target == key
    }
    return "、".join(found) or "不等别的"


def _figures(compiled: CompiledBundle) -> Iterator[tuple[str, Any, Any, int | None, Any]]:
    """Name, now, the sum of the parts, saved per cent, as published before."""
    before = compiled.baseline.figures if compiled.baseline else None
    for name, label in (
        ("days", "时限（工作日）"),
        ("visits", "到场次数"),
        ("forms", "表单"),
        ("fields", "要填的项"),
        ("materials", "材料"),
        ("uploads", "其中自己交"),
    ):
        now, parts = getattr(compiled.predicted, name), getattr(compiled.parts, name)
        was = getattr(before, name) if before else None
        if name == "days":
            yield label, _days(now), _days(parts), catalogue.saved(now, parts), _days(was)
        else:
            yield label, now, parts, catalogue.saved(now, parts), was


def _days(days: Decimal | None) -> str | None:
    """Working days in words; less than one in hours or minutes of a day of eight hours."""
    if days is None or days >= 1 or days == 0:
        return None if days is None else "即办" if days == 0 else f"{days.normalize():f}天"
    minutes = round(days * 480)
    return f"{minutes}分钟" if minutes < 60 else f"{Decimal(minutes) / 60:.1f}小时"


def _usual(compiled: CompiledBundle) -> Iterator[tuple[str, str]]:
    """The questions and answers the figures are for; what is asked once stands once."""
    seen: set[str] = set()
    for key, value in compiled.usual.items():
        question = compiled.situations.questions[key]
        if question.element in seen:
            continue
        seen.add(question.element)
        said = next(
            (o.label for o in question.options if str(o.value).lower() == str(value).lower()), str(value)
        )
        yield question.text, said


def _fields(compiled: CompiledBundle, names: dict[str, str]) -> Iterator[tuple[Any, Any, list[str]]]:
    for section in compiled.form.sections:
        for field in section.fields:
            mark = field.element if section.repeat is None else f"{section.key}/{field.element}"
            yield section, field, [names[by.child] for by in compiled.field_lineage[mark]]


def _materials(compiled: CompiledBundle, names: dict[str, str]) -> Iterator[tuple[Any, list[str]]]:
    for material in compiled.materials:
        yield material, [names[by.child] for by in compiled.material_lineage[material.key]]
