"""From JSON (or YAML) to a tree: only the shape is looked at, meaning is check's business."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NoReturn

from yueban.expressions.errors import RuleInvalid
from yueban.expressions.nodes import All, Any, Node, None_, Predicate, Scalar, Value

LANGUAGE: Final = 1
DEPTH_LIMIT: Final = 40
GROUPS: Final[dict[str, type[All | Any | None_]]] = {"all": All, "any": Any, "none": None_}


def parse(json: object) -> Node:
    """Read a rule, bare or as ``{"language": 1, "rule": …}``; raises RuleInvalid naming the place."""
    if isinstance(json, Mapping) and "language" in json:
        if set(json) != {"language", "rule"}:
            _refuse("rule", "带版本的规则只能有 language 和 rule 两项")
        if json["language"] != LANGUAGE:
            raise RuleInvalid(
                f"规则语言版本 {json['language']!r} 不被支持（当前为 {LANGUAGE}）。",
                hint="请升级程序后再载入。",
            )
        json = json["rule"]
    return _node(json, "rule", DEPTH_LIMIT)


def _node(json: object, path: str, depth: int) -> Node:
    if depth == 0:
        _refuse(path, f"嵌套超过 {DEPTH_LIMIT} 层")
    if not isinstance(json, Mapping):
        _refuse(path, "应是一个条件（对象）")
    for key, group in GROUPS.items():
        if key in json:
            return _group(json, key, group, path, depth)
    return _predicate(json, path)


def _group(
    json: Mapping[object, object], key: str, group: type[All | Any | None_], path: str, depth: int
) -> Node:
    children = json[key]
    if len(json) != 1:
        _refuse(path, f"“{key}”不能与其他项并列")
    if not isinstance(children, (list, tuple)):
        _refuse(f"{path}.{key}", "应是条件的列表")
    return group(
        tuple(_node(child, f"{path}.{key}[{place}]", depth - 1) for place, child in enumerate(children))
    )


def _predicate(json: Mapping[object, object], path: str) -> Predicate:
    if not {"fact", "op"} <= set(json) <= {"fact", "op", "value"}:
        _refuse(path, "条件应有 fact、op、value 三项，或是 all、any、none 之一")
    fact, op = json["fact"], json["op"]
    if not isinstance(fact, str) or not fact or not isinstance(op, str) or not op:
        _refuse(path, "fact 和 op 应是文字")
    return Predicate(fact, op, _value(json.get("value"), f"{path}.value"))


def _value(json: object, path: str) -> Value:
    if json is None:
        return None
    if isinstance(json, (list, tuple)):
        return tuple(_scalar(part, f"{path}[{place}]") for place, part in enumerate(json))
    return _scalar(json, path)


def _scalar(json: object, path: str) -> Scalar:
    # YAML reads 2026-01-31 as a date; JSON has only its text.
    if isinstance(json, date) and not isinstance(json, datetime):
        return json.isoformat()
    if isinstance(json, float) and not math.isfinite(json):
        _refuse(path, "数字应有限")
    if not isinstance(json, (str, int, float, bool)):
        _refuse(path, "只能是文字、数字、是否、日期或它们的列表")
    return json


def _refuse(path: str, problem: str) -> NoReturn:
    raise RuleInvalid(f"规则 {path} 处：{problem}。", hint="请改正规则后再保存。", data={"path": path})
