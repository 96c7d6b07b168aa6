"""A policy document as a file becomes text: docx, pdf, html and txt, a numbered part a line, tables row by row.

What no reader of the original would see (hidden words) is left out and said, so that nobody is led by it.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from yueban.policies.errors import FileNotReadable
from yueban.policies.numbering import Numbering
from yueban.policies.reading.document import joined
from yueban.policies.reading.tables import CELL
from yueban.prechecks.pages import read_pages

MOST_BYTES = 20 * 2**20
ENCODINGS = ("utf-8-sig", "gb18030")
PAGE_NUMBER = re.compile(r"^\s*[-—–]?\s*\d{1,3}\s*[-—–]?\s*$")
BLOCKS = frozenset(
    {
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "br",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
    }
    | {f"h{level}" for level in range(1, 7)}
)
UNSEEN = frozenset(["script", "style", "noscript", "template", "head"])
HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:[;\s]|$)", re.IGNORECASE
)
VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "col", "area", "base", "embed", "source", "track", "wbr"]
)


@dataclass
class Imported:
    """The text of a document. ``is_machine_read``: letters were recognised (机器识别); ``warnings`` in Chinese."""

    text: str
    title: str = ""
    is_machine_read: bool = False
    tables: int = 0
    warnings: list[str] = field(default_factory=list)


def import_file(name: str, content: bytes) -> Imported:
    """The text of a file of one of the kinds that are read; raises FileNotReadable."""
    if len(content) > MOST_BYTES:
        raise FileNotReadable("文件超过20MB。", hint="请拆开，或另存为更小的文件。")
    suffix = Path(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None and b"\0" not in content:
        reader = _txt
    if reader is None:
        raise FileNotReadable(
            f"不认识“{suffix or name}”这种文件。",
            hint=f"可用：{'、'.join(one.lstrip('.') for one in READERS)}。",
        )
    found = reader(content)
    found.text = found.text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if not found.text.strip():
        raise FileNotReadable(
            "这个文件里没有读到文字。", hint="请核对是不是空文件，或换成可以选中文字的版本。"
        )
    found.title = next((line.strip() for line in found.text.splitlines() if line.strip()), "")[:300]
    return found


def _txt(content: bytes) -> Imported:
    for encoding in ENCODINGS:
        try:
            return Imported(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise FileNotReadable("文字的编码读不懂。", hint="请另存为 UTF-8 后再导入。")


def _docx(content: bytes) -> Imported:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(BytesIO(content))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise FileNotReadable(
            "这不是能读的 docx 文件。", hint="请用 Word 或 WPS 打开后另存为 docx。"
        ) from error
    found = Imported("")
    numbering = Numbering(document)
    lines: list[str] = []
    hidden = 0
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found.tables += 1
            lines += _rows([[_cell(cell) for cell in row.cells] for row in block.rows])
            continue
        hidden += sum(1 for run in block.runs if run.font.hidden and run.text.strip())
        said = "".join(run.text for run in block.runs if not run.font.hidden) if block.runs else block.text
        lines.append(numbering.mark_of(block) + said)
    found.text = "\n".join(lines)
    if hidden:
        found.warnings.append(f"原文里有{hidden}处隐藏的文字，没有收入。")
    return found


def _cell(cell: Any) -> str:
    return " ".join(cell.text.split())


def _rows(rows: list[list[str]]) -> Iterator[str]:
    """Each row of a table as one line; a cell that spans several is said once."""
    for row in rows:
        told = [cell for place, cell in enumerate(row) if place == 0 or cell != row[place - 1]]
        if any(told):
            yield CELL.join(told)


def _pdf(content: bytes) -> Imported:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        pages = read_pages(Path(file.name))
    if pages is None:
        raise FileNotReadable("这个 pdf 读不出来。", hint="请核对文件是否完整、有没有加密。")
    lines = [line for page in pages for line in page.lines if not PAGE_NUMBER.match(line)]
    found = Imported(joined(lines), is_machine_read=any(page.is_recognised for page in pages))
    if found.is_machine_read:
        found.warnings.append("这是扫描件，文字由机器识别，请对照原件核对，数字尤其要看。")
    if any(page.is_recognised is None for page in pages):
        found.warnings.append("有的页是图片，本机没有装识别引擎，这些页没有读到。")
    return found


class _Lines(HTMLParser):
    """Blocks as lines, table rows as one line each, nothing that a reader would not see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.open: list[tuple[str, bool]] = []
        self.tables = 0
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = dict(attrs)
        hides = "hidden" in stated or bool(HIDES.search(stated.get("style") or ""))
        if tag not in VOID:
            self.open.append((tag, hides or tag in UNSEEN))
        self.tables += tag == "table"
        if tag in {"td", "th"}:
            if self.lines[-1].strip():
                self.lines[-1] += CELL
        elif tag in BLOCKS and not self._in_cell():
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, _ = self.open.pop()
            if name == tag:
                break
        if tag in BLOCKS and not self._in_cell():
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if any(hides for _, hides in self.open):
            self.hidden += bool(data.strip()) and not any(tag in UNSEEN for tag, _ in self.open)
            return
        self.lines[-1] += re.sub(r"\s+", " ", data)

    def _in_cell(self) -> bool:
        return any(tag in {"td", "th"} for tag, _ in self.open)


def _html(content: bytes) -> Imported:
    parser = _Lines()
    parser.feed(_txt(content).text)
    parser.close()
    lines = [line.strip() for line in parser.lines]
    found = Imported("\n".join(line for line in lines if line), tables=parser.tables)
    if parser.hidden:
        found.warnings.append(f"原文里有{parser.hidden}处隐藏的文字，没有收入。")
    return found


READERS: dict[str, Callable[[bytes], Imported]] = {
    ".docx": _docx,
    ".pdf": _pdf,
    ".html": _html,
    ".htm": _html,
    ".txt": _txt,
    ".md": _txt,
}
