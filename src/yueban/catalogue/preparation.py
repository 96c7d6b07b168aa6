"""Preparing a standard for an agency: compiled, hashed and indexed, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yueban.agencies.models import Agency
from yueban.agencies.services import AgencyRow
from yueban.catalogue import compile as compiling
from yueban.catalogue.compiled import AgencyFacts, Compiled
from yueban.catalogue.standard import ItemStandard
from yueban.elements.selectors import Dictionary

# 行使层级 (A.2) of an agency by the level of its division.
LEVELS = {"city": "3", "county": "4", "town": "5", "village": "6"}


@dataclass(frozen=True)
class Prepared:
    """Everything a version is made of."""

    standard: ItemStandard
    agency: AgencyFacts
    compiled: Compiled
    content_hash: str


def agency_facts(agency: Agency) -> AgencyFacts:
    """An agency as versions know it; its division must have been read with it."""
    return AgencyFacts(
        code=agency.code,
        name=agency.name,
        short_name=agency.short_name,
        kind=agency.kind,
        division=agency.division.code,
        division_name=agency.division.name,
        uscc=agency.uscc,
        is_uscc_demo=agency.is_uscc_demo,
        level=LEVELS[agency.division.level],
        phone=agency.phone,
        address=agency.address,
    )


def agency_facts_of_row(row: AgencyRow, *, division_name: str, division_level: str) -> AgencyFacts:
    """The same of an agency that is stated but not stored yet."""
    return AgencyFacts(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        division=row.division,
        division_name=division_name,
        uscc=row.uscc,
        is_uscc_demo=row.uscc_demo,
        level=LEVELS[division_level],
        phone=row.phone or "",
        address=row.address or "",
    )


def prepare(
    standard: ItemStandard,
    agency: AgencyFacts,
    dictionary: Dictionary,
    *,
    is_sound: bool = False,
    like: Prepared | None = None,
) -> Prepared:
    """Compile the standard for the agency; raises ItemUnsound with every problem.

    ``is_sound`` = the caller has checked the standard itself already; the agency is always checked. ``like`` =
    the same standard prepared for another agency, of which all that no agency changes is taken over.
    """
    if like is None:
        compiled = compiling.compile_item(standard, agency, dictionary, is_sound=is_sound)
    else:
        compiled = compiling.compile_for(like.compiled, standard, agency, dictionary)
    return Prepared(standard, agency, compiled, compiling.content_hash(standard, compiled))


def body_of(standard: ItemStandard) -> Iterator[str]:
    """The texts besides names by which an item may be found."""
    yield standard.summary
    yield standard.result.name
    for question in standard.faq:
        yield question.q
    if standard.situation is not None:
        for asked in standard.situation.questions:
            yield asked.text
