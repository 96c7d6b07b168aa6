"""What must agree between the files of a city pack, and its items compiled for every agency."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yueban.catalogue.errors import ItemUnsound
from yueban.catalogue.services import (
    ItemStandard,
    Prepared,
    agency_facts_of_row,
    prepare,
    problems_of,
)
from yueban.certificates.services import CertificateTypeRow
from yueban.divisions import selectors as divisions
from yueban.divisions.choices import DivisionLevel
from yueban.elements.choices import ElementType
from yueban.elements.selectors import Dictionary
from yueban.flows.city_files import ItemFile, Pack
from yueban.flows.city_pack import Document, PackProblem, read_model
from yueban.flows.city_tables import check_named, check_unique
from yueban.parties import services as parties

NEEDS_CODES = frozenset({ElementType.CODE, ElementType.CODES})


def check_pack(pack: Pack) -> Iterator[PackProblem]:
    """Every disagreement between files; items are checked by prepare_items."""
    yield from _elements(pack)
    yield from _agencies(pack)
    yield from _outlets(pack)
    yield from _kiosks(pack)
    yield from _certificates(pack)
    yield from _item_keys(pack)
    yield from _tags(pack)


def _tags(pack: Pack) -> Iterator[PackProblem]:
    """Tags speak of known facts, are told in one way, and belong to a kind of agency that there is."""
    if pack.tags_document is None:
        return
    keys = [row.key for row in pack.tags.tags]
    yield from _repeated(pack.tags_document, "tags", "key", keys)
    kinds = {row.kind for row in pack.agencies}
    vocabulary = pack.dictionary.vocabulary
    for place, row in enumerate(pack.tags.tags):
        for fault in parties.faults_of_tag(row, vocabulary, keys):
            yield pack.tags_document.problem(("tags", place, fault.field), fault.message, fault.hint)
        if row.owner not in kinds:
            where = ("tags", place, "owner")
            yield pack.tags_document.problem(
                where, f"没有“{row.owner}”这类部门。", "请按 agencies.csv 改正。"
            )


def _elements(pack: Pack) -> Iterator[PackProblem]:
    file, document = pack.elements, pack.elements_document
    if file is None or document is None:
        return
    yield from _repeated(document, "elements", "code", [row.code for row in file.elements])
    yield from _repeated(document, "canonical_materials", "key", [r.key for r in file.canonical_materials])
    editions = [f"{row.key}/{row.profile}/{row.version}" for row in file.code_lists]
    yield from _repeated(document, "code_lists", "key", editions)
    lists = {row.key for row in file.code_lists}
    for i, row in enumerate(file.elements):
        if row.codes is not None and row.codes not in lists:
            yield document.problem(
                ("elements", i, "codes"), f"没有代码表“{row.codes}”。", "请在 code_lists 中登记。"
            )
        if row.type in NEEDS_CODES and row.codes is None:
            yield document.problem(("elements", i, "codes"), "代码类数据元必须写明代码表。", "请补上 codes。")
    for i, code_list in enumerate(file.code_lists):
        codes = [entry.code for entry in code_list.codes]
        for j, code in enumerate(codes):
            if code in codes[:j]:
                yield document.problem(
                    ("code_lists", i, "codes", j, "code"), f"代码“{code}”重复。", "请只留一个。"
                )
    types = {row.get("key") for row in pack.certificates if isinstance(row, dict)}
    for i, material in enumerate(file.canonical_materials):
        if material.certificate_type is not None and material.certificate_type not in types:
            yield document.problem(
                ("canonical_materials", i, "certificate_type"),
                f"没有证照类型“{material.certificate_type}”。",
                "请在 certificates.yaml 中登记。",
            )


def _repeated(document: Document, name: str, field: str, keys: list[str]) -> Iterator[PackProblem]:
    seen: dict[str, int] = {}
    for i, key in enumerate(keys):
        first = seen.setdefault(key, i)
        if first != i:
            there = document.problem((name, first, field), "")
            message = f"“{key}”与 {there.file}:{there.line} 重复。"
            yield document.problem((name, i, field), message, "请只留一个。")


def _agencies(pack: Pack) -> Iterator[PackProblem]:
    table = pack.agencies_table
    places = {row.code for row in pack.divisions}
    yield from table.repeated("code")
    yield from check_named(table, "division", places, "区划", "请与 divisions.csv 核对。")
    yield from check_named(table, "parent", table.keys, "上级部门", "请核对部门代码。")
    yield from check_unique(table, "document_prefix", "code", "文书字头", "请改用不同的字头。")


def _outlets(pack: Pack) -> Iterator[PackProblem]:
    file, document, table = pack.outlets_file, pack.outlets_document, pack.outlets_table
    places = {row.code for row in pack.divisions}
    yield from table.repeated("code")
    yield from check_named(table, "division", places, "区划", "请与 divisions.csv 核对。")
    yield from check_named(table, "agency", pack.agencies_table.keys, "部门", "请在 agencies.csv 中登记。")
    if file is None or document is None:
        return
    hours = {row.key for row in file.timetables}
    kinds = {row.kind for row in file.kinds}
    yield from _repeated(document, "timetables", "key", [row.key for row in file.timetables])
    yield from _repeated(document, "kinds", "kind", [str(row.kind) for row in file.kinds])
    hint = "请在 outlets.yaml 的 timetables 中登记。"
    yield from check_named(table, "hours", hours, "开放时间", hint)
    for i, row in enumerate(file.kinds):
        if row.hours not in hours:
            yield document.problem(("kinds", i, "hours"), f"没有开放时间“{row.hours}”。", hint)
    for line, outlet in table.rows:
        if outlet.kind not in kinds:
            hint = "请在 outlets.yaml 的 kinds 中写明这一类。"
            yield table.problem(line, "kind", f"“{outlet.kind}”类网点没有通常配置。", hint)


def _kiosks(pack: Pack) -> Iterator[PackProblem]:
    """Each kiosk stands in an outlet of the pack and offers items of the pack."""
    file, document = pack.kiosks_file, pack.kiosks_document
    if file is None or document is None:
        return
    items = {one.standard.key for one in pack.items if one.standard is not None}
    # An item that cannot be read has its own problem and is no reason for another here.
    is_told = any(one.standard is None for one in pack.items)
    yield from _repeated(document, "kiosks", "code", [row.code for row in file.kiosks])
    for i, row in enumerate(file.kiosks):
        if row.outlet not in pack.outlets_table.keys:
            yield document.problem(
                ("kiosks", i, "outlet"), f"没有网点“{row.outlet}”。", "请与 outlets.csv 核对。"
            )
        for n, key in enumerate(row.items):
            if key not in items and not is_told:
                yield document.problem(
                    ("kiosks", i, "items", n), f"没有事项“{key}”。", "请与 catalogue 核对。"
                )


def _certificates(pack: Pack) -> Iterator[PackProblem]:
    document = pack.certificates_document
    if document is None:
        return
    known = len(document.problems)
    for i, content in enumerate(pack.certificates):
        read_model(document, CertificateTypeRow, content, ("certificates", i))
    yield from document.problems[known:]
    keys = [str(row.get("key")) for row in pack.certificates if isinstance(row, dict)]
    yield from _repeated(document, "certificates", "key", keys)


def _item_keys(pack: Pack) -> Iterator[PackProblem]:
    seen: dict[str, str] = {}
    for file in pack.items:
        if file.standard is None:
            continue
        other = seen.setdefault(file.standard.key, file.document.file)
        if other != file.document.file:
            yield file.document.problem(("key",), f"事项 key 与 {other} 相同。", "每个事项的 key 应唯一。")


def prepare_items(pack: Pack, progress: Callable[[str], None]) -> tuple[list[Prepared], list[PackProblem]]:
    """Every item compiled for every agency that adopts it, and what is wrong with those that cannot be."""
    prepared: list[Prepared] = []
    problems: list[PackProblem] = []
    dictionary = pack.dictionary
    for file in pack.items:
        if file.standard is None:
            continue
        progress(f"检查事项 {file.standard.name}")
        document = file.document
        found = list(_item_problems(pack, file.standard, document))
        found += [document.problem(p.path, p.message, p.hint) for p in problems_of(file.standard, dictionary)]
        problems += found
        if not found:
            _prepare(pack, file, dictionary, prepared, problems)
    return prepared, problems


def _prepare(
    pack: Pack,
    file: ItemFile,
    dictionary: Dictionary,
    prepared: list[Prepared],
    problems: list[PackProblem],
) -> None:
    standard = file.standard
    assert standard is not None
    places = {row.code: row for row in pack.divisions}
    offices = {row.code: row for row in pack.agencies}
    first: Prepared | None = None
    for i, code in enumerate(standard.adopted_by):
        office = offices.get(code)
        if office is None or office.division not in places:
            continue  # reported with the agencies
        place = places[office.division]
        facts = agency_facts_of_row(office, division_name=place.name, division_level=place.level)
        try:
            one = prepare(standard, facts, dictionary, is_sound=True, like=first)
        except ItemUnsound as error:
            problems += [
                file.document.problem(("adopted_by", i), problem["message"], problem["hint"])
                for problem in error.data["problems"]
            ]
            continue
        first = first or one
        prepared.append(one)


def _item_problems(pack: Pack, standard: ItemStandard, document: Document) -> Iterator[PackProblem]:
    offices = {row.code: row for row in pack.agencies}
    places = {row.code for row in pack.divisions}
    stated = pack.agencies_table.keys
    known = True
    for i, code in enumerate(standard.adopted_by):
        office = offices.get(code)
        if office is None:
            known = False
            # An agency that could not be read is reported itself.
            if code not in stated:
                yield document.problem(("adopted_by", i), f"没有部门“{code}”。", "请在 agencies.csv 中登记。")
        elif office.kind != standard.agency_kind:
            yield document.problem(
                ("adopted_by", i),
                f"部门“{code}”是“{office.kind}”类，与 agency_kind“{standard.agency_kind}”不一致。",
                "请核对。",
            )
        elif office.division not in places:
            known = False
    if known and len(pack.agencies) == len(pack.agencies_table.stated):
        yield from _unreached_kinds(pack, standard, document)
    yield from _certificate_types(pack, standard, document)
    if standard.situation is not None:
        items = {file.standard.key for file in pack.items if file.standard is not None}
        broken = any(file.standard is None for file in pack.items)
        for i, outcome in enumerate(standard.situation.outcomes):
            # An item that could not be read is reported itself; what points to it may be right.
            if outcome.item is not None and outcome.item not in items and not broken:
                yield document.problem(
                    ("situation", "outcomes", i, "item"),
                    f"没有事项“{outcome.item}”。",
                    "请核对 key,或改写 where。",
                )


def _unreached_kinds(pack: Pack, standard: ItemStandard, document: Document) -> Iterator[PackProblem]:
    """Agencies of other kinds that take part must exist for every adopting agency: its county's or the city's."""
    where = {(row.kind, row.division) for row in pack.agencies}
    offices = {row.code: row for row in pack.agencies}
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("route", i, "agency_kind"), step.agency_kind)
        for i, step in enumerate(standard.route)
        if step.agency_kind is not None
    ]
    named += [
        (("materials", i, "satisfy", j, "agency_kind"), way.agency_kind)
        for i, material in enumerate(standard.materials)
        for j, way in enumerate(material.satisfy)
        if way.way == "check"
    ]
    named += [(("co_agencies", i), kind) for i, kind in enumerate(standard.co_agencies)]
    for path, kind in named:
        for code in standard.adopted_by:
            place = offices[code].division
            is_above = any((kind, above) in where for above in divisions.ancestry(place))
            if not is_above and not _is_in_every_town(pack, kind, place, where):
                yield document.problem(
                    path,
                    f"“{offices[code].name}”所在区划、上级和下属各镇街都没有“{kind}”类部门。",
                    "请在 agencies.csv 中登记。",
                )
                break


def _is_in_every_town(pack: Pack, kind: str, place: str, where: set[tuple[str, str]]) -> bool:
    """Whether a step may go to the applicant's own town: each town of the place has an agency of the kind."""
    towns = [
        row.code
        for row in pack.divisions
        if row.level == DivisionLevel.TOWN and divisions.is_within(row.code, place)
    ]
    return bool(towns) and all((kind, town) in where for town in towns)


def _certificate_types(pack: Pack, standard: ItemStandard, document: Document) -> Iterator[PackProblem]:
    types = {row.get("key") for row in pack.certificates if isinstance(row, dict)}
    hint = "请在 certificates.yaml 中登记。"
    wanted = standard.result.certificate_type
    if wanted is not None and wanted not in types:
        yield document.problem(("result", "certificate_type"), f"没有证照类型“{wanted}”。", hint)
    for i, material in enumerate(standard.materials):
        for j, way in enumerate(material.satisfy):
            if way.way == "certificate" and way.certificate_type not in types:
                yield document.problem(
                    ("materials", i, "satisfy", j, "certificate_type"),
                    f"没有证照类型“{way.certificate_type}”。",
                    hint,
                )
