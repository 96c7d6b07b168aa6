"""Reads of documents; who may open one is decided by its subject, in the flow that shows it."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from yueban.accounts import walls
from yueban.documents import fonts
from yueban.documents.choices import DocumentState
from yueban.documents.errors import DocumentNotFound
from yueban.documents.holding import held_numbers as held_numbers
from yueban.documents.holding import held_until as held_until
from yueban.documents.holding import is_held as is_held
from yueban.documents.holding import told
from yueban.documents.models import Document
from yueban.documents.printing import print_requests_of as print_requests_of
from yueban.documents.printing import waiting_prints as waiting_prints
from yueban.documents.wordings import PLACEHOLDERS as PLACEHOLDERS
from yueban.documents.wordings import WORDED as WORDED
from yueban.documents.wordings import wordings_of as wordings_of
from yueban.kernel.reference import Reference


def find_by_verify_code(code: str) -> Document | None:
    """The issued document of a verification code, typed with or without spaces, dashes and capitals.

    A result that is held (同步发证) is not issued yet: its papers are found by no code.
    """
    plain = re.sub(r"[\s-]", "", code).lower()
    if not re.fullmatch(r"[0-9a-f]{32}", plain):
        return None
    with walls.platform():  # whoever has the code has seen the paper
        return told(Document.objects.filter(verify_code=plain)).select_related("file").first()


def get_document(number: str) -> Document:
    """The document of this number; raises DocumentNotFound."""
    document = Document.objects.select_related("file").filter(number=number).first()
    if document is None:
        raise DocumentNotFound("没有这个编号的文书。", hint="请核对文书编号。")
    return document


def documents_of(reference: Reference) -> QuerySet[Document]:
    """The documents about one thing, in the order they were issued."""
    about: dict[str, Any] = {"subject_kind": reference.kind, "subject_number": reference.number}
    return Document.objects.select_related("file").filter(**about).order_by("issued_at", "pk")


def told_documents_of(reference: Reference) -> QuerySet[Document]:
    """The same for those outside the office: without the papers of a result that is held."""
    return told(documents_of(reference))


def told_documents_of_many(kind: str, numbers: Iterable[str]) -> list[Document]:
    """The documents that are told about many things of one kind, newest first; one query."""
    rows = Document.objects.select_related("file").filter(subject_kind=kind, subject_number__in=list(numbers))
    return list(told(rows).order_by("-issued_at", "-pk"))


def unfinished() -> QuerySet[Document]:
    """Documents without a PDF yet: waiting in the queue, or failed."""
    return Document.objects.exclude(state=DocumentState.READY).order_by("pk")


def missing_characters(text: str) -> tuple[fonts.MissingCharacter, ...]:
    """The characters of a text that no font has, and that would be printed as their code points."""
    return fonts.coverage(text)
