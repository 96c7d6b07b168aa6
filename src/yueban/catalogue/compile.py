"""Compiling: the standard of an item at an agency becomes everything that is derived from it."""

from __future__ import annotations

from yueban.catalogue import rules, soundness
from yueban.catalogue.clock_sets import build_clock_set
from yueban.catalogue.compiled import (
    AgencyFacts,
    Choice,
    Compiled,
    CompiledField,
    CompiledForm,
    CompiledMaterial,
    CompiledSection,
    CompiledSituations,
    Fact,
    Guide,
    Route,
)
from yueban.catalogue.errors import ItemUnsound
from yueban.catalogue.form_schema import build_schema
from yueban.catalogue.guide import build_guide, named
from yueban.catalogue.offerings import build_offerings
from yueban.catalogue.problems import Problem
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.standard.forms import FormField, Section
from yueban.catalogue.standard.materials import Material
from yueban.elements.selectors import Bounds, Dictionary, ElementRow
from yueban.kernel.canonical import digest
from yueban.kernel.codes import item_codes
from yueban.kernel.codes.profiles import Profile

# Types whose value is one of a list or yes and no; 行政区划 and 行业 lists are too long to be embedded.
_BOOLEAN = (
    Choice(value="true", label="是", label_en="Yes"),
    Choice(value="false", label="否", label_en="No"),
)


def compile_item(
    standard: ItemStandard, agency: AgencyFacts, dictionary: Dictionary, *, is_sound: bool = False
) -> Compiled:
    """Compile; raises ItemUnsound with every problem, of the standard itself unless known ``is_sound``."""
    problems = [] if is_sound else soundness.check(standard, dictionary)
    problems += level_problems(standard, agency)
    if problems:
        raise unsound(standard.name, problems)
    sections = tuple(_section(section, dictionary) for section in standard.form.sections)
    return Compiled(
        key=standard.key,
        name=standard.name,
        name_en=standard.name_en or "",
        guide=_guide(standard, agency, dictionary),
        situations=_situations(standard),
        condition_rule=rules.stored_form(standard.condition_rule),
        form=CompiledForm(sections=sections, json_schema=build_schema(standard.name, sections)),
        materials=tuple(_material(material, dictionary) for material in standard.materials),
        route=Route(
            steps=tuple(sorted(standard.route, key=lambda step: (step.stage, step.kind == "decide")))
        ),
        offerings=build_offerings(standard, agency, dictionary),
        clocks=build_clock_set(standard),
        payment=standard.payment,
        intake_periods=standard.intake_periods,
        facts=_facts(standard, dictionary),
    )


def compile_for(
    compiled: Compiled, standard: ItemStandard, agency: AgencyFacts, dictionary: Dictionary
) -> Compiled:
    """The same item at another agency: only its guide and where it is handled differ."""
    problems = level_problems(standard, agency)
    if problems:
        raise unsound(standard.name, problems)
    return compiled.model_copy(
        update={
            "guide": _guide(standard, agency, dictionary),
            "offerings": build_offerings(standard, agency, dictionary),
        }
    )


def _guide(standard: ItemStandard, agency: AgencyFacts, dictionary: Dictionary) -> Guide:
    task_code = item_codes.compose_implementation(
        agency_uscc=agency.uscc, level=agency.level, basic=standard.catalog_code, profile=Profile.DEMO
    )
    return build_guide(standard, agency, dictionary, task_code=task_code)


def content_hash(standard: ItemStandard, compiled: Compiled) -> str:
    """SHA-256 over what was written and what it became: the same words on changed elements are new content."""
    content = {"definition": definition_of(standard), "compiled": compiled.to_json()}
    return digest(content)


def definition_of(standard: ItemStandard) -> dict[str, object]:
    """The standard as it is stored and as YAML writes it."""
    return standard.model_dump(mode="json", by_alias=True)


def level_problems(standard: ItemStandard, agency: AgencyFacts) -> list[Problem]:
    """The agency's level must be one that exercises the power (A.2; 7 = 分级管理 allows any)."""
    if agency.level in standard.levels or "7" in standard.levels:
        return []
    index = standard.adopted_by.index(agency.code) if agency.code in standard.adopted_by else 0
    return [
        Problem(
            ("adopted_by", index),
            f"“{agency.name}”的层级是 {agency.level}，事项的行使层级是 {'、'.join(standard.levels)}，不一致。",
            "请改 levels,或由相应层级的部门认领。",
        )
    ]


