"""同标准 (Q17): the same item at different agencies, compared: name, materials, times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from yueban.catalogue.models import ItemVersion
from yueban.catalogue.quality import Finding
from yueban.catalogue.selectors import versions_in_force

# What is compared: name in words, and where it stands in a definition.
COMPARED: Final = ("事项名称", "申请材料", "法定时限", "承诺时限", "到现场次数", "收费")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing compared: what each agency says, in the order of the report's agencies."""

    label: str
    said: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether all say the same."""
        return len(set(self.said)) <= 1


@dataclass(frozen=True, slots=True)
class SameStandard:
    """One item with one 基本编码 at all who adopted it."""

    item: str
    name: str
    catalog_code: str
    agencies: tuple[str, ...]
    versions: tuple[int, ...]
    points: tuple[Point, ...]

    @property
    def differences(self) -> tuple[Point, ...]:
        """The points on which they differ."""
        return tuple(point for point in self.points if not point.is_same)


def same_standard_report(item_key: str | None = None) -> list[SameStandard]:
    """Every item that several agencies have in force under one 基本编码, those that differ first; one query."""
    rows = versions_in_force().defer("compiled_json").order_by("agency__division__code", "agency__code")
    if item_key is not None:
        rows = rows.filter(item__key=item_key)
    groups: dict[tuple[str, str], list[ItemVersion]] = defaultdict(list)
    for row in rows:
        groups[str(row.definition.get("catalog_code")), row.item.key].append(row)
    found = [_compared(code, versions) for (code, _), versions in groups.items() if len(versions) > 1]
    return sorted(found, key=lambda one: (not one.differences, one.name, one.catalog_code))


def _compared(code: str, versions: list[ItemVersion]) -> SameStandard:
    said = [points_of(version.definition) for version in versions]
    points = tuple(Point(label, tuple(one[place] for one in said)) for place, label in enumerate(COMPARED))
    first = versions[0]
    return SameStandard(
        item=first.item.key,
        name=first.name,
        catalog_code=code,
        agencies=tuple(version.agency.short_name for version in versions),
        versions=tuple(version.pk for version in versions),
        points=points,
    )


def points_of(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """What a definition says to each point of COMPARED."""
    materials = sorted(str(row.get("name")) for row in definition.get("materials") or [])
    visits = (definition.get("visits") or {}).get("count", 0)
    charged = (definition.get("fee") or {}).get("charged")
    return (
        str(definition.get("name")),
        "、".join(materials) or "不需要材料",
        _limit(definition.get("statutory")),
        _limit(definition.get("promised")),
        f"{visits}次",
        "收费" if charged else "不收费",
    )


def _limit(limit: Any) -> str:
    amount, unit = (limit or {}).get("amount"), (limit or {}).get("unit")
    return "即办" if amount == 0 else f"{amount}{unit}"


def check_same_standard(standards: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Finding]:
    """Q17 over (item, agency, definition): the same item and 基本编码, but another name, material or time."""
    first: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    found = []
    for item, agency, definition in standards:
        code, said = str(definition.get("catalog_code")), points_of(definition)
        other, theirs = first.setdefault((item, code), (agency, said))
        differing = [label for label, a, b in zip(COMPARED, theirs, said, strict=True) if a != b]
        if differing:
            words = "、".join(differing)
            message = f"{agency}与{other}的基本编码同为{code}，但{words}不同，应按同一标准办理。"
            found.append(Finding("Q17", item, "catalog_code", message))
    return found
