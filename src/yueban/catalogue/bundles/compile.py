"""Compiling a bundle: the standards of its items become one set of questions, one form and one set of materials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from yueban.catalogue import rules
from yueban.catalogue.bundles import (
    asking,
    form_merge,
    material_merge,
    ordering,
    savings,
    soundness,
)
from yueban.catalogue.bundles.asking import Asking
from yueban.catalogue.bundles.child import Child, Words, known_of
from yueban.catalogue.bundles.compiled import ChildSection, CompiledBundle, CompiledChild
from yueban.catalogue.bundles.facts import asked_elements, merged_facts
from yueban.catalogue.bundles.form_merge import FormMerge
from yueban.catalogue.bundles.material_merge import MaterialMerge
from yueban.catalogue.bundles.standard import BundleStandard, Figures
from yueban.catalogue.bundles.terms import all_of, any_of, negation, stored
from yueban.catalogue.compiled import Compiled, Fact, vocabulary_of
from yueban.catalogue.errors import BundleUnsound
from yueban.catalogue.problems import Problem
from yueban.catalogue.standard.intake import IntakePeriod
from yueban.catalogue.workdays import workdays
from yueban.elements.selectors import Dictionary
from yueban.expressions import Vocabulary
from yueban.kernel.canonical import digest


@dataclass(frozen=True)
class Merged:
    """All parts of the bundle, merged and sound."""

    children: Sequence[Child]
    facts: dict[str, Fact]
    vocabulary: Vocabulary
    asking: Asking
    form: FormMerge
    materials: MaterialMerge


def compile_bundle(
    standard: BundleStandard,
    children: Mapping[str, Compiled],
    dictionary: Dictionary,
    *,
    hashes: Mapping[str, str] | None = None,
) -> CompiledBundle:
    """Compile; raises BundleUnsound with every problem.

    ``children`` are the compiled items by item key, ``hashes`` the content hashes of their versions.
    """
    problems = list(soundness.check_names(standard, children, dictionary))
    if problems:
        raise unsound(standard.name, problems)
    merged, problems = _merge(standard, children, dictionary)
    if problems:
        raise unsound(standard.name, problems)
    bundle = _assemble(standard, merged, dictionary, hashes or {})
    bundle.__dict__["vocabulary"] = merged.vocabulary  # the same facts: it need not be built again
    answers = savings.usual_answers(bundle, standard.usual)
    predicted, parts, path = savings.predict(bundle, children, answers)
    late = _late(standard, predicted)
    if late is not None:
        raise unsound(standard.name, [late])
    bundle = bundle.model_copy(
        update={"predicted": predicted, "parts": parts, "critical_path": path, "usual": dict(answers)}
    )
    return bundle.model_copy(update={"content_hash": content_hash(bundle)})


def content_hash(bundle: CompiledBundle) -> str:
    """SHA-256 over everything it became; the database keeps no order of names, so none counts."""
    return digest(bundle.model_dump(mode="json", exclude={"content_hash"}))


def unsound(name: str, problems: Sequence[Problem]) -> BundleUnsound:
    """The error that carries the report."""
    listed = [{"path": p.path, "field": p.field, "message": p.message, "hint": p.hint} for p in problems]
    return BundleUnsound(
        f"一件事“{name}”有 {len(problems)} 处问题：{problems[0].field}：{problems[0].message}",
        hint=problems[0].hint or "请逐条改正后再发布。",
        data={"problems": listed},
    )


def _merge(
    standard: BundleStandard, items: Mapping[str, Compiled], dictionary: Dictionary
) -> tuple[Merged, list[Problem]]:
    children = [Child(i, child, items[child.item]) for i, child in enumerate(standard.children)]
    problems = list(soundness.check_children(standard, children))
    facts, clashes = merged_facts(standard, children, dictionary)
    problems += clashes
    vocabulary = vocabulary_of(facts)
    asked = set(asked_elements(standard, children))
    filled = {
        f.element for c in children for s in c.compiled.form.sections if s.repeat is None for f in s.fields
    }
    problems += soundness.check_rules(children, asked, filled, vocabulary)
    if problems:
        return Merged(children, facts, vocabulary, Asking(), FormMerge(), MaterialMerge()), problems
    for child in children:
        _settle(child)
        when = child.declared.when
        child.rests_on_form = when is not None and not set(rules.facts_of(when, vocabulary)) <= asked
    questions = asking.merge(standard, children, vocabulary)
    problems += questions.problems
    problems += _suppliers(standard, children)
    form = form_merge.gather(children)
    problems += form.problems
    issuers = {child.key: _issuers(child, standard, children) for child in children}
    materials = material_merge.gather(children, issuers)
    periods = _periods(children)
    if periods is None:
        message = "各事项的受理时段没有重合的日子，不能一起受理。"
        problems.append(Problem(("children",), message, "请核对各事项的受理时段，或不要合成一件事。"))
    return Merged(children, facts, vocabulary, questions, form, materials), problems


def _settle(child: Child) -> None:
    """What the child's rules see instead of what it would have asked."""
    questions = child.compiled.situations.questions
    for key, value in child.declared.answers.items():
        child.constants[questions[key].element] = value
    for key, element in child.declared.settles.items():
        child.renames[questions[key].element] = element


