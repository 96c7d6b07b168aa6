"""自助: what a person takes home from a kiosk: the slip of his case, his documents, his certificates."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.choices import ENDED, CaseState
from yueban.cases.models import Case
from yueban.certificates import selectors as certificates_read
from yueban.certificates import services as certificates
from yueban.certificates.errors import CertificateUseInvalid
from yueban.certificates.models import Certificate
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.documents.models import Document
from yueban.documents.services import Code, SlipKind, print_slip
from yueban.documents.services import Slip as Slip
from yueban.files import selectors as files
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.outlets.models import Kiosk

HOTLINE = "12345"
PURPOSE = "本人在自助终端打印"
LISTED_CASES = 60  # the newest; older papers are at hand on the phone and at the window


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that can be printed: a certificate, or a document of a case; `why_not` says why not now."""

    kind: str
    number: str
    title: str
    about: str
    day: str
    why_not: str = ""


def progress_address(number: str) -> str:
    """Where the code on a slip leads."""
    return f"{settings.YUEBAN_PUBLIC_URL.rstrip('/')}/r/case/{number}"


def slip_of(case: Case, kiosk: Kiosk) -> Slip:
    """What stands on the slip of a case, as it stands now."""
    handed_in = timezone.localtime(case.applied_at)
    title = "办理结果" if case.state in ENDED else "办件凭条"
    if case.state == CaseState.APPLIED:
        title = "提交凭条"
    return Slip(
        title=title,
        agency=case.intake_agency.name,
        facts=(
            ("办什么", case.item_name),
            ("给谁办", case.applicant_name),
            ("哪天交的", f"{clock.written(handed_in.date())} {handed_in:%H:%M}"),
            ("编号", case.number),
            ("在哪里打印", kiosk.name),
        ),
        next=cases_read.next_step(case).sentence,
        phone=case.intake_agency.phone or HOTLINE,
        codes=(Code(progress_address(case.number), "扫码看进度，不用登录"),),
    )


def slip(actor: Actor, number: str, kiosk: Kiosk) -> Slip:
    """The slip of a case of the person's own."""
    return slip_of(cases_read.get_case(actor, number), kiosk)


def bundle_address(number: str) -> str:
    """Where the code on the slip of a 一件事 leads."""
    return f"{settings.YUEBAN_PUBLIC_URL.rstrip('/')}/r/bundle/{number}"


def bundle_slip(actor: Actor, number: str, kiosk: Kiosk) -> Slip:
    """The one slip of a 一件事 of the person's own: its number, and every child with where it stands."""
    found = cases_read.get_bundle_case(actor, number)
    views = cases_read.own_child_views(actor, [found])[found.pk]
    handed_in = timezone.localtime(found.submitted_at)
    return Slip(
        title="一件事凭条" if found.ended_at is None else "一件事办理结果",
        agency=found.intake_agency.name,
        facts=(
            ("办什么", found.bundle_version.name),
            ("给谁办", found.applicant_name),
            ("哪天交的", f"{clock.written(handed_in.date())} {handed_in:%H:%M}"),
            ("编号", found.number),
            *(
                (view.name, f"{view.word}，编号{view.case.number}" if view.case else view.word)
                for view in views
            ),
            ("在哪里打印", kiosk.name),
        ),
        next=cases_read.bundle_sentence(found, views),
        phone=found.intake_agency.phone or HOTLINE,
        codes=(Code(bundle_address(found.number), "扫码登录，看每一项的进度"),),
    )


def slip_paper(told: Slip) -> bytes:
    """A slip as the 80 mm printer takes it."""
    return print_slip(SlipKind.NARROW, told)


def papers_of(actor: Actor) -> list[Paper]:
    """What the person may print here: valid certificates first, then what his cases have brought, newest first."""
    today = clock.today()
    rows = [
        _certificate_paper(one, is_valid=one.is_valid_on(today))
        for one in certificates_read.certificates_of(actor.party_ids)
    ]
    newest = list(cases_read.own_cases(actor).order_by("-applied_at")[:LISTED_CASES])
    named = {case.number: case.item_name for case in newest}
    parents = dict(
        cases_read.own_bundles(actor).order_by("-submitted_at").values_list("number", "name")[:LISTED_CASES]
    )
    found = [
        *documents.told_documents_of_many("bundle", parents),
        *documents.told_documents_of_many("case", named),
    ]
    named |= parents
    issued = {row.verify_code for row in found if row.kind == "certificate"}
    rows += [
        _document_paper(row, named[row.subject_number]) for row in found if row.verify_code not in issued
    ]
    return rows


def _certificate_paper(one: Certificate, *, is_valid: bool) -> Paper:
    why = "" if is_valid else "证照现在不在有效状态"
    if is_valid and not one.document.is_ready:
        why = "正在生成，请稍后再来"
    day = clock.written(one.valid_from)
    return Paper("certificate", one.number, one.type.name, one.holder.name, day, why)


def _document_paper(row: Document, item: str) -> Paper:
    why = "" if row.is_ready else "正在生成，请稍后再来"
    return Paper("document", row.verify_code, row.title, item, clock.written(row.issued_on), why)


@transaction.atomic
def paper_to_print(actor: Actor, kind: str, number: str, *, kiosk: Kiosk, key: str) -> bytes | None:
    """The PDF of a paper of the person's own, its use recorded; None where this very press was served before.

    A certificate is verified first: what is not valid today is not printed. Raises CertificateNotFound,
    CertificateUseInvalid, DocumentNotFound, CaseNotFound.
    """
    if cases.is_done(key=key, name="print", actor=actor, number=number):
        return None
    document = (
        _certificate(actor, number, kiosk) if kind == "certificate" else _document(actor, number, kiosk)
    )
    if document.file is None:
        raise DocumentNotFound("这份文书还没有生成好。", hint="请过几分钟再来打印。")
    cases.remember_done(key=key, name="print", actor=actor, number=number)
    with files.open_file(document.file) as content:
        return content.read()


def _certificate(actor: Actor, number: str, kiosk: Kiosk) -> Document:
    found = certificates_read.get_certificate(number, actor=actor)
    verdict = certificates_read.verify(found.document.verify_code)
    if not verdict.is_valid:
        raise CertificateUseInvalid(verdict.message, hint="需要帮助的，请到窗口询问。")
    certificates.record_use(
        certificate=found, purpose=f"{PURPOSE}（{kiosk.name}）", reference=found.reference, actor=actor
    )
    return found.document


def _document(actor: Actor, code: str, kiosk: Kiosk) -> Document:
    found = documents.find_by_verify_code(code)
    if found is None or found.subject_kind not in ("case", "bundle"):
        raise DocumentNotFound("没有这份文书。", hint="请从列表里重新选。")
    if found.subject_kind == "bundle":
        number = cases.lock_bundle_case(number=found.subject_number, actor=actor).number
    else:
        number = cases.lock_case(number=found.subject_number, actor=actor).number
    data = {"document": found.number, "kiosk": kiosk.code}
    audit.record(Reference(found.subject_kind, number), "document_printed", actor=actor, data=data)
    return found
