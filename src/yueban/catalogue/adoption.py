"""认领: what an agency may change of a directory entry: less time, fewer materials and visits, never more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from yueban.catalogue.problems import PathStep, Problem
from yueban.catalogue.shape import path_label, path_of
from yueban.catalogue.standard.basis import TimeLimit
from yueban.catalogue.workdays import workdays

# 锁定要素: set by the owner of the directory entry.
LOCKED: Final = (
    "name",
    "catalog_code",
    "type",
    "basis",
    "targets",
    "clock_set",
    "statutory",
    "conditions",
    "condition_rule",
    "result.type",
    "result.name",
    "result.certificate_type",
)
# 必要性 from the strictest on: 必要, 容缺后补, 非必要.
STRICTNESS: Final = {"1": 2, "3": 1, "2": 0}
COUNTS: Final = (("originals", "原件份数"), ("copies", "复印件份数"))


def adopted(entry: Mapping[str, Any], agency: str) -> dict[str, Any]:
    """The definition with which an agency begins its own version of a directory entry."""
    windows = [row for row in entry.get("windows") or [] if row.get("agency") in (None, agency)]
    return {
        **entry,
        "adopted_by": [agency],
        "windows": windows,
        "effective_on": None,
        "cancel_on": None,
    }


def with_locked(
    definition: Mapping[str, Any], entry: Mapping[str, Any], locked: tuple[str, ...]
) -> dict[str, Any]:
    """The definition with the locked fields as the directory has them now."""
    changed = dict(definition)
    for field in locked:
        first, _, rest = field.partition(".")
        if rest:
            inner = dict(changed.get(first) or {})
            inner[rest] = (entry.get(first) or {}).get(rest)
            changed[first] = inner
        else:
            changed[first] = entry.get(first)
    return changed


def problems(
    definition: Mapping[str, Any], entry: Mapping[str, Any], locked: tuple[str, ...]
) -> list[Problem]:
    """Every way in which a definition asks more than its directory entry, or changes what is locked."""
    return [
        *_locked(definition, entry, locked),
        *_longer(definition, entry),
        *_more_visits(definition, entry),
        *_more_materials(definition, entry),
        *_more_procedures(definition, entry),
        *_charges(definition, entry),
    ]


def is_locked(field: str, locked: tuple[str, ...]) -> bool:
    """Whether a field, written with dots, is locked itself or stands inside a locked one."""
    return any(field == one or field.startswith(f"{one}.") for one in locked)


def _at(data: Mapping[str, Any], field: str) -> Any:
    value: Any = data
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _settled(value: Any) -> Any:
    """A value without what is left empty, so that an untouched field compares equal however it was stored."""
    if isinstance(value, Mapping):
        return {key: _settled(part) for key, part in value.items() if part not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_settled(part) for part in value]
    return value or None


def _locked(
    definition: Mapping[str, Any], entry: Mapping[str, Any], locked: tuple[str, ...]
) -> Iterator[Problem]:
    for field in locked:
        if _settled(_at(definition, field)) != _settled(_at(entry, field)):
            yield Problem(
                path_of(field),
                f"“{path_label(path_of(field))}”由目录统一规定，认领部门不能改。",
                "请恢复目录的内容；确需修改的，请联系目录的编制部门。",
            )


def _limit(value: Any) -> TimeLimit | None:
    try:
        return TimeLimit.model_validate(value)
    except ValidationError:
        return None


def _longer(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    mine, theirs = _limit(definition.get("promised")), _limit(entry.get("promised"))
    if mine is not None and theirs is not None and workdays(mine) > workdays(theirs):
        yield Problem(
            ("promised", "amount"),
            f"承诺时限{mine.amount}{mine.unit}比目录的{theirs.amount}{theirs.unit}长，认领部门只能缩短。",
            f"请改为不超过{theirs.amount}{theirs.unit}。",
        )


def _more_visits(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    mine, theirs = _number(_at(definition, "visits.count")), _number(_at(entry, "visits.count"))
    if mine > theirs:
        message = f"到现场{mine}次，比目录的{theirs}次多，认领部门只能减少。"
        yield Problem(("visits", "count"), message, f"请改为不超过{theirs}次。")


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _rows(data: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    rows = _at(data, field)
    return [row if isinstance(row, Mapping) else {} for row in rows] if isinstance(rows, list) else []


def _more_materials(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    theirs = {row.get("key"): row for row in _rows(entry, "materials")}
    for i, row in enumerate(_rows(definition, "materials")):
        at: tuple[PathStep, ...] = ("materials", i)
        name = row.get("name") or "未命名材料"
        other = theirs.get(row.get("key"))
        if other is None:
            yield Problem(at, f"目录没有“{name}”这份材料，认领部门不能增加材料。", "请删去这份材料。")
            continue
        yield from _stricter(at, row, other)


def _stricter(
    at: tuple[PathStep, ...], row: Mapping[str, Any], other: Mapping[str, Any]
) -> Iterator[Problem]:
    name = other.get("name")
    if row.get("canonical") != other.get("canonical") or row.get("name") != name:
        yield Problem((*at, "name"), f"材料“{name}”由目录统一规定，不能换成别的材料。", "请恢复目录的写法。")
    if STRICTNESS.get(str(row.get("necessity")), 0) > STRICTNESS.get(str(other.get("necessity")), 0):
        yield Problem(
            (*at, "necessity"), f"“{name}”在目录中不是必要材料，不能改得更严。", "请恢复目录的写法。"
        )
    for field, label in COUNTS:
        if _number(row.get(field)) > _number(other.get(field)):
            message = f"“{name}”的{label}比目录多，认领部门只能减少。"
            yield Problem((*at, field), message, f"请改为不超过{_number(other.get(field))}份。")
    ways = {way.get("way") for way in _rows(row, "satisfy")}
    if {way.get("way") for way in _rows(other, "satisfy")} - {"upload"} - ways:
        yield Problem(
            (*at, "satisfy"), f"“{name}”去掉了目录中的免提交方式，申请人要多交材料。", "请恢复目录中的方式。"
        )
    if row.get("when") is None and other.get("when") is not None:
        yield Problem((*at, "when"), f"“{name}”在目录中只在部分情形下要交，不能改为都要交。", "请恢复条件。")


def _more_procedures(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    theirs = {row.get("name") for row in _rows(entry, "special_procedures")}
    for i, row in enumerate(_rows(definition, "special_procedures")):
        if row.get("name") not in theirs:
            message = f"目录没有“{row.get('name') or '未命名'}”这一特别程序，增加它会延长时间。"
            yield Problem(("special_procedures", i), message, "请删去。")


def _charges(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Problem]:
    if _at(definition, "fee.charged") is True and _at(entry, "fee.charged") is False:
        yield Problem(("fee", "charged"), "目录规定不收费，认领部门不能收费。", "请改为不收费。")
