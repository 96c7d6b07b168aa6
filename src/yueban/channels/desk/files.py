"""Files and documents of a case, served only to those who may see the case."""

from django.http import FileResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from yueban.cases import selectors as cases
from yueban.cases.models import MaterialFile
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.shared.serving import stored_file_response
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.files.errors import FileNotFound
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties


@staff_only
@xframe_options_sameorigin
@require_safe
def case_file(request: DeskRequest, number: str, file_number: str) -> FileResponse:
    """A file handed in for one of the case's materials, earlier ones included, or the signed mandate."""
    case = cases.get_case(request.actor, number)
    mandate = parties.find_mandate(case.mandate_number) if case.mandate_number else None
    if mandate is not None and mandate.signature is not None and mandate.signature.number == file_number:
        return stored_file_response(mandate.signature, is_download=request.GET.get("download") == "1")
    row = (
        MaterialFile.objects.filter(material__case=case, file__number=file_number)
        .select_related("file")
        .first()
    )
    if row is None:
        raise FileNotFound("找不到这个文件。", hint="请从办件页面重新打开。")
    return stored_file_response(row.file, is_download=request.GET.get("download") == "1")


@staff_only
@xframe_options_sameorigin
@require_safe
def document(request: DeskRequest, number: str, code: str) -> FileResponse:
    """A document issued in the case, as PDF."""
    case = cases.get_case(request.actor, number)
    found = documents.documents_of(Reference("case", case.number)).filter(verify_code=code).first()
    if found is None or found.file is None:
        raise DocumentNotFound(
            "这份文书还没有生成好，或不在这件办件里。", hint="文书在后台生成，请稍等片刻再打开。"
        )
    return stored_file_response(found.file, is_download=request.GET.get("download") == "1")
