"""The texts of portal, kiosk and shared channel that the English catalogue must hold, found in code and templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
PLACES = (
    *(SOURCE / "channels" / name for name in ("shared", "portal", "kiosk")),
    SOURCE / "outlets",
)
HAN = re.compile(r"[\u3400-\u9fff]")
CALLS = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"})
# What Django's templatize leaves of a template: _("…") of a tag, gettext('…') and ngettext('…','…',n) of a block.
MARKED = re.compile(r"""(?<!\w)(_|gettext|ngettext)\(\s*u?((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))""")


@dataclass
class Text:
    """Where a text stands, and whether it depends on a number."""

    files: set[str] = field(default_factory=set)
    is_counted: bool = False


def wording() -> dict[str, Text]:
    """Every text, sorted; labels of choices are texts wherever they stand."""
    found: dict[str, Text] = {}
    for path, texts in _files():
        for call, text in texts:
            if HAN.search(text):
                one = found.setdefault(text, Text())
                one.files.add(path.relative_to(SOURCE).as_posix())
                one.is_counted |= call == "ngettext"
    return dict(sorted(found.items()))


def _files() -> Iterator[tuple[Path, Iterator[tuple[str, str]]]]:
    for place in PLACES:
        for path in sorted(place.rglob("*.html")):
            if path.name != "styleguide.html":
                yield path, _of_template(path.read_text(encoding="utf-8"))
        for path in sorted(place.rglob("*.py")):
            yield path, _of_code(ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted(SOURCE.glob("*/choices.py")):
        yield path, _of_choices(ast.parse(path.read_text(encoding="utf-8")))


def _of_template(text: str) -> Iterator[tuple[str, str]]:
    for call, quoted in MARKED.findall(templatize(text)):
        yield call, ast.literal_eval(quoted)


def _of_code(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        first = node.args[0]
        if name in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield name, first.value


def _of_choices(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The labels of `NAME = "value", "标签"` inside classes."""
    for owner in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for line in owner.body:
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
                label = line.value.elts[-1]
                if isinstance(label, ast.Constant) and isinstance(label.value, str):
                    yield "", label.value
