"""问答表格: Q&A out as Excel and in as drafts; all of a file or nothing of it, every mistake named by its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from openpyxl.utils import get_column_letter

from yueban.assistant import selectors as read
from yueban.assistant import services as assistant
from yueban.assistant.models import QuestionAnswer
from yueban.assistant.services import Wording
from yueban.catalogue.exchange import open_book
from yueban.flows import exports
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, ServiceError

COLUMNS: Final = {
    "编号": "key",
    "问题": "question",
    "其他问法": "variants",
    "答案": "answer",
    "依据": "sources",
    "对象": "audience",
    "区划": "division",
    "负责部门": "owner",
    "复核日期": "review_on",
}
NEEDED: Final = frozenset({"编号", "问题", "答案", "依据", "负责部门"})
MOST_ROWS: Final = 5000


@dataclass(frozen=True, slots=True)
class CellFault:
    """One mistake, at its cell."""

    cell: str
    column: str
    message: str


@dataclass
class Imported:
    """What an import did, or every mistake."""

    saved: list[QuestionAnswer] = field(default_factory=list)
    unchanged: int = 0
    faults: list[CellFault] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """Whether everything was taken."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the sheet."""

    number: int
    cells: Mapping[str, str]
    places: Mapping[str, str]
    review_on: date | None

    @property
    def key(self) -> str:
        return self.cells["key"]

    @property
    def wording(self) -> Wording:
        cells = self.cells
        return Wording(
            question=cells["question"],
            answer=cells["answer"],
            owner=cells["owner"],
            variants=_parts(cells["variants"], "｜\n"),
            sources=_parts(cells["sources"], ";；\n"),
            audience=cells["audience"],
            division=cells["division"],
            review_on=self.review_on,
        )

    def fault(self, name: str, message: str) -> CellFault:
        label = next(label for label, one in COLUMNS.items() if one == name)
        return CellFault(self.places.get(name, f"第{self.number}行"), label, message)


def rows_out(answers: Sequence[QuestionAnswer]) -> Iterator[tuple[str | date | None, ...]]:
    """As they are written and read again."""
    for one in answers:
        yield (
            one.key,
            one.question,
            "｜".join(one.variants),
            one.answer,
            ";".join(one.sources),
            one.audience,
            one.division_code,
            one.owner,
            one.review_on,
        )


@transaction.atomic
def take(actor: Actor, answers: Sequence[QuestionAnswer], *, filters: str) -> list[tuple[Any, ...]]:
    """The rows for one of the staff; that he took them is kept."""
    exports.record(actor, what="问答", rows=len(answers), filters=filters)
    return list(rows_out(answers))


def import_answers(actor: Actor, content: bytes, *, name: str) -> Imported:
    """A filled-in workbook into drafts; raises Invalid for what is no workbook of Q&A."""
    lines, faults = _read(content, name)
    stored = {one.key: one for one in QuestionAnswer.objects.filter(key__in=[line.key for line in lines])}
    reached = read.reaches(actor)
    for line in lines:
        faults += _faults(reached, line, stored.get(line.key))
    faults += _repeated(lines)
    if faults:
        return Imported(faults=sorted(faults, key=lambda fault: _order(fault.cell)))
    return _save(actor, lines, stored)


@transaction.atomic
def _save(actor: Actor, lines: Sequence[_Line], stored: Mapping[str, QuestionAnswer]) -> Imported:
    done = Imported()
    for line in lines:
        found = stored.get(line.key)
        try:
            if found is None:
                wording = line.wording
                done.saved.append(
                    assistant.write_answer(key=line.key, wording=wording, actor=actor, origin="Excel")
                )
            elif _is_same(found, line):
                done.unchanged += 1
            else:
                done.saved.append(
                    assistant.edit_answer(
                        key=line.key, wording=line.wording, revision=found.revision, actor=actor
                    )
                )
        except ServiceError as error:
            transaction.set_rollback(True)
            return Imported(faults=[line.fault("key", str(error))])
    return done


def _is_same(found: QuestionAnswer, line: _Line) -> bool:
    wording = line.wording
    mine = (found.question, found.answer, found.owner, tuple(found.variants), tuple(found.sources))
    theirs = (wording.question, wording.answer, wording.owner, wording.variants, wording.sources)
    return (*mine, found.audience, found.division_code, found.review_on) == (
        *theirs,
        wording.audience,
        wording.division,
        wording.review_on,
    )


