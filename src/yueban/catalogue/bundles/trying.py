"""What if: a bundle with some children left out and other edges, compiled and never kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from yueban.catalogue.bundles.compile import compile_bundle
from yueban.catalogue.bundles.compiled import CompiledBundle
from yueban.catalogue.bundles.selectors import item_versions_of
from yueban.catalogue.bundles.standard import BundleStandard
from yueban.catalogue.errors import BundleUnsound
from yueban.catalogue.models import BundleVersion
from yueban.elements import selectors as elements


@dataclass(frozen=True)
class Tried:
    """What came of it: a bundle, or the report of what does not fit together."""

    bundle: CompiledBundle | None
    problems: Sequence[dict[str, Any]] = ()


def try_bundle(
    version: BundleVersion,
    *,
    left_out: Collection[str] = (),
    dropped: Collection[int] = (),
    added: tuple[str, str, str] | None = None,
) -> Tried:
    """Compile the bundle without these children and edges (by place), with one more (kind, source, target)."""
    definition = dict(version.definition)
    keys = {child["key"] for child in definition["children"]} - set(left_out)
    definition["children"] = [child for child in definition["children"] if child["key"] in keys]
    definition["edges"] = [
        edge
        for place, edge in enumerate(definition["edges"])
        if place not in dropped and {edge["source"], edge["target"]} <= keys
    ]
    if added is not None and {added[1], added[2]} <= keys:
        definition["edges"].append(dict(zip(("kind", "source", "target"), added, strict=True)))
    joint = definition.get("joint_issue")
    if joint is not None:
        remaining = [key for key in joint["children"] if key in keys]
        definition["joint_issue"] = {**joint, "children": remaining} if len(remaining) > 1 else None
    if not definition["children"]:
        empty = {"field": "children", "message": "一个事项也没有。", "hint": "请至少留一个。"}
        return Tried(None, [empty])
    standard = BundleStandard.model_validate(definition)
    items = item_versions_of(version)
    joined = [(child.item, items[child.key]) for child in standard.children]
    try:
        return Tried(
            compile_bundle(
                standard,
                {item: one.compiled for item, one in joined},
                elements.dictionary(),
                hashes={item: one.content_hash for item, one in joined},
            )
        )
    except BundleUnsound as error:
        return Tried(None, error.data["problems"])
