"""标签目录: every tag with its owner, its definition, how many offers ask it and what does not go together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yueban.agencies import selectors as agencies
from yueban.elements import selectors as elements
from yueban.expressions import Node, parse
from yueban.kernel import clock
from yueban.parties import tags
from yueban.parties.models import Tag
from yueban.policies import selectors as policies
from yueban.policies.standards import with_parameters


@dataclass(frozen=True, slots=True)
class Line:
    """One tag of the catalogue."""

    tag: Tag
    owner: str
    definition: str
    uses: int
    conflicts: tuple[str, ...]


def lines(*, words: str = "", owner: str = "", only_conflicts: bool = False) -> list[Line]:
    """The catalogue, or what of it fits; conflicts are looked for among all tags."""
    every = list(tags.all_tags())
    vocabulary = elements.vocabulary()
    conflicts = tags.conflicts_of(every, vocabulary)
    rules = list(_rules_in_force())
    names = owner_names()
    found = [
        Line(
            tag,
            names.get(tag.owner, tag.owner),
            tags.definition_of(tag, vocabulary),
            tags.uses_in(tag, rules),
            tuple(conflicts[tag.key]),
        )
        for tag in every
    ]
    return [line for line in found if _fits(line, words, owner, only_conflicts=only_conflicts)]


def owner_names() -> dict[str, str]:
    """The city's agency of each kind that answers for a tag."""
    kinds = {tag.owner for tag in tags.all_tags()}
    return agencies.names_of_kinds(kinds)


def _fits(line: Line, words: str, owner: str, *, only_conflicts: bool) -> bool:
    text = f"{line.tag.name}{line.tag.key}{line.definition}{line.tag.description}"
    return (
        all(word in text for word in words.split())
        and owner in {"", line.tag.owner}
        and not (only_conflicts and not line.conflicts)
    )


def _rules_in_force() -> Iterator[Node]:
    """The conditions of every offer in force."""
    today = clock.today()
    values = policies.parameters_on(today)
    for version in policies.offers_in_force(today):
        conditions = with_parameters(version.definition.get("conditions"), values)
        if conditions:
            yield parse(conditions)