def _askers(children: Iterable[Child]) -> dict[str, list[Child]]:
    """Element of a section filled once → the children that ask for it."""
    found: dict[str, list[Child]] = {}
    for child in children:
        for section in child.compiled.form.sections:
            for field in section.fields if section.repeat is None else ():
                found.setdefault(field.element, []).append(child)
    return found


def _suppliers(standard: BundleStandard, children: Sequence[Child]) -> Iterator[Problem]:
    """Who gives an element of whose form: by what is issued, or by what is filled in for another."""
    by_key = {child.key: child for child in children}
    askers = _askers(children)
    for edge in standard.edges:
        if edge.kind == "result_input" and edge.element is not None:
            target = by_key[edge.target]
            given = target.suppliers.get(edge.element, ())
            target.suppliers[edge.element] = (*given, by_key[edge.source])
    for child in children:
        for own, source in child.declared.fills.items():
            givers = tuple(other for other in askers.get(source, ()) if other is not child)
            if child not in askers.get(own, ()) or not givers:
                message = f"“{child.name}”的“{own}”要由“{source}”带入，但"
                message += "它的表单没有这一项。" if givers else "没有别的事项填写它。"
                yield child.problem(message, "请核对 fills 里的两个数据元。", "fills", own)
            elif child.compiled.facts[own].type != givers[0].compiled.facts[source].type:
                message = f"“{child.name}”的“{own}”和带入它的“{source}”类型不同。"
                yield child.problem(message, "请改用同一类型的数据元。", "fills", own)
            else:
                child.suppliers[own] = (*child.suppliers.get(own, ()), *givers)
        yield from _rules_on_supplied(child)


def _rules_on_supplied(child: Child) -> Iterator[Problem]:
    """A condition cannot rest on what only another child's result will tell."""
    if not child.suppliers:
        return
    form = child.compiled.form
    conditions = [s.when for s in form.sections] + [f.when for s in form.sections for f in s.fields]
    conditions += [material.when for material in child.compiled.materials]
    used = {code for rule in conditions if rule for code in rules.facts_of(rule, child.compiled.vocabulary)}
    for element in sorted(used & set(child.suppliers)):
        message = f"“{child.name}”有条件要看“{element}”，而它由别的事项带入，填表时还不知道。"
        yield child.problem(message, "请不要带入这一项，或改写条件。", "item")


def _issuers(child: Child, standard: BundleStandard, children: Sequence[Child]) -> list[Child]:
    """The children that are granted before this one begins."""
    by_key = {other.key: other for other in children}
    before = (
        edge.source for edge in standard.edges if edge.target == child.key and edge.kind in ordering.AFTER
    )
    return [by_key[key] for key in dict.fromkeys(before)]


def _periods(children: Sequence[Child]) -> tuple[IntakePeriod, ...] | None:
    """When all children that are always part of it take applications; None where that is never."""
    found: tuple[IntakePeriod, ...] | None = None
    for child in children:
        own = child.compiled.intake_periods
        if not own or child.declared.need != "mandatory":
            continue
        found = own if found is None else tuple(_overlaps(found, own))
        if not found:
            return None
    return found or ()


def _overlaps(ours: Iterable[IntakePeriod], theirs: Iterable[IntakePeriod]) -> Iterator[IntakePeriod]:
    for one, other in product(ours, theirs):
        opens, closes = max(one.opens_on, other.opens_on), min(one.closes_on, other.closes_on)
        if opens <= closes:
            yield one.model_copy(update={"opens_on": opens, "closes_on": closes})