def unsound(name: str, problems: list[Problem]) -> ItemUnsound:
    """The error that carries the problems."""
    listed = [{"field": p.field, "message": p.message, "hint": p.hint} for p in problems]
    return ItemUnsound(
        f"事项“{name}”有 {len(problems)} 处问题： {problems[0].field}: {problems[0].message}",
        hint=problems[0].hint or "请逐条改正后再发布。",
        data={"problems": listed},
    )


def _situations(standard: ItemStandard) -> CompiledSituations:
    situation = standard.situation
    if situation is None:
        return CompiledSituations(start=None, questions={}, outcomes={})
    return CompiledSituations(
        start=situation.start,
        questions={question.key: question for question in situation.questions},
        outcomes={outcome.key: outcome for outcome in situation.outcomes},
    )


def _section(section: Section, dictionary: Dictionary) -> CompiledSection:
    return CompiledSection(
        key=section.key,
        title=section.title,
        title_en=section.title_en or "",
        help=section.help,
        repeat=section.repeat,
        when=rules.stored_form(section.when),
        when_text=rules.sentence(section.when, dictionary.vocabulary),
        fields=tuple(_field(field, dictionary) for field in section.fields),
    )


def _field(field: FormField, dictionary: Dictionary) -> CompiledField:
    element = dictionary.elements[field.element]
    limits = [limit for limit in (field.max_length, element.max_length) if limit is not None]
    return CompiledField(
        element=field.element,
        label=field.label or element.name,
        label_en=field.label_en or element.name_en,
        type=str(element.type),
        format=str(element.format),
        unit=element.unit or "",
        sensitivity=str(element.sensitivity),
        source=element.source or "",
        required=field.required,
        prefill=field.prefill,
        help=field.help,
        help_en=field.help_en,
        max_length=min(limits, default=None),
        bounds=_bounds(field, element),
        choices=_choices(field, dictionary),
        when=rules.stored_form(field.when),
        when_text=rules.sentence(field.when, dictionary.vocabulary),
    )


def _bounds(field: FormField, element: ElementRow) -> Bounds | None:
    return element.bounds.narrowed(field.bounds) if element.bounds else field.bounds


def _choices(field: FormField, dictionary: Dictionary) -> tuple[Choice, ...]:
    if dictionary.elements[field.element].type == "boolean":
        return _BOOLEAN
    return tuple(
        Choice(value=entry.code, label=entry.name, label_en=entry.name_en)
        for entry in dictionary.codes_of(field.element)
        if not field.only or entry.code in field.only
    )


def _material(material: Material, dictionary: Dictionary) -> CompiledMaterial:
    canonical = dictionary.canonical_materials[material.canonical]
    return CompiledMaterial(
        key=material.key,
        canonical=material.canonical,
        name=material.name,
        name_en=material.name_en or canonical.name_en,
        type=named("material-type", material.type, dictionary),
        format=named("material-format", material.format, dictionary),
        necessity=named("material-necessity", material.necessity, dictionary),
        source=named("material-source", material.source, dictionary),
        issuer=material.issuer,
        originals=material.originals,
        copies=material.copies,
        page_format=material.page_format,
        basis=material.basis,
        notes=material.notes,
        acceptance=material.acceptance,
        when=rules.stored_form(material.when),
        when_text=rules.sentence(material.when, dictionary.vocabulary),
        satisfy=material.satisfy,
        deferral_days=material.deferral_days,
        no_exemption_reason=material.no_exemption_reason,
        blank_form=material.blank_form,
        example=material.example,
        material_class=material.material_class,
    )


def _facts(standard: ItemStandard, dictionary: Dictionary) -> dict[str, Fact]:
    """The elements this item speaks of: asked, filled in, or named by a rule."""
    codes = {field.element for section in standard.form.sections for field in section.fields}
    if standard.situation is not None:
        codes |= {question.element for question in standard.situation.questions}
    for at in soundness.rules_of(standard):
        codes |= set(rules.facts_of(at.rule, dictionary.vocabulary))
    vocabulary = dictionary.vocabulary
    return {
        code: Fact(
            code=code,
            name=vocabulary[code].name,
            name_en=vocabulary[code].name_en,
            type=str(vocabulary[code].type),
            unit=vocabulary[code].unit,
            codes=dict(vocabulary[code].codes or {}) or None,
            source=vocabulary[code].source,
            sensitivity=vocabulary[code].sensitivity,
        )
        for code in sorted(codes)
    }
