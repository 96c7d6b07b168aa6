"""A file of a city pack and the files of the folder of its name, read as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yueban.flows.city_pack import Document, PackProblem, PathStep, read_yaml

Place = tuple[PathStep, ...]


@dataclass
class Gathered(Document):
    """The lists of several files in one; each entry remembers the file and the place it stands at."""

    origins: dict[Place, tuple[Document, Place]] = field(default_factory=dict)
    first: Document = field(default_factory=lambda: Document("", None, {}))

    def problem(self, path: Place, message: str, hint: str = "") -> PackProblem:
        """A mistake at a field, named in the file that holds it."""
        document, place = self.origins.get(path[:2], (self.first, path[:2]))
        return document.problem((*place, *path[2:]), message, hint)


def read_parts(root: Path, name: str, sections: Sequence[str]) -> Gathered:
    """``<name>.yaml`` with the lists of ``<name>/*.yaml`` joined on; a part may hold any of the sections."""
    first = read_yaml(root, f"{name}.yaml")
    whole = Gathered(first.file, None, first.lines, list(first.problems), first=first)
    parts = [read_yaml(root, f"{name}/{path.name}") for path in sorted((root / name).glob("*.yaml"))]
    if isinstance(first.content, Mapping):
        whole.content = {key: value for key, value in first.content.items() if not isinstance(value, list)}
        _join(whole, first, [key for key, value in first.content.items() if isinstance(value, list)])
    else:
        whole.content = first.content
    for part in parts:
        whole.problems += part.problems
        if not part.problems:
            _join(whole, part, _sections_of(whole, part, sections))
    return whole


def _sections_of(whole: Gathered, part: Document, sections: Sequence[str]) -> list[str]:
    """The names of the lists in a part; anything else in it is a mistake."""
    if not isinstance(part.content, Mapping):
        whole.problems.append(part.problem((), f"文件应写作“{sections[0]}:”下的列表。", "请改正。"))
        return []
    found = []
    for key, value in part.content.items():
        if key not in sections:
            hint = f"可用：{'、'.join(sections)}。"
            whole.problems.append(part.problem((key,), "不认识这一要素。", hint))
        elif not isinstance(value, list):
            whole.problems.append(part.problem((key,), "应是列表，逐行以 - 开头。", "请改正。"))
        else:
            found.append(key)
    return found


def _join(whole: Gathered, part: Document, sections: Sequence[str]) -> None:
    if not isinstance(whole.content, dict):
        return  # what is wrong with the first file is named already
    for section in sections:
        entries: list[Any] = whole.content.setdefault(section, [])
        for index, entry in enumerate(part.content[section]):
            whole.origins[section, len(entries)] = (part, (section, index))
            entries.append(entry)
