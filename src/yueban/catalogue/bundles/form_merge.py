"""One form out of the forms of the children: each element asked once, as strictly as the strictest asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from yueban.catalogue.bundles.child import Child, Words
from yueban.catalogue.bundles.compiled import Asker
from yueban.catalogue.bundles.strictest import disagreement, merge_fields, merge_repeats
from yueban.catalogue.bundles.terms import Known, Term, all_of, any_of
from yueban.catalogue.compiled import CompiledField, CompiledForm, CompiledSection, Fact
from yueban.catalogue.form_schema import build_schema
from yueban.catalogue.problems import Problem

# Sections that every item has: one in the merged form, first and last.
FIRST = ("applicant", "contact")
LAST = ("delivery",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field as one child asks for it."""

    child: Child
    section: CompiledSection
    field: CompiledField
    term: Term


@dataclass(frozen=True, slots=True)
class Wanting:
    """A section of a child's form with the condition under which it is shown."""

    child: Child
    section: CompiledSection
    shown: Term


@dataclass
class Group:
    """A section of the merged form: its first section in a child's form, and its elements."""

    key: str
    model: CompiledSection
    parts: list[tuple[Child, CompiledSection]] = field(default_factory=list)
    wanted: dict[str, list[Wanted]] = field(default_factory=dict)

    def mark(self, element: str) -> str:
        """What names the field in the lineage."""
        return element if self.model.repeat is None else f"{self.key}/{element}"


@dataclass
class FormMerge:
    """The sections while they are merged; ``places`` = child and own section → key of the merged section."""

    groups: dict[str, Group] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    home: dict[str, Group] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def gather(children: Sequence[Child]) -> FormMerge:
    """Every field of every child under the section where it will be asked; disagreements are problems."""
    merge = FormMerge()
    for child in children:
        for section in child.compiled.form.sections:
            group = _group_of(merge, child, section)
            merge.places[child.key, section.key] = group.key
            group.parts.append((child, section))
            shown = child.term(section.when)
            _want_fields(merge, group, Wanting(child, section, all_of((child.guard, shown))))
    merge.problems += _disagreements(merge)
    return merge


def _group_of(merge: FormMerge, child: Child, section: CompiledSection) -> Group:
    """Repeated sections meet by key, the sections of everybody too, others by key and title."""
    for key in (section.key, f"{child.key}-{section.key}"[:60]):
        group = merge.groups.get(key)
        if group is None:
            return merge.groups.setdefault(key, Group(key, section))
        if (group.model.repeat is None) != (section.repeat is None):
            continue
        if section.repeat is not None or key in (*FIRST, *LAST) or group.model.title == section.title:
            return group
    key = f"{section.key}-{len(merge.groups)}"
    return merge.groups.setdefault(key, Group(key, section))


def _want_fields(merge: FormMerge, group: Group, wanting: Wanting) -> None:
    child, section = wanting.child, wanting.section
    for asked in section.fields:
        element = asked.element
        term = wanting.shown
        if asked.when is not None or element in child.suppliers:
            term = all_of((term, child.term(asked.when), child.asked_unless_supplied(element)))
        home = group if section.repeat is not None else merge.home.setdefault(element, group)
        home.wanted.setdefault(element, []).append(Wanted(child, section, asked, term))


def _disagreements(merge: FormMerge) -> Iterator[Problem]:
    for group in merge.groups.values():
        for element, wanted in group.wanted.items():
            asking = [one for one in wanted if one.term is not False]
            yield from _field_disagreements(element, asking)
        if group.model.repeat is not None:
            repeats = [section.repeat for _, section in group.parts if section.repeat is not None]
            if merge_repeats(repeats) is None:
                names = "、".join(
                    f"“{child.name}”{section.repeat.min}至{section.repeat.max}条"
                    for child, section in group.parts
                    if section.repeat is not None
                )
                child = group.parts[-1][0]
                message = f"“{group.model.title}”要填几条对不上：{names}。"
                yield child.problem(message, "请调整各事项的 min 和 max，或改用不同的 key。", "item")


