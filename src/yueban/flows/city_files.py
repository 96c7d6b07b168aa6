"""The files of a city pack as typed rows, each with the place it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from yueban.agencies.services import AgencyRow
from yueban.catalogue.services import BundleStandard, ItemStandard, NationalList
from yueban.divisions.choices import DivisionLevel
from yueban.divisions.services import CalendarRow, DivisionRow
from yueban.elements.selectors import Dictionary
from yueban.elements.services import ElementsFile
from yueban.flows.city_budgets import read_budgets
from yueban.flows.city_knowledge import KnowledgeFiles, read_knowledge
from yueban.flows.city_pack import Document, PackProblem, read_csv, read_model, read_yaml
from yueban.flows.city_parts import Gathered, read_parts
from yueban.flows.city_policies import PolicyFile, read_policies
from yueban.flows.city_tables import Table, read_table
from yueban.outlets.services import KiosksFile, OutletRow, OutletsFile
from yueban.parties.services import TagsFile
from yueban.payments.budgets import BudgetsFile
from yueban.ratings.services import Scheme

NATIONAL = "national.yaml"


class CityFile(BaseModel):
    """``city.yaml``: which city this is, and from when its items are in force."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    name_en: str = ""
    division: str = Field(pattern="^[0-9]{12}$")
    area_code: str = Field(pattern="^0[0-9]{2,3}$")
    items_effective_on: date


@dataclass
class ItemFile:
    """One item with the document it stands in; ``standard`` None = it could not be read."""

    document: Document
    standard: ItemStandard | None


@dataclass
class BundleFile:
    """One bundle with the document it stands in; ``standard`` None = it could not be read."""

    document: Document
    standard: BundleStandard | None


@dataclass
class Pack:
    """A whole city pack in memory."""

    root: Path
    city: CityFile | None = None
    divisions: list[DivisionRow] = field(default_factory=list)
    calendar: list[CalendarRow] = field(default_factory=list)
    elements: ElementsFile | None = None
    elements_document: Gathered | None = None
    agencies: list[AgencyRow] = field(default_factory=list)
    agencies_table: Table[AgencyRow] = field(default_factory=lambda: Table("agencies.csv"))
    ratings: Scheme | None = None
    outlets_file: OutletsFile | None = None
    outlets_document: Document | None = None
    outlets_table: Table[OutletRow] = field(default_factory=lambda: Table("outlets.csv"))
    kiosks_file: KiosksFile | None = None
    kiosks_document: Document | None = None
    tags: TagsFile = field(default_factory=TagsFile)
    tags_document: Document | None = None
    certificates: list[Any] = field(default_factory=list)
    certificates_document: Gathered | None = None
    items: list[ItemFile] = field(default_factory=list)
    bundles: list[BundleFile] = field(default_factory=list)
    national: NationalList | None = None
    national_document: Document | None = None
    policies: list[PolicyFile] = field(default_factory=list)
    budgets: BudgetsFile = field(default_factory=BudgetsFile)
    budgets_document: Document | None = None
    knowledge: KnowledgeFiles = field(default_factory=KnowledgeFiles)
    problems: list[PackProblem] = field(default_factory=list)

    @property
    def dictionary(self) -> Dictionary:
        """The pack's own elements, before anything is stored."""
        file = self.elements or ElementsFile(elements=())
        names = {row.code: row.name for row in self.divisions}
        return Dictionary.of(file.elements, file.code_lists, file.canonical_materials, names)


def read_pack(root: Path) -> Pack:
    """Read every file; mistakes are collected, not raised."""
    pack = Pack(root)
    _read_city(pack)
    _read_divisions(pack)
    _read_calendar(pack)
    _read_elements(pack)
    _read_agencies(pack)
    _read_outlets(pack)
    _read_kiosks(pack)
    _read_certificates(pack)
    _read_ratings(pack)
    _read_tags(pack)
    for path in sorted((root / "catalogue").glob("*.yaml")):
        document = read_yaml(root, f"catalogue/{path.name}")
        broken = bool(document.problems)
        standard = None if broken else read_model(document, ItemStandard, document.content)
        pack.items.append(ItemFile(document, standard))
        pack.problems += document.problems
    _read_bundles(pack)
    pack.policies, problems = read_policies(root)
    pack.problems += problems
    pack.budgets, pack.budgets_document, problems = read_budgets(root)
    pack.problems += problems
    pack.knowledge = read_knowledge(root)
    pack.problems += pack.knowledge.problems
    return pack


def _read_bundles(pack: Pack) -> None:
    """``bundles/*.yaml``, each one bundle, and the national list beside them; a city may have neither."""
    for path in sorted((pack.root / "bundles").glob("*.yaml")):
        document = read_yaml(pack.root, f"bundles/{path.name}")
        if path.name == NATIONAL:
            pack.national_document = document
            if not document.problems:
                pack.national = read_model(document, NationalList, document.content)
        else:
            broken = bool(document.problems)
            bundle = None if broken else read_model(document, BundleStandard, document.content)
            pack.bundles.append(BundleFile(document, bundle))
        pack.problems += document.problems


def _read_city(pack: Pack) -> None:
    document = read_yaml(pack.root, "city.yaml")
    if not document.problems:
        pack.city = read_model(document, CityFile, document.content)
    pack.problems += document.problems


