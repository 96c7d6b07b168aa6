"""载入城市资料: read the whole pack, check all of it, then write all of it in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from yueban.agencies import services as agencies
from yueban.cases import services as cases
from yueban.catalogue import services as catalogue
from yueban.catalogue.selectors import ByShare
from yueban.catalogue.services import (
    Finding,
    Prepared,
    check_code,
    check_quality,
    check_same_standard,
    definition_of,
)
from yueban.certificates import services as certificates
from yueban.clocks import services as clocks
from yueban.divisions import services as divisions
from yueban.elements import services as elements
from yueban.flows import keep_knowledge, merge_divisions
from yueban.flows.city_budgets import (
    check_budgets,
    check_lines_of_offers,
    find_offers_without_line,
    store_budgets,
)
from yueban.flows.city_bundles import check_bundles, find_bundle_faults
from yueban.flows.city_checks import check_pack, prepare_items
from yueban.flows.city_directory import directory_rows
from yueban.flows.city_files import Pack, read_pack
from yueban.flows.city_knowledge import check_knowledge, store_knowledge
from yueban.flows.city_pack import PackUnsound
from yueban.flows.city_policies import check_policies
from yueban.flows.load_cast import load_cast
from yueban.flows.systems import FOLDER, check_systems
from yueban.kernel.actor import SYSTEM
from yueban.kernel.changes import Changes
from yueban.matching import services as matching
from yueban.outlets import services as outlets
from yueban.parties import services as parties
from yueban.policies import services as policies
from yueban.prechecks import selectors as prechecks
from yueban.ratings import services as ratings

Progress = Callable[[str], None]
# Who meets which offer rests on these.
MATCHED = ("elements", "sources", "policies")


@dataclass
class Report:
    """What a load did, by kind of thing, and how long it took."""

    city: str
    changes: dict[str, Changes] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_unchanged(self) -> bool:
        """Whether everything was there already."""
        return not any(change.created or change.changed for change in self.changes.values())

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        counts = {
            name: {"created": c.created, "changed": c.changed, "unchanged": c.unchanged}
            for name, c in self.changes.items()
        }
        return {"city": self.city, "seconds": round(self.seconds, 3), "changes": counts}


def load_city(path: Path, *, progress: Progress | None = None) -> Report:
    """Load a city pack; loading it again changes nothing.

    Raises PackUnsound with every mistake of the pack, and then nothing of it is loaded. The cast
    (cast.yaml) is loaded only where YUEBAN_DEMO is set.
    """
    say = progress or (lambda _text: None)
    started = time.monotonic()
    pack, prepared = check_city(path, progress=say)
    assert pack.city is not None and pack.elements is not None  # noqa: PT018 - check_city refused otherwise
    report = Report(pack.city.name)
    with transaction.atomic():
        _write(pack, prepared, report, say)
    report.seconds = time.monotonic() - started
    return report


def check_city(path: Path, *, progress: Progress | None = None) -> tuple[Pack, list[Prepared]]:
    """Read and check a pack without writing; raises PackUnsound with every mistake."""
    say = progress or (lambda _text: None)
    say("读取城市资料")
    pack = read_pack(path)
    problems = [*pack.problems, *check_pack(pack)]
    # Without elements every word of an item would be reported as unknown: mend those first.
    prepared: list[Prepared] = []
    if pack.elements is not None:
        prepared, found = prepare_items(pack, say)
        problems += found
        problems += check_bundles(pack, prepared, say)
        kinds = {row.code: row.kind for row in pack.agencies}
        problems += check_policies(pack.policies, pack.dictionary.vocabulary, agencies=kinds)
        problems += check_budgets(pack.budgets, pack.budgets_document, kinds)
        problems += check_lines_of_offers(pack.budgets, pack.policies)
        # A Q&A rests on items and offers: of one that cannot be read its Q&A would each be called unfounded.
        if not problems:
            problems += check_knowledge(pack.knowledge, _sources(pack), set(kinds.values()))
    if problems:
        raise PackUnsound(problems)
    return pack, prepared


def _sources(pack: Pack) -> dict[str, set[str]]:
    """Keys of what a Q&A may rest on, by kind."""
    bundles = (file.standard for file in pack.bundles)
    return {
        "item": {file.standard.key for file in pack.items if file.standard is not None},
        "bundle": {one.key for one in bundles if one is not None},
        "policy": {file.standard.key for file in pack.policies if file.standard is not None},
        "offer": {row.standard.key for file in pack.policies for _, row in file.offers},
        "outlet": pack.outlets_table.keys,
    }


def find_quality_faults(pack: Pack, prepared: list[Prepared]) -> list[Finding]:
    """What the quality rules find in a sound pack; nothing is refused for it."""
    area_code = pack.city.area_code if pack.city else ""
    found: list[Finding] = []
    for file in pack.items:
        if file.standard is not None:
            found += check_quality(file.standard, area_code=area_code)
    found += [finding for one in prepared for finding in check_code(one)]
    found += find_bundle_faults(pack)
    return found + check_same_standard(
        (one.standard.key, one.agency.short_name, definition_of(one.standard)) for one in prepared
    )


def find_system_faults(pack: Pack) -> list[str]:
    """What is wrong with the files of the running systems (运行系统), held against the forms of the pack's items."""
    elements = {
        file.standard.key: [
            field.element for section in file.standard.form.sections for field in section.fields
        ]
        for file in pack.items
        if file.standard is not None
    }
    return check_systems(pack.root / FOLDER, elements)