def _faults(reached: Sequence[read.Reach], line: _Line, found: QuestionAnswer | None) -> Iterator[CellFault]:
    wording = line.wording
    if not read.KEY.fullmatch(line.key):
        yield line.fault("key", "编号由小写英文字母、数字和短横组成，不超过64位。")
    for name, message in read.faults_of(wording).items():
        yield line.fault(name, message)
    if not wording.sources:
        yield line.fault("sources", "请至少写一条依据，例如 item:road-freight-permit#fee。")
    if wording.owner and not _covers(reached, wording.owner, wording.division):
        yield line.fault("owner", "您不能为这个部门或区划写问答，请由该部门的编辑导入。")
    if found is not None and not _covers(reached, found.owner, found.division_code):
        yield line.fault("key", "这个编号是别的部门的问答，请换一个编号。")
    elif found is not None and found.state == "waiting" and not _is_same(found, line):
        yield line.fault("key", "这条问答正在等复核，请先退回再导入。")


def _covers(reached: Sequence[read.Reach], owner: str, division: str) -> bool:
    return any(reach.covers(owner, division) for reach in reached)


def _repeated(lines: Sequence[_Line]) -> Iterator[CellFault]:
    seen: dict[str, int] = {}
    for line in lines:
        first = seen.setdefault(line.key, line.number)
        if first != line.number:
            yield line.fault("key", f"编号“{line.key}”与第{first}行重复，请只留一行。")


def _read(content: bytes, name: str) -> tuple[list[_Line], list[CellFault]]:
    book = open_book(content, name)
    sheet = book.worksheets[0]
    rows = sheet.iter_rows()
    heads = [str(cell.value or "").strip() for cell in next(rows, ())]
    if missing := [label for label in COLUMNS if label in NEEDED and label not in heads]:
        raise Invalid(f"表头缺少“{'、'.join(missing)}”。", hint="请用“导出 Excel”得到的表格填写。")
    if sheet.max_row > MOST_ROWS + 1:
        raise Invalid(f"一份表格最多{MOST_ROWS}条问答。", hint="请分成几份导入。")
    lines: list[_Line] = []
    faults: list[CellFault] = []
    for number, row in enumerate(rows, 2):
        line, wrong = _line(number, heads, row)
        faults += wrong
        if line is not None:
            lines.append(line)
    if not lines and not faults:
        raise Invalid("表格里没有问答。", hint="请从第二行起填写，每行一条。")
    return lines, faults


def _line(number: int, heads: Sequence[str], row: Sequence[Any]) -> tuple[_Line | None, list[CellFault]]:
    """One line; a cell with a formula is a mistake whatever it comes to."""
    cells, places, faults = dict.fromkeys(COLUMNS.values(), ""), {}, []
    day: date | None = None
    for at, cell in enumerate(row):
        label = heads[at] if at < len(heads) else ""
        column = COLUMNS.get(label)
        place = f"{get_column_letter(at + 1)}{number}"
        if cell.data_type == "f":
            hint = "单元格里是公式，没有导入。请改成文字（复制后“选择性粘贴—值”）。"
            faults.append(CellFault(place, label or place, hint))
        elif column == "review_on":
            places[column] = place
            day, wrong = _day(cell.value)
            faults += [CellFault(place, label, wrong)] if wrong else []
        elif column is not None:
            cells[column], places[column] = _text(cell.value), place
    if not any(cells.values()) or faults:
        return None, faults
    return _Line(number, cells, places, day), []


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _day(value: object) -> tuple[date | None, str]:
    if value is None or value == "":
        return None, ""
    if isinstance(value, datetime):
        return value.date(), ""
    try:
        return date.fromisoformat(str(value).strip()), ""
    except ValueError:
        return None, f"“{value}”不是日期，写作 2027-03-01。"


def _parts(text: str, marks: str) -> tuple[str, ...]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return tuple(dict.fromkeys(one.strip() for one in text.split(marks[0]) if one.strip()))


def _order(cell: str) -> tuple[int, str]:
    digits = "".join(sign for sign in cell if sign.isdecimal())
    return (int(digits or 0), cell)
