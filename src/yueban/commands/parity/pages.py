"""Reading pages: the parts of a form, a question, an end, materials, what is refused, the version they name.

Only what stands on the page counts. Marks that every page of ours shares are relied on: the names and ids of
controls, the class of a part, the word 选填 beside a label.
"""

import functools
import re

from yueban.commands.parity.markup import Node, main_part, tree_of
from yueban.commands.parity.reading import FieldSeen, PageUnread, SectionSeen, VersionSeen

TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
CONTROLS = frozenset({"input", "select", "textarea"})
CONTROL_OF_MODE = {"numeric": "integer", "decimal": "decimal", "tel": "tel"}
YES_OR_NO = (("true", "是"), ("false", "否"))


def page_of(body: str, *, number: str = "") -> Node:
    """The main part of a page; pages that differ in their tokens and this number alone are read once."""
    main = TOKENS.sub("", main_part(body))
    return _tree(main.replace(number, "#") if number else main)


@functools.lru_cache(maxsize=64)
def _tree(main: str) -> Node:
    return tree_of(main)


@functools.lru_cache(maxsize=64)
def sections_on(page: Node) -> tuple[SectionSeen, ...]:
    """The parts of the form on a page; of a part that is filled several times its first row."""
    return tuple(_section(section) for section in page.all("section", "form-section"))


def _section(section: Node) -> SectionSeen:
    heading = section.first("h2")
    if heading is None:
        raise PageUnread("表单有一部分没有标题")
    entry = section.first("fieldset", "entry")
    legend = entry.first("legend") if entry else None
    return SectionSeen(
        key=heading.get("id").removeprefix("s-"),
        title=heading.text(),
        repeat=re.sub(r"\s*\d+$", "", legend.text()) if legend else "",
        fields=fields_in(entry or section),
    )


def fields_in(within: Node) -> tuple[FieldSeen, ...]:
    """The fields of a part of a page, in their order."""
    return tuple(_field(node) for node in _boxes(within))


def _boxes(within: Node) -> list[Node]:
    """The boxes of fields: each has its label and its control."""
    boxes = [node for node in within.all(cls="field") if node.tag in ("div", "fieldset")]
    return [box for box in boxes if _controls(box)]


def _controls(box: Node) -> list[Node]:
    return [node for node in box.walk() if node.tag in CONTROLS and node.get("type") != "hidden"]


def _field(box: Node) -> FieldSeen:
    label = box.first("legend" if box.tag == "fieldset" else "label")
    control = _controls(box)[0]
    if label is None:
        raise PageUnread(f"字段 {control.get('name')} 没有名称")
    kind, choices = _control(box, control)
    longest = control.get("maxlength")
    unit, hint = box.first("span", "unit"), box.first("p", "help")
    return FieldSeen(
        name=control.get("name"),
        label=label.text(without="need"),
        help=hint.text() if hint is not None and box.tag == "div" else _own_help(box),
        required=label.first(cls="need") is None,
        control=kind,
        unit=unit.text() if unit else "",
        max_length=int(longest) if longest else None,
        choices=choices,
    )


def _own_help(box: Node) -> str:
    """The help of a list of choices, not that of one of its rows."""
    about = next((node for node in box.all("div") if node.get("id").endswith("-about")), None)
    hint = about.first("p", "help") if about else None
    return hint.text() if hint else ""


def _control(box: Node, control: Node) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How it is filled in, and from what."""
    if control.tag == "textarea":
        return "long", ()
    if control.tag == "select":
        rows = [(option.get("value"), option.text()) for option in control.all("option")]
        return "choice", tuple(row for row in rows if row[0])
    if control.get("type") in ("radio", "checkbox"):
        rows = [_row(label) for label in box.all("label", "choice")]
        if control.get("type") == "checkbox":
            return "choices", tuple(rows)
        return ("boolean", ()) if tuple(rows) == YES_OR_NO else ("choice", tuple(rows))
    if control.get("type") in ("date", "tel", "email"):
        return control.get("type"), ()
    return CONTROL_OF_MODE.get(control.get("inputmode"), "text"), ()


def _row(label: Node) -> tuple[str, str]:
    box, words = label.first("input"), label.first("span")
    return (box.get("value") if box else "", words.text() if words else "")


def errors_on(page: Node) -> dict[str, str]:
    """What is refused, beside the field or at the head of the part that it concerns."""
    found: dict[str, str] = {}
    for section in page.all("section", "form-section"):
        heading = section.first("h2")
        found |= field_errors_in(section, own=heading.get("id").removeprefix("s-") if heading else "")
    return found


def field_errors_in(part: Node, *, own: str) -> dict[str, str]:
    """What is said beside the fields of a part; ``own`` = where what concerns the part itself is told."""
    found: dict[str, str] = {}
    for box in part.all(cls="field"):
        error = box.first("p", "error")
        if error is not None:
            controls = _controls(box)
            found[controls[0].get("name") if controls else own] = error.text()
    return found


def version_on(page: Node) -> VersionSeen | None:
    """The version that the page names: 第 n 版 with its hash."""
    mark = page.first(cls="hash")
    line = next((node for node in page.all("p") if mark is not None and mark in node.walk()), None)
    if mark is None or line is None:
        return None
    number = re.search(r"第 ?(\d+) ?版", line.text())
    whole = mark.get("title")
    is_shown = bool(whole) and whole[:8] in mark.text()
    return VersionSeen(int(number[1]), whole) if number and is_shown else None


def hidden_on(page: Node, name: str) -> str:
    """The value of a hidden field."""
    found = next((node for node in page.all("input") if node.get("name") == name), None)
    if found is None:
        raise PageUnread(f"页面上没有“{name}”")
    return found.get("value")
