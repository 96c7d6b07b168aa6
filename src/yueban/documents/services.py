"""Writes of documents: issuing one, rendering its PDF, previewing what would be issued."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.documents import rendering, wordings
from yueban.documents.choices import DocumentKind, DocumentState
from yueban.documents.choices import SlipKind as SlipKind
from yueban.documents.errors import DocumentInvalid, DocumentNotFound, RenderingFailed
from yueban.documents.holding import hold_result as hold_result
from yueban.documents.holding import release_results as release_results
from yueban.documents.models import Document
from yueban.documents.numbering import take_number
from yueban.documents.parts import checked_content
from yueban.documents.printing import drop_prints as drop_prints
from yueban.documents.printing import print_together as print_together
from yueban.documents.printing import put_aside as put_aside
from yueban.documents.slips import PAD as PAD
from yueban.documents.slips import Code as Code
from yueban.documents.slips import Slip as Slip
from yueban.documents.slips import print_slip as print_slip
from yueban.documents.wordings import publish_wording as publish_wording
from yueban.documents.wordings import retire_wording as retire_wording
from yueban.documents.wordings import save_wording as save_wording
from yueban.files import services as files
from yueban.jobs import services as jobs
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.reference import Reference

RENDER_JOB = "documents.render"
PDF_ONLY = frozenset({"pdf"})


@transaction.atomic
def create_document(
    *,
    kind: str,
    subject: Reference,
    agency_code: str,
    title: str,
    content: Mapping[str, Any],
    actor: Actor,
    division: str,
    agency_short: str = "",
    word: str = "",
) -> Document:
    """Issue a document: number and verification code now, the PDF by a job after the transaction.

    Inside the caller's transaction; ``division`` is the 12-digit code, ``word`` the one that stands in the
    number where it is not the kind's own. Raises DocumentInvalid, AgencyNotFound.
    """
    agency = agencies.get_agency(agency_code)
    words = wordings.in_use(agency, kind)
    checked = _checked(kind, title, wordings.worded(content, words, agency=agency, number=subject.number))
    now = clock.now()
    document = Document.objects.create(
        number=take_number(
            prefix=agency.document_prefix, agency_code=agency_code, kind=kind, year=now.year, word=word
        ),
        kind=kind,
        agency_code=agency_code,
        agency_name=agency.name,
        agency_short=agency_short or agency.short_name,
        division_code=division,
        subject_kind=subject.kind,
        subject_number=subject.number,
        title=title,
        content=checked,
        issued_on=now.date(),
        issued_at=now,
        issuer_user_id=actor.user_id,
        issuer_name=actor.name,
        verify_code=secrets.token_hex(16),
    )
    jobs.enqueue(RENDER_JOB, document_id=document.pk)
    return document


@transaction.atomic
def render_document(document_id: int) -> Document:
    """Make and keep the PDF; a document that has one stays as it is, so that a job may run twice.

    What the templates cannot print is marked as failed for ``doctor`` to name; a full disk or a lost
    database raises, and the job is tried again.
    """
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise DocumentNotFound(f"没有内部编号为 {document_id} 的文书。", hint="请检查后台任务的参数。")
    if document.is_ready:
        return document
    try:
        pdf = rendering.render_pdf(rendering.sheet_of(document))
    except RenderingFailed as error:
        document.state, document.failure = DocumentState.FAILED, str(error)[:500]
        document.save(update_fields=["state", "failure"])
        return document
    stored = files.store_file(
        content=pdf, name=f"{document.title}{document.number}.pdf", actor=SYSTEM, allowed=PDF_ONLY
    )
    document.file, document.sha256 = stored, stored.sha256
    document.state, document.failure, document.rendered_at = DocumentState.READY, "", clock.now()
    document.save(update_fields=["file", "sha256", "state", "failure", "rendered_at"])
    return document


def preview(
    *,
    kind: str,
    agency_code: str,
    title: str,
    content: Mapping[str, Any],
    agency_short: str = "",
    number: str = "",
    wording: tuple[str, str] | None = None,
) -> bytes:
    """The PDF that would be issued, across it the word 预览, without number, code or seal; stores nothing.

    ``wording`` is an opening and a closing to be tried; without it those in use stand on the paper.
    """
    agency = agencies.get_agency(agency_code)
    words = wordings.in_use(agency, kind) if wording is None else wording
    checked = _checked(kind, title, wordings.worded(content, words, agency=agency, number=number))
    sheet = rendering.Sheet(
        kind=kind,
        title=title,
        agency_name=agency.name,
        agency_short=agency_short or agency.short_name,
        issued_on=clock.today(),
        content=checked,
    )
    return rendering.render_pdf(sheet)


def _checked(kind: str, title: str, content: Mapping[str, Any]) -> dict[str, Any]:
    if kind not in DocumentKind.values:
        raise DocumentInvalid(f"没有“{kind}”这种文书。", hint="请使用已定义的文书种类。")
    if not title.strip():
        raise DocumentInvalid("文书没有标题。", hint="请填写标题。")
    return checked_content(kind, content)