def _field_disagreements(element: str, asking: Sequence[Wanted]) -> Iterator[Problem]:
    """Each against the first that disagrees with it; those that ask in the same way are compared once."""
    distinct: list[Wanted] = []
    for later in asking:
        if any(_alike(later.field, one.field) for one in distinct):
            continue
        for earlier in distinct:
            said = disagreement(earlier.field, later.field)
            if said is not None:
                said = said.format(f"在“{later.child.name}”里")
                message = f"“{earlier.field.label}”（{element}）在“{earlier.child.name}”里{said}。"
                hint = "请把两个事项改到同一数据元、同一口径，或用 fills 写明由哪一项带入。"
                yield later.child.problem(message, hint, "item")
                break
        distinct.append(later)


def _alike(one: CompiledField, other: CompiledField) -> bool:
    def said(field: CompiledField) -> tuple[object, ...]:
        return field.type, field.unit, field.format, field.bounds, field.choices

    return said(one) == said(other)


def merged_form(
    name: str, merge: FormMerge, facts: Mapping[str, Fact], words: Words
) -> tuple[CompiledForm, dict[str, tuple[Asker, ...]]]:
    """The form and who asks for each of its fields; sections of everybody first and last."""
    ordered = sorted(merge.groups.values(), key=lambda group: _position(group.key))
    sections = []
    lineage: dict[str, tuple[Asker, ...]] = {}
    asker = cache(lambda child, section, required: Asker(child=child, section=section, required=required))
    for group in ordered:
        section = _section(group, facts, words)
        if section is None:
            continue
        sections.append(section)
        for asked in section.fields:
            lineage[group.mark(asked.element)] = tuple(
                asker(one.child.key, one.section.key, one.field.required)
                for one in group.wanted[asked.element]
                if one.term is not False
            )
    return CompiledForm(sections=tuple(sections), json_schema=build_schema(name, sections)), lineage


def _position(key: str) -> int:
    if key in FIRST:
        return FIRST.index(key)
    return len(FIRST) + 1 if key in LAST else len(FIRST)


def _section(group: Group, facts: Mapping[str, Fact], words: Words) -> CompiledSection | None:
    """The section, its condition that of its fields where they share one; None when nothing is asked in it."""
    known = words.known
    terms = {
        element: known.simplified(any_of(one.term for one in wanted))
        for element, wanted in group.wanted.items()
    }
    terms = {element: term for element, term in terms.items() if term is not False}
    if not terms:
        return None
    shared = _shared_term(group, terms, known)
    fields = tuple(
        _field(group.wanted[element], None if term == shared else term, facts[element], words)
        for element, term in terms.items()
    )
    model = group.model
    repeats = [section.repeat for _, section in group.parts if section.repeat is not None]
    return model.model_copy(
        update={
            "key": group.key,
            "repeat": merge_repeats(repeats) if repeats else None,
            **words.say(shared),
            "fields": fields,
        }
    )


def _shared_term(group: Group, terms: Mapping[str, Term], known: Known) -> Term:
    """The condition of the section: of a repeated one that of all who want rows, else what all fields share."""
    if group.model.repeat is not None:
        rows = (all_of((child.guard, child.term(section.when))) for child, section in group.parts)
        return known.simplified(any_of(rows))
    found = list(terms.values())
    return found[0] if all(term == found[0] for term in found) else True


def _field(wanted: Sequence[Wanted], term: Term | None, fact: Fact, words: Words) -> CompiledField:
    asking = [one.field for one in wanted if one.term is not False]
    merged = merge_fields(asking, fact.name, fact.name_en)
    said = words.say(term)
    if merged.when is None and said["when"] is None:
        return merged
    return merged.model_copy(update=said)
