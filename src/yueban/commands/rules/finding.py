"""One place that breaks a rule, and the files the rules look at."""

import ast
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "src" / "yueban"
TESTS = ROOT / "tests"


@dataclass(frozen=True, order=True)
class Finding:
    """Which rule, where, and what to do."""

    path: str
    line: int
    rule: str
    message: str

    def as_dict(self) -> dict[str, object]:
        """The object of docs/schemas/check.json."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def at(path: Path, line: int, rule: str, message: str) -> Finding:
    """A finding in a file of the project."""
    return Finding(str(path.relative_to(ROOT)), line, rule, message)


def python_files(*folders: Path, migrations: bool = False) -> Iterator[Path]:
    """The Python files of the folders (by default source and tests), in order."""
    for folder in folders or (SOURCE, TESTS):
        for path in sorted(folder.rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield path


def parse(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
