"""Figures that an answer does not write but names, ``{item:KEY.fee}``: filled from the published version when read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

# Which facts of which kind of thing an answer may name.
NAMED: Final = {"item": ("promised", "fee", "name", "result"), "offer": ("name",)}
PLACEHOLDER: Final = re.compile(r"\{(?P<kind>[a-z]+):(?P<key>[a-z0-9][a-z0-9-]*)\.(?P<fact>[a-z_]+)\}")
ANY_BRACE: Final = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True, order=True)
class Placeholder:
    """One fact of one published thing."""

    kind: str
    key: str
    fact: str

    def __str__(self) -> str:
        return f"{{{self.kind}:{self.key}.{self.fact}}}"

    @property
    def is_known(self) -> bool:
        """Whether there is such a fact of such a kind."""
        return self.fact in NAMED.get(self.kind, ())


Resolver = Callable[[Placeholder], str | None]


@dataclass(frozen=True, slots=True)
class Filled:
    """The text as it is read; ``missing`` are placeholders for which nothing is published."""

    text: str
    missing: tuple[Placeholder, ...] = ()


def placeholders_in(text: str) -> list[Placeholder]:
    """Every placeholder of a text, in order, each once."""
    found = (Placeholder(one["kind"], one["key"], one["fact"]) for one in PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(found))


def things_named(texts: Iterable[str]) -> dict[str, set[str]]:
    """Keys of all things whose facts the texts name, by kind."""
    named: dict[str, set[str]] = {}
    for text in texts:
        for one in placeholders_in(text):
            named.setdefault(one.kind, set()).add(one.key)
    return named


def faults_in(text: str) -> list[str]:
    """What is wrong with the braces of a text, as sentences."""
    wrong = [
        f"“{one}”不是可以填写的内容，可用 {'、'.join(NAMED.get(one.kind, NAMED['item']))}。"
        for one in placeholders_in(text)
        if not one.is_known
    ]
    if ANY_BRACE.search(without_placeholders(text)):
        wrong.append("花括号没有写对，应写作 {item:事项key.promised}。")
    return wrong


def without_placeholders(text: str) -> str:
    """The words that the editor wrote himself."""
    return PLACEHOLDER.sub("", text)


def fill(text: str, resolve: Resolver) -> Filled:
    """Put the published facts in; what is not published stays as it is and is told in ``missing``."""
    values = {one: resolve(one) if one.is_known else None for one in placeholders_in(text)}
    written = PLACEHOLDER.sub(
        lambda found: values[Placeholder(found["kind"], found["key"], found["fact"])] or found.group(), text
    )
    return Filled(written, tuple(one for one, value in values.items() if value is None))