def _late(standard: BundleStandard, predicted: Figures) -> Problem | None:
    """The bundle may not promise less than its items need one after the other."""
    promised = savings.decimal(workdays(standard.promised))
    if predicted.days is None or predicted.days <= promised:
        return None
    message = f"总承诺时限是{standard.promised.limit}，但各事项先后办完要{predicted.days:f}个工作日。"
    return Problem(
        ("promised",), message, "请给各子事项写明一件事里的承诺时限（promised），或放宽总承诺时限。"
    )


def _assemble(
    standard: BundleStandard, merged: Merged, dictionary: Dictionary, hashes: Mapping[str, str]
) -> CompiledBundle:
    """Everything but the figures, which are counted on it."""
    keys = [child.key for child in merged.children]
    words = Words(known_of(merged.children), merged.vocabulary)
    form, fields = form_merge.merged_form(standard.name, merged.form, merged.facts, words)
    materials, origins = material_merge.merged_materials(merged.materials, dictionary, words)
    situation = standard.situation
    stages = (standard.life_stage.person, standard.life_stage.enterprise)
    return CompiledBundle(
        key=standard.key,
        name=standard.name,
        name_en=standard.name_en or "",
        summary=standard.summary,
        summary_en=standard.summary_en or "",
        aliases=standard.aliases,
        national=standard.national,
        life_stages=tuple(stage for stage in stages if stage),
        lead_agency_kind=standard.lead_agency_kind,
        audiences=tuple(sorted(standard.audiences)),
        targets=standard.targets,
        promised=standard.promised,
        promised_text=str(standard.promised.limit),
        own_start=situation.start if situation is not None else None,
        own_outcomes=tuple(outcome.key for outcome in situation.outcomes) if situation else (),
        situations=merged.asking.merged,
        condition_rule=_condition(merged.children),
        form=form,
        materials=materials,
        intake_periods=_periods(merged.children) or (),
        facts=merged.facts,
        children=tuple(_child(child, merged, hashes) for child in merged.children),
        edges=standard.edges,
        stages=ordering.stages_of(keys, ordering.sources_of(keys, standard.edges)),
        critical_path=(),
        joint_issue=standard.joint_issue,
        field_lineage=fields,
        material_lineage=origins,
        usual={},
        predicted=Figures(),
        parts=Figures(),
        baseline=standard.baseline,
        unverified=standard.unverified,
        faq=standard.faq,
    )


def _condition(children: Sequence[Child]) -> dict[str, object] | None:
    """Whoever is needed must fulfil its item's condition."""
    terms = (
        any_of((negation(child.guard), child.term(child.compiled.condition_rule)))
        for child in children
        if child.compiled.condition_rule is not None
    )
    return stored(all_of(terms))


def _child(child: Child, merged: Merged, hashes: Mapping[str, str]) -> CompiledChild:
    declared, item, guide = child.declared, child.compiled, child.compiled.guide
    promised = declared.promised or guide.promised
    materials, supplied = merged.materials.keys, merged.materials.supplied
    own = [material.key for material in item.materials]
    return CompiledChild(
        key=child.key,
        item=declared.item,
        version_hash=hashes.get(declared.item, ""),
        name=item.name,
        name_en=item.name_en,
        agency=guide.agency,
        need=declared.need,
        when=rules.stored_form(declared.when),
        when_text=rules.sentence(declared.when, merged.vocabulary),
        repeat=declared.repeat,
        on_refusal=declared.on_refusal,
        answers=declared.answers,
        settles=declared.settles,
        fills=declared.fills,
        promised=promised,
        promised_text=str(promised.limit),
        statutory=guide.statutory,
        clock_kind=item.clocks.kind,
        result_name=guide.result.name,
        certificate_type=guide.result.certificate_type,
        may_fall_out=child.may_fall_out,
        rests_on_form=child.rests_on_form,
        start=child.start,
        choice=child.choice,
        questions=child.questions,
        outcomes=child.outcomes,
        sections=tuple(_sections(child, merged.form)),
        materials={key: materials[child.key, key] for key in own if (child.key, key) in materials},
        supplied={key: supplied[child.key, key] for key in own if (child.key, key) in supplied},
    )


def _sections(child: Child, form: FormMerge) -> Iterator[ChildSection]:
    """Where in the merged form the values of the child's own form stand."""
    fills = child.declared.fills
    for section in child.compiled.form.sections:
        elements = {field.element: fills.get(field.element, field.element) for field in section.fields}
        if section.repeat is None:
            yield ChildSection(key=section.key, merged=None, elements=elements)
        else:
            yield ChildSection(key=section.key, merged=form.places[child.key, section.key], elements=elements)
