"""Reading the files of a city pack: every mistake is named with its file, line and field."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from yueban.catalogue.services import Problem
from yueban.kernel.errors import Invalid

PathStep = str | int
Model = TypeVar("Model", bound=BaseModel)
SHOWN = 40
# libyaml's reader where the wheel has it: the same nodes, many times faster.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class PackProblem:
    """One mistake in a pack; ``line`` counts from 1, 0 = the file as a whole."""

    file: str
    line: int
    field: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.field}: {self.message}{self.hint}"


class PackUnsound(Invalid):
    """A pack that cannot be loaded; nothing of it was. ``data["problems"]`` lists every mistake."""

    code = "city.pack_unsound"

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        ordered = sorted(set(problems))
        shown = "\n".join(f"  {problem}" for problem in ordered[:SHOWN])
        more = f"\n  ……另有 {len(ordered) - SHOWN} 处。" if len(ordered) > SHOWN else ""
        names = ("file", "line", "field", "message", "hint")
        super().__init__(
            f"城市资料有 {len(ordered)} 处问题，一条也没有载入:\n{shown}{more}\n",
            hint="请逐条改正后重新载入。",
            data={"problems": [{name: getattr(problem, name) for name in names} for problem in ordered]},
        )
        self.problems = ordered


@dataclass
class Document:
    """A YAML file read, with the line of every field."""

    file: str
    content: Any
    lines: dict[tuple[PathStep, ...], int]
    problems: list[PackProblem] = field(default_factory=list)

    def line_of(self, path: tuple[PathStep, ...]) -> int:
        """The line of the field, or of the nearest thing that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: tuple[PathStep, ...], message: str, hint: str = "") -> PackProblem:
        """A mistake at a field of this file."""
        text = Problem(path, message).field or "(整个文件)"
        return PackProblem(self.file, self.line_of(path), text, message, hint)


# Reads single values; it keeps nothing of them.
_SCALARS = yaml.SafeLoader("")


class _Refusal(Exception):
    """A node that cannot be taken."""

    def __init__(self, line: int, path: tuple[PathStep, ...], message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.path, self.message, self.hint = line, path, message, hint


def read_yaml(root: Path, name: str) -> Document:
    """Read one file; what is wrong stands in ``problems`` and the content is then None."""
    document = Document(name, None, {})
    try:
        text = (root / name).read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=LOADER)
        document.content = None if node is None else _build(node, (), document.lines)
        if node is None:
            document.problems.append(PackProblem(name, 1, "(整个文件)", "文件是空的。", "请按说明填写。"))
    except OSError:
        document.problems.append(
            PackProblem(name, 0, "(整个文件)", "找不到这个文件。", "请补上，或核对路径。")
        )
    except UnicodeDecodeError:
        document.problems.append(
            PackProblem(name, 0, "(整个文件)", "文件不是 UTF-8 编码。", "请用 UTF-8 重新保存。")
        )
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(name, error))
    except _Refusal as refusal:
        path = Problem(refusal.path, "").field or "(整个文件)"
        document.problems.append(PackProblem(name, refusal.line, path, refusal.message, refusal.hint))
    return document


def _syntax_problem(name: str, error: yaml.YAMLError) -> PackProblem:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 0
    return PackProblem(
        name,
        line,
        "(YAML 格式)",
        "这一行附近的格式读不懂。",
        "请检查缩进、冒号后的空格、引号和括号是否成对。",
    )


def _build(node: yaml.Node, path: tuple[PathStep, ...], lines: dict[tuple[PathStep, ...], int]) -> Any:
    """The content of a node, noting lines; a field stands at the line of its name."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, index), lines) for index, child in enumerate(node.value)]
    try:
        return _SCALARS.construct_object(node)
    except (ValueError, yaml.YAMLError) as error:
        raise _Refusal(
            node.start_mark.line + 1, path, f"“{node.value}”读不懂。", "请给它加上引号，或改正日期、数字。"
        ) from error


def _build_mapping(
    node: yaml.MappingNode, path: tuple[PathStep, ...], lines: dict[tuple[PathStep, ...], int]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str):
            raise _Refusal(line, path, "字段名应是文字。", "请改正字段名。")
        if key in found:
            raise _Refusal(line, (*path, key), "同一处写了两次。", "请只留一个。")
        lines[(*path, key)] = line
        found[key] = _build(value_node, (*path, key), lines)
    return found


def read_model(
    document: Document, model: type[Model], content: Any, at: tuple[PathStep, ...] = ()
) -> Model | None:
    """The content as a typed row; None when it is not one, and then ``document.problems`` say why."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        document.problems += [_translated(document, detail, content, at, model) for detail in error.errors()]
        return None


