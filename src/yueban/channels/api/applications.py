"""Applying on behalf of somebody: begin, fill in, hand in files, submit."""

from typing import Annotated, BinaryIO, cast

from django.http import HttpRequest
from ninja import File, Form, Header, Router, UploadedFile
from ninja.responses import Status

from yueban.accounts.choices import Scope
from yueban.cases.choices import ApplicationState
from yueban.cases.models import Application
from yueban.channels.api.case_view import case_out
from yueban.channels.api.keys import OF_COMMANDS, REFUSALS, Key, holder
from yueban.channels.api.links import links, to_application, to_case
from yueban.channels.api.schemas import (
    ApplicationIn,
    ApplicationOut,
    CaseOut,
    FileOut,
    FormIn,
    MaterialOut,
)
from yueban.files.models import StoredFile
from yueban.flows import partner

router = Router(tags=["申请"], auth=Key(Scope.CASES_APPLY))
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=64,
        pattern="^[A-Za-z0-9._-]{1,64}$",
        description="每个新请求一个，重发同一请求时不变；重发不会办两次",
    ),
]
MaterialKey = Annotated[str, Form(min_length=1, max_length=60, description="材料的 key")]
Upload = Annotated[UploadedFile, File(description="PDF、图片、Office 或 OFD 文件")]


@router.post(
    "/applications",
    response={201: ApplicationOut, **OF_COMMANDS},
    summary="开始一份申请",
    description=(
        "为一个人或一家企业开始申请。号码和姓名（名称）要对得上，没有登记过的会登记；每次核对都留有记录，本人能看到。"
        "收件单位是密钥所属单位。同一申请人、同一事项未提交的草稿只有一份，再次开始时接着用。"
    ),
    openapi_extra=links(201, **to_application("$response.body#/number")),
)
def start_application(
    request: HttpRequest, body: ApplicationIn, idempotency_key: IdempotencyKey
) -> Status[ApplicationOut]:
    """A draft with what is still missing."""
    who = holder(request)
    asked = partner.Request(
        applicant=partner.Applicant(**body.applicant.model_dump()),
        item_key=body.item,
        division=body.division,
        answers=body.answers,
        form=body.form,
    )
    return Status(201, _out(partner.start(who, asked, idempotency_key)))


@router.get(
    "/applications/{number}",
    response={200: ApplicationOut, **REFUSALS},
    summary="一份申请还差什么",
)
def get_application(request: HttpRequest, number: str) -> ApplicationOut:
    """As it stands."""
    who = holder(request)
    return _out(partner.get_application(who, number))


@router.put(
    "/applications/{number}/form",
    response={200: ApplicationOut, **OF_COMMANDS},
    summary="重新填写表单",
)
def replace_form(request: HttpRequest, number: str, body: FormIn) -> ApplicationOut:
    """The whole form anew; what is wrong is told, and kept all the same."""
    who = holder(request)
    return _out(partner.save(who, number, body.form, body.revision))


@router.post(
    "/applications/{number}/files",
    response={201: FileOut, **OF_COMMANDS},
    summary="上传一份材料",
    description="multipart/form-data，一次一个文件。",
)
def attach_file(request: HttpRequest, number: str, material: MaterialKey, file: Upload) -> Status[FileOut]:
    """One file for one material."""
    row = partner.attach(holder(request), number, material, cast("BinaryIO", file), file.name or "")
    return Status(201, file_out(row.file, material))


@router.post(
    "/applications/{number}/submit",
    response={201: CaseOut, **OF_COMMANDS},
    summary="提交申请，得到办件编号",
    openapi_extra=links(201, **to_case("$response.body#/number")),
)
def submit_application(request: HttpRequest, number: str, idempotency_key: IdempotencyKey) -> Status[CaseOut]:
    """The case; the window of the key's agency receives it next."""
    return Status(201, case_out(partner.submit(holder(request), number, idempotency_key)))


def file_out(stored: StoredFile, material: str) -> FileOut:
    """What was taken."""
    return FileOut(
        number=stored.number,
        material=material,
        name=stored.name,
        size=stored.size,
        media_type=stored.media_type,
        sha256=stored.sha256,
    )


def _out(application: Application) -> ApplicationOut:
    ready = partner.readiness(application)
    is_draft = application.state == ApplicationState.DRAFT
    return ApplicationOut(
        number=application.number,
        state=application.state,
        item=application.item_version.item.key,
        item_version=application.item_version.number,
        item_version_hash=application.item_version.content_hash,
        revision=application.revision,
        is_ready=is_draft and ready.is_ready,
        errors=dict(ready.errors),
        materials=[
            MaterialOut(
                key=one.key,
                name=one.name,
                way=one.way,
                is_required=one.is_required,
                is_missing=one.is_missing,
                is_to_sign=one.is_to_sign,
                files=len(one.files),
            )
            for one in ready.materials
        ],
        case=None if is_draft else application.cases.get().number,
    )
