"""GET /verify/{code}: whether a document or certificate is genuine."""

from django.http import HttpRequest
from ninja import Router

from yueban.certificates import selectors as certificates
from yueban.channels.api.schemas import Problem, VerifiedCertificate, VerifiedDocument
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound

router = Router(tags=["验证"])


@router.get(
    "/verify/{code}",
    response={200: VerifiedCertificate | VerifiedDocument, 404: Problem},
    summary="查验文书或证照",
    description="凭文书上的验证码。查不到时只有一种回答。",
)
def verify(request: HttpRequest, code: str) -> VerifiedDocument:  # noqa: ARG001 - ninja passes it
    """What anybody who holds the paper may learn of it."""
    document = documents.find_by_verify_code(code)
    if document is None:
        raise DocumentNotFound("没有查到这份文书。", hint="请核对验证码（32位），或当面向出具单位查询。")
    facts = VerifiedDocument(
        is_genuine=True,
        kind=document.kind,
        title=document.title,
        number=document.number,
        issued_on=document.issued_on,
        agency_name=document.agency_name,
        sha256=document.sha256,
    )
    verification = certificates.verify(document.verify_code)
    if not verification.is_found:
        return facts
    return VerifiedCertificate(
        **facts.model_dump(),
        is_valid=verification.is_valid,
        status_name=verification.status_name,
        certificate_number=verification.number,
        identifier=verification.identifier,
        valid_from=verification.valid_from,
        valid_until=verification.valid_until,
    )