def _translated(
    document: Document, detail: Any, content: Any, at: tuple[PathStep, ...], model: type[BaseModel]
) -> PackProblem:
    path = (*at, *_field_path(detail["loc"], content))
    message, hint = _sentence(detail, model)
    return document.problem(path, message, hint)


def _field_path(loc: tuple[PathStep, ...], content: Any) -> tuple[PathStep, ...]:
    """Pydantic's place without the names of union members, which are not in the file."""
    path: list[PathStep] = []
    here = content
    for index, step in enumerate(loc):
        is_last = index == len(loc) - 1
        if isinstance(here, dict) and (step in here or is_last):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        path.append(step)
    return tuple(path)


_TYPES = {
    "string_type": "应是文字",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "bool_type": "应是 true 或 false",
    "date_type": "应是日期，如 2026-01-31",
    "date_from_datetime_parsing": "应是日期，如 2026-01-31",
    "tuple_type": "应是列表，写作 [甲, 乙] 或逐行以 - 开头",
    "list_type": "应是列表，写作 [甲, 乙] 或逐行以 - 开头",
    "dict_type": "应是一组字段，写作 {名称: 值}",
    "model_type": "应是一组字段，写作 {名称: 值}",
    "model_attributes_type": "应是一组字段，写作 {名称: 值}",
}
_BOUNDS = {
    "greater_than_equal": ("不能小于 {ge}。", "ge"),
    "less_than_equal": ("不能大于 {le}。", "le"),
    "string_too_short": ("至少 {min_length} 个字。", "min_length"),
    "string_too_long": ("最多 {max_length} 个字。", "max_length"),
    "too_short": ("至少要有 {min_length} 项。", "min_length"),
}


def _sentence(detail: Any, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what to do, in Chinese."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail.get("input")
    if kind == "missing":
        return "缺少这一要素。", "请补上。"
    if kind == "extra_forbidden":
        return "不认识这一要素。", _spelling_hint(str(detail["loc"][-1]), model)
    if kind in _TYPES:
        hint = "请给它加上引号。" if kind == "string_type" and isinstance(given, int | float) else "请改正。"
        return f"{_TYPES[kind]}，现在写的是“{_shown(given)}”。", hint
    if kind in _BOUNDS:
        return _BOUNDS[kind][0].format(**context), "请改正。"
    if kind == "string_pattern_mismatch":
        return f"“{_shown(given)}”不合规则({context.get('pattern', '')})。", "请改正。"
    if kind in {"literal_error", "enum"}:
        return (
            f"“{_shown(given)}”不是可用的值。",
            f"可用： {str(context.get('expected', '')).replace(' or ', ', ')}。",
        )
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return "way 应写明满足方式。", "可用: certificate、share、check、promise、form、upload。"
    if kind == "code_invalid":
        return context["message"], context["hint"]
    cause = context.get("error")
    if isinstance(cause, Exception):
        return str(cause), ""
    return f"“{_shown(given)}”不合要求。", "请对照说明改正。"


def _shown(given: Any) -> str:
    text = str(given)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _spelling_hint(name: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(name, _field_names(model, set()), n=1)
    return f"是不是“{near[0]}”？" if near else "请删去，或核对拼写。"


def _field_names(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """Every field name of the model and of the models in it."""
    seen.add(model)
    names: set[str] = set()
    for name, info in model.model_fields.items():
        names.add(info.alias or name)
        for inner in _models_in(info.annotation):
            if inner not in seen:
                names |= _field_names(inner, seen)
    return names


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def read_csv(root: Path, name: str, columns: Sequence[str]) -> tuple[list[dict[str, str]], list[PackProblem]]:
    """The rows of a CSV file, each with its line under ``#``; columns missing from the header are a mistake."""
    try:
        with (root / name).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                return [], [PackProblem(name, 1, "、".join(missing), "表头缺少这些列。", "请补上。")]
            return [{**row, "#": str(reader.line_num)} for row in reader], []
    except FileNotFoundError:
        return [], [PackProblem(name, 0, "(整个文件)", "找不到这个文件。", "请补上，或核对路径。")]
    except (UnicodeDecodeError, csv.Error):
        return [], [
            PackProblem(name, 0, "(整个文件)", "文件不是 UTF-8 编码的 CSV。", "请用 UTF-8 重新保存。")
        ]
