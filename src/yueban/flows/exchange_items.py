"""事项交换: items out as national JSON or Excel, and in as drafts of an editor; all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.catalogue import exchange
from yueban.catalogue import selectors as catalogue_read
from yueban.catalogue import services as catalogue
from yueban.catalogue.choices import VersionState
from yueban.catalogue.errors import ItemUnsound
from yueban.catalogue.exchange import Fault
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.services import ItemStandard
from yueban.elements import selectors as elements
from yueban.files import selectors as files_read
from yueban.files import services as files
from yueban.files.errors import FileNotFound
from yueban.files.models import StoredFile
from yueban.flows import exports, publish_item
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.codes import item_codes
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile as CodeProfile
from yueban.kernel.errors import NotAllowed

RETURNED = "-错误.xlsx"
STATES = {VersionState.PUBLISHED: "在用", VersionState.SUSPENDED: "暂停", VersionState.CANCELLED: "取消"}


@dataclass
class Imported:
    """What an import did: drafts written, items that were the same already, or every mistake."""

    saved: list[ItemVersion] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    # What goes back to the sender: dn_audit_abnormal rows, or the workbook with its mistakes marked.
    abnormal: exchange.Tables = field(default_factory=dict)
    returned: bytes = b""
    places: list[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """Whether everything was taken."""
        return not self.faults


@dataclass(frozen=True)
class _Ready:
    """A standard that can be drafted at an agency."""

    standard: ItemStandard
    agency: Agency


@dataclass
class _Shelf:
    """What an agency has of its items: by key the newest version in use, and the open draft."""

    current: dict[str, ItemVersion]
    drafts: dict[str, ItemVersion]

    @classmethod
    def of(cls, agency: str) -> _Shelf:
        """One query an agency."""
        rows = catalogue_read.versions_at(agency)
        is_open = {VersionState.DRAFT, VersionState.CHECKING}
        return cls(
            {row.item.key: row for row in rows if row.state not in is_open},
            {row.item.key: row for row in rows if row.state in is_open},
        )

    def base_of(self, key: str) -> dict[str, Any] | None:
        """The item as the agency has it, its draft first; a draft may be unfinished."""
        found = self.drafts.get(key) or self.current.get(key)
        return found.definition if found else None

    def key_of_code(self, catalog_code: str) -> str | None:
        """The key under which the agency has this 基本编码."""
        rows = (*self.current.items(), *self.drafts.items())
        return next((key for key, row in rows if row.item.catalog_code == catalog_code), None)


def export_json(versions: Sequence[ItemVersion], *, profile: str, batch: str = "") -> dict[str, Any]:
    """Versions as rows of the exchange library (up_*), under a profile."""
    chosen = exchange.find_profile(profile)
    dialect = exchange.NationalDialect(chosen, elements.dictionary())
    number = batch or f"{clock.now():%Y%m%d%H%M%S}"
    envelope = exchange.Envelope(number, clock.now())
    sent = [
        exchange.Sent(
            catalogue_read.standard_of(version),
            catalogue.agency_facts(version.agency),
            version.task_code,
            version.number,
            STATES.get(VersionState(version.state), "草稿"),
        )
        for version in versions
    ]
    tables = exchange.write_items(sent, dialect, envelope)
    return {"profile": chosen.key, "cd_batch": number, "tables": tables}


def export_excel(versions: Sequence[ItemVersion]) -> bytes:
    """Versions of one agency as a workbook; none = the template."""
    standards = [catalogue_read.standard_of(version) for version in versions]
    return exchange.write_book(standards, exchange.ExcelDialect(elements.dictionary()))


@transaction.atomic
def take_excel(actor: Actor, versions: Sequence[ItemVersion]) -> bytes:
    """The workbook for one of the staff; that he took it is kept."""
    exports.record(actor, what="事项", rows=len(versions), filters="")
    return export_excel(versions)


@transaction.atomic
def take_json(actor: Actor, versions: Sequence[ItemVersion], *, profile: str) -> dict[str, Any]:
    """The rows for one of the staff; that he took them is kept."""
    exports.record(actor, what="事项", rows=len(versions), filters=profile)
    return export_json(versions, profile=profile)


def import_json(actor: Actor, content: bytes, *, profile: str = "") -> Imported:
    """Rows of the exchange library (dn_*) into drafts; mistakes come back as dn_audit_abnormal."""
    came_at = clock.now()
    file = exchange.read_json(content)
    chosen = exchange.find_profile(profile or str(file.get("profile") or "GB"))
    dialect = exchange.NationalDialect(chosen, elements.dictionary())
    arrived, faults = exchange.sort_rows(file["tables"])
    offices = agencies.agencies_of_uscc({str(one.rows.basic.get("dept_code") or "") for one in arrived})
    shelves = {office.code: _Shelf.of(office.code) for office in offices.values()}
    ready: list[_Ready] = []
    for one in arrived:
        office = offices.get(str(one.rows.basic.get("dept_code") or ""))
        found = _standard_of_rows(one, dialect, office, shelves)
        if isinstance(found, ItemStandard) and office is not None:
            ready.append(_Ready(found, office))
        elif isinstance(found, list):
            faults += found
    done = _save(actor, ready, shelves, faults)
    source = str(arrived[0].rows.basic.get("data_source") or "") if arrived else ""
    batch = str(file.get("cd_batch") or "")
    done.abnormal = exchange.abnormal_rows(
        done.faults, batch=batch, source=source, came_at=came_at, at=clock.now()
    )
    return done


def _standard_of_rows(
    one: exchange.Arrived,
    dialect: exchange.NationalDialect,
    office: Agency | None,
    shelves: Mapping[str, _Shelf],
) -> ItemStandard | list[Fault]:
    faults = _code_faults(one, dialect)
    if office is None:
        hint = "请核对实施主体编码；部门要先在部门表里登记。"
        return [*faults, Fault("事项", 0, "实施主体编码", "没有这个部门。", hint, record=one.guid)]
    if faults:
        return faults
    shelf = shelves[office.code]
    key = shelf.key_of_code(dialect.basic_in(str(one.rows.basic.get("catalog_code") or "")))
    base = shelf.base_of(key) if key else None
    facts = catalogue.agency_facts(office)
    standard, found = exchange.build_standard(one, dialect, facts, elements.dictionary(), base)
    return standard if standard is not None else found


def _code_faults(one: exchange.Arrived, dialect: exchange.NationalDialect) -> list[Fault]:
    """实施编码, 实施主体编码, 行使层级 and 基本编码 must say the same (Q16)."""
    basic = one.rows.basic
    code = str(basic.get("task_code") or "")
    levels = str(basic.get("use_level") or "").split(",")
    try:
        read = item_codes.parse_implementation(
            code[:19] + dialect.basic_in(code[19:]) if len(code) == 31 else code, profile=CodeProfile.DEMO
        )
        item_codes.check_implementation(
            str(read),
            level=None if read.level in levels or "7" in levels else levels[0],
            agency_uscc=str(basic.get("dept_code") or ""),
            basic=dialect.basic_in(str(basic.get("catalog_code") or "")),
            profile=CodeProfile.DEMO,
        )
    except CodeError as error:
        return [Fault("事项", 0, "实施编码", error.message, error.hint, record=one.guid)]
    return []


def import_excel(actor: Actor, content: bytes, *, name: str, agency: str) -> Imported:
    """A filled-in workbook into drafts at one agency; with mistakes it comes back marked and nothing is kept."""
    office = agencies.get_agency(agency)
    if not actor.has_role(roles.EDITOR, agency):
        raise NotAllowed("您不是这个部门的事项编辑。", hint="请选择自己的部门，或请该部门的事项编辑导入。")
    book = exchange.read_book(content, name)
    shelf = _Shelf.of(agency)
    faults, ready = list(book.faults), []
    for key in book.items:
        standard, found = _standard_of_book(book, key, office, shelf.base_of(key))
        faults += exchange.with_item(found, key)
        if standard is not None and not found:
            ready.append(_Ready(standard, office))
    done = _save(actor, ready, {agency: shelf}, faults)
    if done.faults:
        rows = {key: laid.item.row for key, laid in book.items.items()}
        done.faults = [
            fault if fault.row else replace(fault, row=rows.get(fault.item, 0)) for fault in done.faults
        ]
        done.places = [exchange.place_of(book, fault) for fault in done.faults]
        done.returned = exchange.mark_faults(book, done.faults)
    return done


def _standard_of_book(
    book: exchange.Book, key: str, office: Agency, base: dict[str, Any] | None
) -> tuple[ItemStandard | None, list[Fault]]:
    dictionary = elements.dictionary()
    dialect = exchange.ExcelDialect(dictionary)
    laid = book.items[key]
    if base is not None and key not in book.has_rest:
        laid.rest = exchange.take(base, dialect).rest
    return exchange.finish(exchange.put(laid, dialect), catalogue.agency_facts(office), dictionary)


def _save(
    actor: Actor, ready: Sequence[_Ready], shelves: Mapping[str, _Shelf], faults: list[Fault]
) -> Imported:
    """Every standard as a draft, or none of them."""
    done = Imported(faults=faults)
    wanted: list[tuple[_Ready, ItemVersion | None]] = []
    for one in ready:
        shelf = shelves[one.agency.code]
        draft = shelf.drafts.get(one.standard.key)
        prepared, problem = _prepared(one), _obstacle(actor, one, draft)
        if problem is None and isinstance(prepared, Fault):
            problem = prepared
        if problem is not None:
            done.faults.append(problem)
        elif not isinstance(prepared, Fault):
            held = draft or shelf.current.get(one.standard.key)
            if held is not None and held.content_hash == prepared.content_hash:
                done.unchanged += 1
            else:
                wanted.append((one, draft))
    if done.faults:
        return Imported(faults=done.faults)
    with transaction.atomic():
        done.saved = [
            publish_item.draft_item(
                standard=one.standard,
                agency=one.agency.code,
                effective_on=one.standard.effective_on or clock.today(),
                actor=actor,
                draft_id=draft.pk if draft else None,
            )
            for one, draft in wanted
        ]
    return done


def _prepared(one: _Ready) -> catalogue.Prepared | Fault:
    try:
        return catalogue.prepare(
            one.standard, catalogue.agency_facts(one.agency), elements.dictionary(), is_sound=True
        )
    except ItemUnsound as error:
        return Fault("事项", 0, "事项标识", error.message, error.hint, item=one.standard.key)


def _obstacle(actor: Actor, one: _Ready, draft: ItemVersion | None) -> Fault | None:
    """Why this person cannot write this draft."""
    key = one.standard.key
    if not actor.has_role(roles.EDITOR, one.agency.code):
        why, hint = f"您不是{one.agency.name}的事项编辑。", "请由该部门的事项编辑导入。"
    elif draft is not None and draft.state == VersionState.CHECKING:
        why, hint = "这个事项的草稿正在复核。", "请先撤回复核，或等复核结束再导入。"
    elif draft is not None and draft.author_id not in (None, actor.user_id):
        why, hint = "同事正在编制这个事项的草稿。", "请先和编制人商量，由他导入或发布后再导入。"
    else:
        return None
    return Fault("事项", 0, "事项标识", why, hint, item=key)


def keep_returned(actor: Actor, content: bytes, name: str) -> StoredFile:
    """Keep the marked copy of somebody's workbook, for him to fetch."""
    stem = name.rsplit(".", 1)[0][:60] or "事项"
    return files.store_file(
        content=content, name=f"{stem}{RETURNED}", actor=actor, allowed=frozenset({"xlsx"})
    )


def find_returned(actor: Actor, number: str) -> StoredFile:
    """The marked copy of this person's own upload; raises FileNotFound for any other file."""
    found = files_read.get_file(number)
    if found.uploader_user_id != actor.user_id or not found.name.endswith(RETURNED):
        raise FileNotFound("找不到这个文件。", hint="请从办件页面重新打开。")
    return found
