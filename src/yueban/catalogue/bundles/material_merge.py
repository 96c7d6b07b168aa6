"""One set of materials: what several children ask for is collected once, in the strictest form any of them wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yueban.catalogue.bundles.child import Child, Words
from yueban.catalogue.bundles.compiled import Origin
from yueban.catalogue.bundles.terms import Term, all_of, any_of, negation
from yueban.catalogue.compiled import CompiledMaterial
from yueban.catalogue.standard.materials import Way
from yueban.elements.selectors import Dictionary

# 原件 and paper before both before electronic; 必要 before 容缺后补 before 非必要; the ladder from what spares most.
FORMATS = ("1", "3", "2")
NECESSITIES = ("1", "3", "2")
LADDER = ("form", "certificate", "share", "check", "promise", "upload")
PAPER = ("1", "3")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A material as one child asks for it."""

    child: Child
    material: CompiledMaterial
    term: Term


@dataclass
class Group:
    """Materials that are one paper; ``promise`` = the words that may stand for it."""

    key: str
    promise: str | None


@dataclass
class MaterialMerge:
    """The materials by merged key; ``supplied`` = child and own key → the child that issues it."""

    wanted: dict[str, list[Wanted]] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    supplied: dict[tuple[str, str], str] = field(default_factory=dict)


def gather(children: Sequence[Child], issuers: dict[str, list[Child]]) -> MaterialMerge:
    """Every material of every child with those it meets; ``issuers`` = child → those that must be granted before."""
    merge = MaterialMerge()
    groups: dict[tuple[str, str], list[Group]] = {}
    several = {
        canonical
        for child in children
        for canonical in (material.canonical for material in child.compiled.materials)
        if sum(one.canonical == canonical for one in child.compiled.materials) > 1
    }
    for child in children:
        for material in child.compiled.materials:
            mark = (material.canonical, material.key if material.canonical in several else "")
            key = _meet(groups.setdefault(mark, []), child, material, merge.wanted)
            issuer = _issuer(child, material, issuers.get(child.key, []))
            spared: Term = negation(issuer.guard) if issuer is not None else True
            if issuer is not None:
                merge.supplied[child.key, material.key] = issuer.key
            term = all_of((child.guard, child.term(material.when), spared))
            merge.wanted.setdefault(key, []).append(Wanted(child, material, term))
            merge.keys[child.key, material.key] = key
    return merge


def _meet(groups: list[Group], child: Child, material: CompiledMaterial, taken: Iterable[str]) -> str:
    """The key of the material it is one with; promises in different words are different papers."""
    promise = next((way.text for way in material.satisfy if way.way == "promise"), None)
    for group in groups:
        if None in {promise, group.promise} or promise == group.promise:
            group.promise = group.promise or promise
            return group.key
    groups.append(Group(_free_key(child, material, taken), promise))
    return groups[-1].key


def _free_key(child: Child, material: CompiledMaterial, taken: Iterable[str]) -> str:
    names = set(taken)
    options = (material.key, material.canonical, f"{child.key}-{material.key}"[:60])
    found = next((key for key in options if key not in names), None)
    return found or f"{material.key}-{len(names)}"


def _issuer(child: Child, material: CompiledMaterial, issuers: Sequence[Child]) -> Child | None:
    """The child whose result this material is: the one named, or the one that issues such a certificate."""
    named = child.declared.issued_by.get(material.key)
    if named is not None:
        return next((one for one in issuers if one.key == named), None)
    types = {way.certificate_type for way in material.satisfy if way.way == "certificate"}
    return next((child for child in issuers if child.compiled.guide.result.certificate_type in types), None)


def merged_materials(
    merge: MaterialMerge, dictionary: Dictionary, words: Words
) -> tuple[tuple[CompiledMaterial, ...], dict[str, tuple[Origin, ...]]]:
    """The materials to collect and who asks for each; what is only ever issued within is not among them."""
    materials = []
    lineage = {}
    for key, wanted in merge.wanted.items():
        asking = [one for one in wanted if one.term is not False]
        if not asking:
            continue
        term = words.known.simplified(any_of(one.term for one in asking))
        if term is False:
            continue
        materials.append(_merged(key, [one.material for one in asking], term, dictionary, words))
        lineage[key] = tuple(Origin(child=one.child.key, material=one.material.key) for one in asking)
    return tuple(materials), lineage


def _merged(
    key: str,
    materials: Sequence[CompiledMaterial],
    term: Term,
    dictionary: Dictionary,
    words: Words,
) -> CompiledMaterial:
    first = materials[0]
    update: dict[str, object] = {"key": key, **words.say(term)}
    if len(materials) > 1:
        update |= _strictest(materials)
        if len({one.name for one in materials}) > 1:
            canonical = dictionary.canonical_materials[first.canonical]
            update |= {"name": canonical.name, "name_en": canonical.name_en or first.name_en}
    return first.model_copy(update=update)


def _strictest(materials: Sequence[CompiledMaterial]) -> dict[str, object]:
    first = materials[0]
    paper = [one for one in materials if one.format.code in PAPER]
    ladder = _best_ladder([one.satisfy for one in materials])
    is_owed_only = all(one.deferral_days is not None for one in materials)
    return {
        "format": min((one.format for one in materials), key=lambda named: FORMATS.index(named.code)),
        "necessity": min(
            (one.necessity for one in materials), key=lambda named: NECESSITIES.index(named.code)
        ),
        "originals": max(one.originals for one in materials),
        "copies": sum(one.copies for one in paper) if paper else max(one.copies for one in materials),
        "issuer": next((one.issuer for one in materials if one.issuer), None),
        "page_format": next((one.page_format for one in materials if one.page_format), None),
        "basis": _joined(one.basis for one in materials),
        "notes": _joined(one.notes for one in materials),
        "acceptance": tuple(dict.fromkeys(line for one in materials for line in one.acceptance)),
        "satisfy": ladder,
        "deferral_days": min(one.deferral_days or 0 for one in materials) if is_owed_only else None,
        "no_exemption_reason": first.no_exemption_reason if len(ladder) == 1 else None,
        "blank_form": next((one.blank_form for one in materials if one.blank_form), None),
        "example": next((one.example for one in materials if one.example), None),
    }


def _best_ladder(ladders: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """What spares the applicant most comes first; a promise only where every one of them takes a promise."""
    ways = {repr(way): way for ladder in ladders for way in ladder}
    if not all(any(way.way == "promise" for way in ladder) for ladder in ladders):
        ways = {key: way for key, way in ways.items() if way.way != "promise"}
    return tuple(sorted(ways.values(), key=lambda way: LADDER.index(way.way)))


def _joined(texts: Iterable[str | None]) -> str | None:
    return "；".join(dict.fromkeys(text for text in texts if text)) or None
