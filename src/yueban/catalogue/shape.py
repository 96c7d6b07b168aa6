"""The shape of the standard: a tree of its fields with names and kinds, for editors, comparisons and exchange."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from yueban.catalogue.labels import CODES, label_of, words_of
from yueban.catalogue.standard import ItemStandard
from yueban.kernel.rows import Rule

LONG = 1000  # texts that may be longer get a field of several lines


class Kind(Enum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    ONE = "one"  # one of some values
    MANY = "many"  # several codes
    LINES = "lines"  # a list of texts
    ANSWER = "answer"  # the value of a situation option
    GROUP = "group"  # fields of its own
    ROWS = "rows"  # a list of groups
    RULE = "rule"


@dataclass(frozen=True)
class Shape:
    """One field: ``children`` are those of a group or of each row, ``words`` its values with their names."""

    name: str
    label: str
    kind: Kind
    is_required: bool
    owner: str
    may_be_none: bool = False
    codes: str = ""
    words: Mapping[str, str] | None = None
    children: tuple[Shape, ...] = ()

    def child(self, name: str) -> Shape | None:
        """The field of this name inside."""
        return next((one for one in self.children if one.name == name), None)


@cache
def standard_shape() -> tuple[Shape, ...]:
    """Every field of an item's standard, in the order of the standard."""
    return _fields(ItemStandard)


def field_shape(name: str) -> Shape:
    """A top-level field."""
    return next(one for one in standard_shape() if one.name == name)


def find_shape(path: tuple[str | int, ...]) -> Shape | None:
    """The field a path leads to; positions of rows are passed over."""
    found: Shape | None = Shape("", "", Kind.GROUP, is_required=True, owner="", children=standard_shape())
    for step in path:
        if isinstance(step, int):
            continue
        found = found.child(step) if found is not None else None
    return found


def path_label(path: tuple[str | int, ...]) -> str:
    """A path in words: 申请材料 第2项 · 材料名称."""
    words: list[str] = []
    names: list[str] = []
    for step in path:
        if isinstance(step, int):
            if words:
                words[-1] += f" 第{step + 1}项"
            continue
        names.append(step)
        found = find_shape(tuple(names))
        words.append(found.label if found is not None else step)
    return " · ".join(words)


def path_of(field: str) -> tuple[str | int, ...]:
    """The path of a field as findings write it: ``materials[0].name``."""
    parts = field.replace("]", "").replace("[", ".").split(".")
    return tuple(int(part) if part.isdecimal() else part for part in parts if part)


def _fields(model: type[BaseModel]) -> tuple[Shape, ...]:
    return tuple(
        _shape(model.__name__, info.alias or name, info) for name, info in model.model_fields.items()
    )


def _shape(owner: str, name: str, info: FieldInfo) -> Shape:
    inner = _plain(info.annotation)
    words = dict(words_of(owner, name))
    codes = CODES.get(f"{owner}.{name}", "")
    kind, children, known = _kind(inner, info, is_coded=bool(codes or words))
    return Shape(
        name=name,
        label=label_of(owner, name),
        kind=kind,
        is_required=info.is_required(),
        owner=owner,
        may_be_none=_is_union(info.annotation) and type(None) in get_args(info.annotation),
        codes=codes,
        words=words or known or None,
        children=children,
    )


def _kind(
    inner: Any, info: FieldInfo, *, is_coded: bool
) -> tuple[Kind, tuple[Shape, ...], dict[str, str] | None]:
    """Kind, fields inside, and the values a type itself allows."""
    if inner == Rule or get_origin(inner) is dict:
        return Kind.RULE, (), None
    if get_origin(inner) is tuple:
        return _list_kind(_plain(get_args(inner)[0]), is_coded=is_coded)
    if get_origin(inner) is Literal:
        return Kind.ONE, (), {str(value): str(value) for value in get_args(inner)}
    if _is_union(inner):
        return Kind.ANSWER, (), None
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return Kind.GROUP, _fields(inner), None
    if isinstance(inner, type) and issubclass(inner, Enum):
        return Kind.ONE, (), {str(one.value): str(one.value) for one in inner}
    plain = {bool: Kind.FLAG, int: Kind.NUMBER, Decimal: Kind.NUMBER, date: Kind.DATE}
    if inner in plain:
        return plain[inner], (), None
    if is_coded:
        return Kind.ONE, (), None
    return (Kind.TEXT if _is_long(info) else Kind.LINE), (), None


def _list_kind(inner: Any, *, is_coded: bool) -> tuple[Kind, tuple[Shape, ...], dict[str, str] | None]:
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return Kind.ROWS, _fields(inner), None
    if _is_union(inner):
        return Kind.ROWS, _merged(get_args(inner)), None
    return (Kind.MANY if is_coded else Kind.LINES), (), None


def _merged(models: tuple[type[BaseModel], ...]) -> tuple[Shape, ...]:
    """The fields of all variants (免提交方式), each once; ``way`` says which one a row is."""
    found: dict[str, Shape] = {}
    for model in models:
        for shape in _fields(model):
            found.setdefault(shape.name, shape)
    return tuple(found.values())


def _plain(annotation: Any) -> Any:
    """The type without None and without what pydantic is told about it."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if _is_union(annotation):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return _plain(rest[0]) if len(rest) == 1 else annotation
    return annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _is_long(info: FieldInfo) -> bool:
    longest = [getattr(part, "max_length", None) for part in _metadata(info)]
    return any(limit is not None and limit > LONG for limit in longest)


def _metadata(info: FieldInfo) -> Iterator[Any]:
    yield from info.metadata
    for part in get_args(info.annotation):
        for told in get_args(part)[1:] if get_origin(part) is Annotated else ():
            yield from getattr(told, "metadata", (told,))
