"""From a tree back to JSON, with the version of the language."""

from __future__ import annotations

from typing import Any as AnyValue

from yueban.expressions.nodes import All, Any, Node, None_, Predicate
from yueban.expressions.parse import LANGUAGE


def dump(node: Node) -> dict[str, AnyValue]:
    """``{"language": 1, "rule": …}``, which parse reads back to an equal tree."""
    return {"language": LANGUAGE, "rule": _dump(node)}


def _dump(node: Node) -> dict[str, AnyValue]:
    match node:
        case All(children):
            return {"all": [_dump(child) for child in children]}
        case Any(children):
            return {"any": [_dump(child) for child in children]}
        case None_(children):
            return {"none": [_dump(child) for child in children]}
        case Predicate(fact, op, value):
            plain = list(value) if isinstance(value, tuple) else value
            return {"fact": fact, "op": op, "value": plain}
