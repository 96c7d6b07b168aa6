"""A draft as it was typed: read into a standard, with everything that keeps it from being one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from yueban.catalogue import adoption, soundness
from yueban.catalogue.choices import VersionState
from yueban.catalogue.compile import level_problems, unsound
from yueban.catalogue.compiled import AgencyFacts
from yueban.catalogue.labels import WORDS
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.preparation import agency_facts, prepare
from yueban.catalogue.problems import Problem
from yueban.catalogue.quality import Finding, check_quality
from yueban.catalogue.shape import path_label, path_of
from yueban.catalogue.standard import ItemStandard
from yueban.elements import selectors as elements
from yueban.elements.selectors import Dictionary
from yueban.kernel.model_faults import fault_path, fault_sentence


@dataclass(frozen=True)
class Reading:
    """What a definition says; ``standard`` None = it does not even have the form of one."""

    standard: ItemStandard | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend in a draft: ``rule`` empty = it keeps the draft from being published."""

    field: str
    label: str
    message: str
    rule: str = ""

    @property
    def stops(self) -> bool:
        """Whether nothing can be submitted before it is mended."""
        return not self.rule


def read(definition: Mapping[str, Any]) -> Reading:
    """The standard as typed; what is missing or mistyped is told field by field."""
    try:
        return Reading(ItemStandard.model_validate_json(json.dumps(definition)), ())
    except ValidationError as error:
        return Reading(None, tuple(_problem(detail, definition) for detail in error.errors()))


def _problem(detail: Any, definition: Mapping[str, Any]) -> Problem:
    message, hint = fault_sentence(detail, ItemStandard)
    if detail["type"] == "literal_error":
        hint = "请从列表中选一个。"
    if detail["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        message, hint = "还没有选方式。", f"可选：{'、'.join(WORDS['way'].values())}。"
    return Problem(fault_path(detail["loc"], dict(definition)), message, hint)


def check(
    definition: Mapping[str, Any],
    agency: AgencyFacts,
    dictionary: Dictionary,
    *,
    entry: Mapping[str, Any] | None = None,
    locked: tuple[str, ...] = (),
    area_code: str = "",
) -> list[Remark]:
    """Everything to mend, as it stands beside the fields: what stops first, then the quality rules.

    ``entry`` is the directory's standard where the item was adopted from one.
    """
    reading = read(definition)
    problems = list(reading.problems)
    if reading.standard is not None:
        problems += soundness.check(reading.standard, dictionary)
        problems += level_problems(reading.standard, agency)
    if entry is not None:
        problems += adoption.problems(definition, entry, locked)
    remarks = [_remark(problem) for problem in problems]
    if reading.standard is not None:
        remarks += [_quality(found) for found in check_quality(reading.standard, area_code=area_code)]
    return remarks


def _remark(problem: Problem) -> Remark:
    return Remark(problem.field, path_label(problem.path), f"{problem.message}{problem.hint}")


def _quality(finding: Finding) -> Remark:
    return Remark(finding.field, path_label(path_of(finding.field)), finding.message, finding.rule)


def remarks_of(version: ItemVersion, definition: Mapping[str, Any] | None = None) -> list[Remark]:
    """Everything to mend in a draft, or in these words of it."""
    entry = None if version.revises_directory else version.directory
    words = version.definition if definition is None else definition
    return check(
        words,
        facts_of(version, words),
        elements.dictionary(),
        entry=entry.standard if entry is not None else None,
        locked=tuple(entry.locked) if entry is not None else (),
        area_code=_area_code(version),
    )


def facts_of(version: ItemVersion, definition: Mapping[str, Any]) -> AgencyFacts:
    """The agency as a draft is compiled for it; an entry of the directory is compiled for a level it is made for."""
    facts = agency_facts(version.agency)
    levels = [str(level) for level in definition.get("levels") or ()]
    if not version.revises_directory or not levels or facts.level in levels:
        return facts
    return facts.model_copy(update={"level": levels[0]})


def _area_code(version: ItemVersion) -> str:
    """The area code that telephone numbers need: that of the agency's own."""
    code, dash, _ = version.agency.phone.partition("-")
    return code if dash and code.startswith("0") else ""


def as_published(version: ItemVersion) -> ItemVersion:
    """The version as it would be published, never saved; itself where its words stand still. Raises ItemUnsound."""
    if version.state != VersionState.DRAFT:
        return version
    reading = read(version.definition)
    if reading.standard is None:
        raise unsound(version.name, list(reading.problems))
    one = prepare(reading.standard, facts_of(version, version.definition), elements.dictionary())
    shown = copy(version)
    vars(shown).pop("compiled", None)
    shown.compiled_json, shown.content_hash = one.compiled.to_json(), one.content_hash
    return shown