def find_connector_faults(pack: Pack) -> list[str]:
    """What is wrong with connectors.yaml, held against the ways of the pack's items."""
    standards = [file.standard for file in pack.items if file.standard is not None]
    ways = [way for one in standards for material in one.materials for way in material.satisfy]
    return certificates.check_connectors(
        pack.root / certificates.CONNECTORS_FILE,
        sources={way.source for way in ways if isinstance(way, ByShare)},
        canonicals=pack.dictionary.canonical_materials,
        agency_kinds={row.kind for row in pack.agencies},
    )


def find_money_faults(pack: Pack) -> list[str]:
    """Offers of the pack that pay money from no budget line."""
    return find_offers_without_line(pack.policies)


def find_document_faults(pack: Pack) -> list[str]:
    """What is wrong with documents.yaml, by which a machine knows documents."""
    return prechecks.check_documents(
        pack.root / prechecks.DOCUMENTS_FILE, canonicals=set(pack.dictionary.canonical_materials)
    )


def _write(pack: Pack, prepared: list[Prepared], report: Report, say: Progress) -> None:
    assert pack.city is not None and pack.elements is not None  # noqa: PT018
    say(f"写入区划 {len(pack.divisions)} 个")
    saved = divisions.store_divisions(rows=pack.divisions)
    report.changes["divisions"] = saved.changes
    for old, new in saved.merged:
        merge_divisions.carry_over(old, new, SYSTEM)
    report.changes["calendar"] = divisions.save_calendar(rows=pack.calendar)
    cases.keep_promised_days(clocks.count_anew())
    say("写入数据元、部门、证照类型")
    report.changes["elements"] = elements.save_elements(file=pack.elements)
    if saved.changes.created or saved.changes.changed:
        elements.renew_vocabulary()
    report.changes["sources"] = parties.save_fact_sources(rows=pack.tags.sources)
    report.changes["tags"] = parties.save_tags(rows=pack.tags.tags)
    report.changes["agencies"] = agencies.save_agencies(rows=pack.agencies)
    say(f"写入网点 {len(pack.outlets_table.rows)} 个")
    assert pack.outlets_file is not None
    report.changes["outlets"] = outlets.save_outlets(
        file=pack.outlets_file, rows=[row for _, row in pack.outlets_table.rows]
    )
    report.changes["certificates"] = certificates.load_types(pack.certificates)
    if pack.ratings is not None:
        report.changes["ratings"] = ratings.save_scheme(data=pack.ratings)
    say(f"发布事项 {len(pack.items)} 个")
    report.changes["items"] = catalogue.publish_prepared(
        prepared=prepared, effective_on=pack.city.items_effective_on, actor=SYSTEM
    )
    say(f"发布一件事 {len(pack.bundles)} 个")
    report.changes["bundles"] = catalogue.publish_bundles(
        standards=[file.standard for file in pack.bundles if file.standard is not None],
        effective_on=pack.city.items_effective_on,
        actor=SYSTEM,
        known={one.content_hash: one.compiled for one in prepared},
    )
    if pack.national is not None:
        report.changes["national list"] = catalogue.save_national_list(content=pack.national)
    say(f"写入政策 {len(pack.policies)} 个")
    report.changes["policies"] = policies.store_policies(
        rows=[file.row for file in pack.policies], actor=SYSTEM
    )
    if any(report.changes[name].created or report.changes[name].changed for name in MATCHED):
        matching.all_changed()
    report.changes["budgets"] = store_budgets(pack.budgets)
    report.changes |= store_knowledge(pack.knowledge)
    keep_knowledge.ask_to_keep()
    report.changes["directory"] = catalogue.store_directory(rows=directory_rows(pack), actor=SYSTEM)
    if settings.YUEBAN_DEMO and (pack.root / "cast.yaml").exists():
        say("写入演示人物")
        load_cast(pack.root)
    if settings.YUEBAN_DEMO and pack.kiosks_file is not None:
        report.changes["kiosks"] = outlets.save_demo_kiosks(rows=pack.kiosks_file.kiosks)