def _read_divisions(pack: Pack) -> None:
    name = "divisions.csv"
    rows, problems = read_csv(pack.root, name, ("code", "name", "level", "parent"))
    pack.problems += problems
    known = {row["code"] for row in rows}
    seen: set[str] = set()
    for row in rows:
        said = [*_division_problems(row, seen), *_division_links(row, known)]
        pack.problems += [PackProblem(name, int(row["#"]), *one) for one in said]
        seen.add(row["code"])
        pack.divisions.append(
            DivisionRow(
                row["code"],
                row["name"],
                row["level"],
                row["parent"] or "",
                name_en=row.get("name_en") or "",
                is_functional=row.get("functional") == "true",
                merged_into=row.get("merged_into") or "",
                ended_on=_day(row.get("ended_on")),
                note=row.get("note") or "",
            )
        )


def _division_problems(row: dict[str, str], seen: set[str]) -> Iterator[tuple[str, str, str]]:
    """Column, message and hint of what is wrong with the cells themselves."""
    code = row["code"] or ""
    if len(code) != 12 or not code.isdecimal() or not code.isascii():
        yield "code", f"“{code}”不是12位区划代码。", "请核对。"
    elif code in seen:
        yield "code", f"区划“{code}”重复。", "请只留一行。"
    if row["level"] not in DivisionLevel.values:
        yield "level", f"“{row['level']}”不是区划级别。", f"可用： {'、'.join(DivisionLevel.values)}。"
    if not row["name"]:
        yield "name", "没有名称。", "请补上。"
    if row.get("functional") not in {None, "", "true", "false"}:
        yield "functional", f"“{row['functional']}”应是 true 或 false。", "请改正。"
    if row.get("ended_on") and _day(row["ended_on"]) is None:
        yield "ended_on", f"“{row['ended_on']}”不是日期。", "写作 2026-10-01。"


def _division_links(row: dict[str, str], known: set[str]) -> Iterator[tuple[str, str, str]]:
    """The same of what points to other divisions."""
    if row["level"] != DivisionLevel.CITY and row["parent"] not in known:
        yield "parent", f"没有上级区划“{row['parent']}”。", "请核对上级代码。"
    into = row.get("merged_into")
    if into and (into not in known or into == row["code"]):
        yield "merged_into", f"没有并入的区划“{into}”。", "请核对代码。"
    if into and not row.get("ended_on"):
        yield "ended_on", "写了并入的区划，还要写明从哪天起。", "写作 2026-10-01。"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _read_calendar(pack: Pack) -> None:
    name = "calendar.csv"
    rows, problems = read_csv(pack.root, name, ("day", "is_workday", "name"))
    pack.problems += problems
    for row in rows:
        line = int(row["#"])
        try:
            day = date.fromisoformat(row["day"] or "")
        except ValueError:
            pack.problems.append(
                PackProblem(name, line, "day", f"“{row['day']}”不是日期。", "写作 2026-10-01。")
            )
            continue
        if row["is_workday"] not in {"true", "false"}:
            pack.problems.append(
                PackProblem(
                    name, line, "is_workday", f"“{row['is_workday']}”应是 true 或 false。", "请改正。"
                )
            )
        pack.calendar.append(
            CalendarRow(day, row["is_workday"] == "true", row["name"] or "", row.get("division") or "")
        )


def _read_elements(pack: Pack) -> None:
    sections = ("elements", "code_lists", "canonical_materials")
    document = pack.elements_document = read_parts(pack.root, "elements", sections)
    if not document.problems:
        pack.elements = read_model(document, ElementsFile, document.content)
    pack.problems += document.problems


def _read_agencies(pack: Pack) -> None:
    table = pack.agencies_table = read_table(pack.root, "agencies.csv", AgencyRow, key="code")
    pack.agencies = [row for _, row in table.rows]
    pack.problems += table.problems


def _read_outlets(pack: Pack) -> None:
    document = pack.outlets_document = read_yaml(pack.root, "outlets.yaml")
    if isinstance(document.content, dict):
        document.content.pop("unverified", None)
    if not document.problems:
        pack.outlets_file = read_model(document, OutletsFile, document.content)
    pack.outlets_table = read_table(pack.root, "outlets.csv", OutletRow, key="code")
    pack.problems += [*document.problems, *pack.outlets_table.problems]


def _read_kiosks(pack: Pack) -> None:
    """The kiosks of the demonstration; a city without any has no such file."""
    if not (pack.root / "kiosks.yaml").exists():
        return
    document = pack.kiosks_document = read_yaml(pack.root, "kiosks.yaml")
    if not document.problems:
        pack.kiosks_file = read_model(document, KiosksFile, document.content)
    pack.problems += document.problems


def _read_ratings(pack: Pack) -> None:
    document = read_yaml(pack.root, "ratings.yaml")
    if not document.problems:
        pack.ratings = read_model(document, Scheme, document.content)
    pack.problems += document.problems


def _read_tags(pack: Pack) -> None:
    """Sources and tags of enterprises; a city that matches no policies has no such file."""
    if not (pack.root / "tags.yaml").exists():
        return
    document = pack.tags_document = read_yaml(pack.root, "tags.yaml")
    if not document.problems:
        pack.tags = read_model(document, TagsFile, document.content) or pack.tags
    pack.problems += document.problems


def _read_certificates(pack: Pack) -> None:
    sections = ("certificates", "unverified")
    document = pack.certificates_document = read_parts(pack.root, "certificates", sections)
    pack.certificates = [content for _, content in _entries(document, "certificates")]
    pack.problems += document.problems


def _entries(document: Document, name: str) -> Sequence[tuple[tuple[str | int, ...], Any]]:
    """The entries of a file that is one list under one name."""
    if document.problems:
        return []
    content = document.content
    entries = content.get(name) if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        document.problems.append(document.problem((), f"文件应写作“{name}:”下的列表。", "请改正。"))
        return []
    return [((name, index), entry) for index, entry in enumerate(entries)]
