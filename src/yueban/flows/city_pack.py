"""Reading the files of a city pack: every mistake is named with its file, line and field."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from yueban.catalogue.services import Problem
from yueban.kernel.errors import Invalid
from yueban.kernel.model_faults import fault_path, fault_sentence

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
    path = (*at, *fault_path(detail["loc"], content))
    message, hint = fault_sentence(detail, model)
    return document.problem(path, message, hint)


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
