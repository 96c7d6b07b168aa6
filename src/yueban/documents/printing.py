"""打印队列: documents put aside, one PDF of all of them for the printer, and which have been printed."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.db import transaction
from django.db.models import QuerySet

from yueban.documents.choices import DocumentState
from yueban.documents.errors import DocumentNotFound, RenderingFailed
from yueban.documents.models import Document, PrintRequest
from yueban.files import selectors as files
from yueban.kernel import clock
from yueban.kernel.actor import Actor

MOST = 100
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")
_ALL_PAGES = """#set page(width: 210mm, height: 297mm, margin: 0pt)
#for file in json(bytes(sys.inputs.data)) {
  for page in range(1, file.pages + 1) { image(file.path, page: page, width: 100%, height: 100%) }
}
"""


def put_aside(*, document: Document, actor: Actor) -> PrintRequest:
    """Wait for the printer; a second press changes nothing."""
    assert actor.user_id is not None  # staff
    request, _ = PrintRequest.objects.get_or_create(
        document=document,
        asked_by_id=actor.user_id,
        printed_at=None,
        defaults={"asked_at": clock.now()},
    )
    return request


def print_requests_of(user_id: int | None) -> QuerySet[PrintRequest]:
    """What this person put aside: what waits first, then what was printed lately."""
    return (
        PrintRequest.objects.filter(asked_by_id=user_id)
        .select_related("document__file")
        .order_by("-printed_at", "asked_at", "pk")
    )


def waiting_prints(user_id: int | None) -> QuerySet[PrintRequest]:
    """What waits, oldest first."""
    return print_requests_of(user_id).filter(printed_at=None).order_by("asked_at", "pk")


@transaction.atomic
def print_together(*, numbers: Iterable[int], actor: Actor) -> bytes:
    """One PDF of the chosen ones in their order; they count as printed from now on."""
    rows = list(
        PrintRequest.objects.select_for_update(of=("self",))
        .filter(pk__in=list(numbers)[:MOST], asked_by_id=actor.user_id, document__state=DocumentState.READY)
        .select_related("document__file")
        .order_by("asked_at", "pk")
    )
    if not rows:
        raise DocumentNotFound("没有选中已生成好的文书。", hint="请勾选要打印的；还在生成的，请稍等片刻。")
    pdf = merged([_bytes_of(row.document) for row in rows])
    PrintRequest.objects.filter(pk__in=[row.pk for row in rows], printed_at=None).update(
        printed_at=clock.now()
    )
    return pdf


def drop_prints(*, numbers: Iterable[int], actor: Actor) -> int:
    """Take what waits off the queue."""
    gone, _ = PrintRequest.objects.filter(
        pk__in=list(numbers), asked_by_id=actor.user_id, printed_at=None
    ).delete()
    return gone


def _bytes_of(document: Document) -> bytes:
    assert document.file is not None  # it is ready
    with files.open_file(document.file) as content:
        return content.read()


def merged(pdfs: Sequence[bytes]) -> bytes:
    """The pages of all of them in one file."""
    with TemporaryDirectory() as folder:
        told = []
        for position, pdf in enumerate(pdfs):
            (Path(folder) / f"{position}.pdf").write_bytes(pdf)
            told.append({"path": f"/{position}.pdf", "pages": pages_in(pdf)})
        (Path(folder) / "all.typ").write_text(_ALL_PAGES)
        try:
            found = typst.compile(
                Path(folder) / "all.typ",
                root=Path(folder),
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"data": json.dumps(told)},
            )
        except typst.TypstError as error:
            raise RenderingFailed(
                "这些文书合不成一个文件。", hint="请分开打印，并告诉系统管理员。"
            ) from error
    assert isinstance(found, bytes)  # one file without an output path
    return found


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF made here has."""
    counts = [int(one or other) for one, other in _PAGES.findall(pdf)]
    return max(counts, default=1)
