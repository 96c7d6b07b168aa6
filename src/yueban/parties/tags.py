"""标签: the governed catalogue of what enterprises are called, each with an owner and a definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import QuerySet
from pydantic import Field

from yueban.expressions import All, Node, None_, Predicate, Truth, Vocabulary, check, evaluate, parse, to_text
from yueban.expressions import Any as AnyOf
from yueban.expressions.contradiction import never_true
from yueban.expressions.errors import RuleInvalid
from yueban.expressions.facts import facts_of as facts_in
from yueban.kernel import clock
from yueban.kernel.changes import Changes
from yueban.kernel.rows import ElementCode, Key, Line, Row, Rule
from yueban.parties.choices import TagKind
from yueban.parties.enterprise_facts import FactSourceRow
from yueban.parties.models import Tag


class TagRow(Row):
    """A tag as the city pack states it: a rule over facts, or the element whose sources say it."""

    key: Key
    name: Line
    name_en: str = ""
    owner: Key
    kind: TagKind = Field(strict=False)
    rule: Rule | None = None
    element: ElementCode | None = None
    requires: tuple[Key, ...] = Field(default=(), strict=False)
    description: Line


class TagsFile(Row):
    """The whole of ``tags.yaml``."""

    sources: tuple[FactSourceRow, ...] = Field(default=(), strict=False)
    tags: tuple[TagRow, ...] = Field(default=(), strict=False)


@dataclass(frozen=True, slots=True)
class TagFault:
    """What is wrong with a tag: at which field, why, and what to do."""

    field: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A tag of one enterprise: whether it holds, and what it rests on."""

    key: str
    name: str
    name_en: str
    value: Truth
    sentence: str
    facts: tuple[str, ...]


def all_tags() -> QuerySet[Tag]:
    """The catalogue by key."""
    return Tag.objects.order_by("key")


def faults_of_tag(row: TagRow, vocabulary: Vocabulary, keys: Iterable[str]) -> Iterator[TagFault]:
    """Every reason why a tag cannot be told as it is written."""
    if (row.rule is not None) != (row.kind == TagKind.RULE):
        yield TagFault("rule", "按规则的标签要写明规则，按来源的不写。", "请补上或删去 rule。")
    if (row.element is not None) != (row.kind == TagKind.SOURCE):
        yield TagFault("element", "按来源的标签要写明数据元，按规则的不写。", "请补上或删去 element。")
    if row.element is not None and row.element not in vocabulary:
        yield TagFault("element", f"没有数据元“{row.element}”。", "请先在数据元目录中登记，或改正编码。")
    for missing in sorted(set(row.requires) - set(keys)):
        yield TagFault("requires", f"没有标签“{missing}”。", "请改正。")
    if row.rule is None:
        return
    try:
        problems = check(parse(row.rule), vocabulary)
    except RuleInvalid as error:
        yield TagFault("rule", error.message, error.hint)
        return
    for problem in problems:
        yield TagFault("rule", problem.message, problem.hint)


def save_tags(*, rows: Sequence[TagRow]) -> Changes:
    """Make the catalogue that of the city pack; a tag it no longer names is gone."""
    stored = {tag.key: tag for tag in Tag.objects.all()}
    changes = Changes()
    for row in rows:
        wanted = row.model_dump(exclude={"key"}) | {"requires": list(row.requires)}
        wanted |= {"kind": str(row.kind), "element": row.element or "", "rule": row.rule or {}}
        found = stored.pop(row.key, None)
        if found is None:
            Tag.objects.create(key=row.key, **wanted)
            changes += Changes(created=1)
        elif any(getattr(found, name) != value for name, value in wanted.items()):
            Tag.objects.filter(pk=found.pk).update(**wanted)
            changes += Changes(changed=1)
        else:
            changes += Changes(unchanged=1)
    if stored:
        Tag.objects.filter(key__in=stored).delete()
        changes += Changes(changed=len(stored))
    return changes


def rule_of(tag: Tag) -> Node:
    """When an enterprise has the tag; one by a source has it when the source says so."""
    if tag.kind == TagKind.RULE:
        return parse(tag.rule)
    return Predicate(tag.element, "exists", value=True)


def definition_of(tag: Tag, vocabulary: Vocabulary) -> str:
    """The tag as a Chinese sentence."""
    if tag.kind == TagKind.SOURCE:
        fact = vocabulary.get(tag.element)
        return f"由来源给出：{fact.name if fact else tag.element}"
    return to_text(rule_of(tag), vocabulary)


def conflicts_of(tags: Sequence[Tag], vocabulary: Vocabulary) -> dict[str, list[str]]:
    """What does not go together, by the key of the tag, as sentences."""
    by_key = {tag.key: tag for tag in tags}
    found: dict[str, list[str]] = {tag.key: [] for tag in tags}
    shapes = {tag.key: shape_of(rule_of(tag)) for tag in tags}
    for one, other in combinations(tags, 2):
        if shapes[one.key] == shapes[other.key]:
            found[one.key].append(f"与“{other.name}”是同一条规则")
            found[other.key].append(f"与“{one.name}”是同一条规则")
    for tag in tags:
        found[tag.key] += _impossible(tag, by_key, vocabulary)
        unknown = [code for code in facts_in(rule_of(tag)) if code not in vocabulary]
        found[tag.key] += [f"引用了没有登记的数据元“{code}”" for code in unknown]
    return found


def _impossible(tag: Tag, by_key: Mapping[str, Tag], vocabulary: Vocabulary) -> Iterator[str]:
    if never_true(rule_of(tag), vocabulary):
        yield "自身的条件互相矛盾，没有企业能符合"
        return
    for key in tag.requires:
        required = by_key.get(key)
        if required is None:
            yield f"以标签“{key}”为前提，但没有这个标签"
        elif never_true(All((rule_of(tag), rule_of(required))), vocabulary):
            yield f"以“{required.name}”为前提，但两者不可能同时成立"


def shape_of(node: Node) -> Any:
    """The same for rules that differ only in the order of their parts."""
    match node:
        case Predicate(fact, op, value):
            wanted = sorted(map(str, value)) if isinstance(value, tuple) else [str(value)]
            return ("is", fact, op, tuple(wanted))
        case All(children):
            return ("all", frozenset(shape_of(child) for child in children))
        case AnyOf(children):
            return ("any", frozenset(shape_of(child) for child in children))
        case None_(children):
            return ("none", frozenset(shape_of(child) for child in children))


def uses_in(tag: Tag, rules: Iterable[Node]) -> int:
    """How many of these rules ask what the tag says: its rule as a part of theirs, or its element."""
    shape = shape_of(rule_of(tag))
    if tag.kind == TagKind.SOURCE:
        return sum(tag.element in facts_in(rule) for rule in rules)
    return sum(any(shape_of(part) == shape for part in _within(rule)) for rule in rules)


def _within(node: Node) -> Iterator[Node]:
    yield node
    if not isinstance(node, Predicate):
        for child in node.children:
            yield from _within(child)


def tags_held(facts: Mapping[str, Any], vocabulary: Vocabulary) -> list[Held]:
    """Every rule tag as it stands for an enterprise, those that hold first; how it came about beside it."""
    found = []
    for tag in all_tags().filter(kind=TagKind.RULE):
        rule = rule_of(tag)
        value = evaluate(rule, facts, on=clock.today(), vocabulary=vocabulary).value
        sentence = to_text(rule, vocabulary)
        found.append(Held(tag.key, tag.name, tag.name_en, value, sentence, facts_in(rule, vocabulary)))
    order = (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE)
    return sorted(found, key=lambda one: (order.index(one.value), one.key))
