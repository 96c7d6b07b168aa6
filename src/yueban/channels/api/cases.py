"""Cases of the key's agency: where they stand, their documents, and what may be done from outside."""

from typing import Annotated, BinaryIO, cast

from django.http import FileResponse, HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from yueban.accounts.choices import Scope
from yueban.cases import selectors as cases_read
from yueban.cases.choices import CaseState
from yueban.channels.api.applications import IdempotencyKey, MaterialKey, Upload, file_out
from yueban.channels.api.case_view import case_out, case_rows
from yueban.channels.api.cursors import Cursor, Limit, cursor_of, row_of
from yueban.channels.api.keys import OF_COMMANDS, REFUSALS, Key, holder
from yueban.channels.api.links import links, to_case
from yueban.channels.api.schemas import CaseOut, CasePage, DocumentOut, Documents, FileOut, RevisionIn
from yueban.channels.shared.serving import stored_file_response
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.documents.models import Document
from yueban.flows import partner
from yueban.flows.api_keys import KeyHolder
from yueban.kernel.reference import Reference

router = Router(tags=["办件"])
StateFilter = Annotated[CaseState | None, Query(description="只要这个状态的")]


@router.get(
    "/cases",
    response={200: CasePage, **REFUSALS},
    auth=Key(Scope.CASES_READ),
    summary="本单位的办件",
    description="密钥所属单位（含下级）收件或承办的办件，新提交的在前。不含申请人的任何信息。",
    openapi_extra=links(
        200,
        get_case=("get_case", {"number": "$response.body#/cases/0/number"}),
        list_documents=("list_documents", {"number": "$response.body#/cases/0/number"}),
    ),
)
def list_cases(
    request: HttpRequest, state: StateFilter = None, cursor: Cursor = "", limit: Limit = 50
) -> CasePage:
    """One page."""
    rows = cases_read.cases_visible_to(holder(request).actor)
    rows = cases_read.in_told_state(rows, state) if state else rows
    before = row_of(cursor)
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.select_related("agency", "item_version__item").order_by("-pk")[: limit + 1])
    more = cursor_of(found[limit - 1].pk) if len(found) > limit else None
    return CasePage(cases=case_rows(found[:limit]), next=more)


@router.get(
    "/cases/{number}",
    response={200: CaseOut, **REFUSALS},
    auth=Key(Scope.CASES_READ),
    summary="一件办件的状态",
    openapi_extra=links(200, **to_case("$response.body#/number")),
)
def get_case(request: HttpRequest, number: str) -> CaseOut:
    """Where it stands and what comes next."""
    return case_out(cases_read.get_case(holder(request).actor, number))


@router.post(
    "/cases/{number}/supplement/files",
    response={201: FileOut, **OF_COMMANDS},
    auth=Key(Scope.CASES_APPLY),
    summary="上传一份补正材料",
    description="multipart/form-data；只收补正告知里列出的材料，只限由本单位的系统提交的办件。",
)
def attach_supplement(
    request: HttpRequest, number: str, material: MaterialKey, file: Upload
) -> Status[FileOut]:
    """One file for one asked material."""
    content, name = cast("BinaryIO", file), file.name or ""
    row = partner.attach_supplement(holder(request), number, material, content, name)
    return Status(201, file_out(row.file, material))


@router.post(
    "/cases/{number}/supplement",
    response={200: CaseOut, **OF_COMMANDS},
    auth=Key(Scope.CASES_APPLY),
    summary="提交补正",
)
def send_supplement(
    request: HttpRequest, number: str, body: RevisionIn, idempotency_key: IdempotencyKey
) -> CaseOut:
    """Back to the window."""
    return case_out(partner.supply(holder(request), number, body.revision, idempotency_key))


@router.post(
    "/cases/{number}/withdraw",
    response={200: CaseOut, **OF_COMMANDS},
    auth=Key(Scope.CASES_APPLY),
    summary="撤回申请",
    description="决定作出前可以撤回，只限由本单位的系统提交的办件。",
)
def withdraw_case(
    request: HttpRequest, number: str, body: RevisionIn, idempotency_key: IdempotencyKey
) -> CaseOut:
    """The applicant takes it back."""
    return case_out(partner.withdraw(holder(request), number, body.revision, idempotency_key))


@router.get(
    "/cases/{number}/documents",
    response={200: Documents, **REFUSALS},
    auth=Key(Scope.DOCUMENTS_READ),
    summary="办件的文书",
    openapi_extra=links(
        200,
        get_document=(
            "get_document",
            {"number": "$request.path.number", "code": "$response.body#/documents/0/code"},
        ),
    ),
)
def list_documents(request: HttpRequest, number: str) -> Documents:
    """In the order they were issued."""
    return Documents(documents=[_document(row) for row in _documents(holder(request), number)])


@router.get(
    "/cases/{number}/documents/{code}",
    response={200: bytes, **REFUSALS},
    auth=Key(Scope.DOCUMENTS_READ),
    summary="下载一份文书（PDF）",
    openapi_extra={
        "responses": {
            200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def get_document(request: HttpRequest, number: str, code: str) -> FileResponse:
    """The PDF, once the worker has made it."""
    found = next((row for row in _documents(holder(request), number) if row.verify_code == code), None)
    if found is None:
        raise DocumentNotFound("没有找到这份文书。", hint="请从办件的文书列表取验证码。")
    if found.file is None:
        raise DocumentNotFound("这份文书还在生成。", hint="请一分钟后再试。")
    return stored_file_response(found.file, is_download=True)


def _documents(who: KeyHolder, number: str) -> list[Document]:
    case = cases_read.get_case(who.actor, number)
    return list(documents.told_documents_of(Reference("case", case.number)))


def _document(row: Document) -> DocumentOut:
    return DocumentOut(
        code=row.verify_code,
        kind=row.kind,
        title=row.title,
        number=row.number,
        issued_on=row.issued_on,
        is_ready=row.is_ready,
        sha256=row.sha256,
    )
