"""The main part of a page as a small tree, read from the bytes that were sent."""

import re
from collections.abc import Iterator
from functools import cached_property
from html import unescape

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
TOKEN = re.compile(
    r"<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|([^<]+)", re.DOTALL
)
ATTRIBUTE = re.compile(r"([^\s=\"'<>/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


class Node:
    """An element with what stands in it."""

    def __init__(self, tag: str, raw: str = "") -> None:
        self.tag = tag
        self._raw = raw
        self.children: list[Node | str] = []

    @cached_property
    def attributes(self) -> dict[str, str]:
        """The attributes; one without a value is an empty text."""
        return {
            name: unescape(double or single or bare)
            for name, double, single, bare in ATTRIBUTE.findall(self._raw)
        }

    @cached_property
    def classes(self) -> frozenset[str]:
        """The words of its class."""
        return frozenset(self.attributes.get("class", "").split()) if "class" in self._raw else frozenset()

    def get(self, name: str) -> str:
        """An attribute, or an empty text."""
        return self.attributes.get(name, "")

    def walk(self) -> Iterator["Node"]:
        """Every element in it, in the order of the page."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", cls: str = "") -> Iterator["Node"]:
        """Every element in it with this tag and this class."""
        for node in self.walk():
            if (not tag or node.tag == tag) and (not cls or cls in node.classes):
                yield node

    def first(self, tag: str = "", cls: str = "") -> "Node | None":
        """The first of them."""
        return next(self.all(tag, cls), None)

    def text(self, *, without: str = "") -> str:
        """What is to be read in it, in one line; elements of the class ``without`` are left out."""
        return " ".join("".join(self._texts(without)).split())

    def _texts(self, without: str) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield unescape(child)
            elif not without or without not in child.classes:
                yield from child._texts(without)  # noqa: SLF001 - its own kind


def tree_of(markup: str) -> Node:
    """The tree of a piece of a page; an end tag without a beginning is left aside."""
    root = Node("")
    open_nodes = [root]
    for found in TOKEN.finditer(markup):
        is_end, tag, raw, text = found.groups()
        if text is not None:
            open_nodes[-1].children.append(text)
        elif tag is None:
            continue
        elif not is_end:
            node = Node(tag.lower(), raw)
            open_nodes[-1].children.append(node)
            if node.tag not in VOID and not raw.endswith("/"):
                open_nodes.append(node)
        else:
            depth = next(
                (n for n in range(len(open_nodes) - 1, 0, -1) if open_nodes[n].tag == tag.lower()), 0
            )
            if depth:
                del open_nodes[depth:]
    return root


def main_part(page: str) -> str:
    """The main part of a page; the whole where it has none."""
    begin, end = page.find("<main"), page.rfind("</main>")
    return page[begin:end] if 0 <= begin < end else page
