"""Reads of certificates and satisfactions, and who may see which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yueban.accounts import walls
from yueban.agencies import selectors as agencies
from yueban.certificates.choices import CertificateStatus, ExchangeResult
from yueban.certificates.connectors.registry import can_ask as can_ask
from yueban.certificates.connectors.registry import ladder as city_ladder
from yueban.certificates.errors import CertificateNotFound
from yueban.certificates.ladder import Climbed as Climbed
from yueban.certificates.ladder import Evidence as Evidence
from yueban.certificates.ladder import Tried as Tried
from yueban.certificates.ladder import climb as climb
from yueban.certificates.ladder import evidence_for as evidence_for
from yueban.certificates.ladder import to_ask as sources_to_ask
from yueban.certificates.models import (
    Certificate,
    CertificateType,
    CertificateUse,
    DataObjection,
    Exchange,
    Satisfaction,
)
from yueban.certificates.objections import disputed as disputed
from yueban.certificates.objections import disputed_of as disputed_of
from yueban.certificates.objections import find_open as find_objection
from yueban.certificates.objections import find_open_to as find_objection_to
from yueban.certificates.objections import objections_of as objections_of
from yueban.certificates.objections import upheld_of as upheld_of
from yueban.certificates.promises import find_bar as find_bar
from yueban.certificates.promises import get_promise as get_promise
from yueban.certificates.promises import promises_of as promises_of
from yueban.certificates.validity import WITH_ALL, told
from yueban.certificates.validity import valid_by_type as valid_by_type
from yueban.divisions import selectors as divisions
from yueban.documents import selectors as documents
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.masking import mask
from yueban.kernel.reference import Reference
from yueban.parties.choices import PartyKind
from yueban.parties.models import Party

__all__ = ["city_ladder", "find_objection", "find_objection_to", "sources_to_ask"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody may learn of a certificate whose code or identifier he holds."""

    is_found: bool
    is_valid: bool
    message: str
    status: str = ""
    status_name: str = ""
    type_name: str = ""
    number: str = ""
    identifier: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    holder: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    sha256: str = ""


# Of staff only those who work on what an agency issues.
ISSUING = frozenset({roles.CLERK, roles.REVIEWER, roles.DECIDER})


def certificates_visible_to(actor: Actor) -> QuerySet[Certificate]:
    """Holders see their own that are issued; staff those of the issuing agencies they are posted to."""
    seen = Q(holder__in=actor.party_ids) & ~Q(documents.is_held("source_kind", "source_number"))
    for post in actor.posts:
        if post.role in ISSUING or post.role == roles.SUPERVISOR:
            within = divisions.within("division_code", post.division)
            seen |= within if post.is_city_wide else within & agencies.reached_by(post)
    return Certificate.objects.select_related(*WITH_ALL).filter(seen)


def get_certificate(number: str, *, actor: Actor) -> Certificate:
    """A certificate the actor may see; raises CertificateNotFound for any other."""
    certificate = certificates_visible_to(actor).filter(number=number).first()
    if certificate is None:
        raise CertificateNotFound("找不到这个证照。", hint="请从“我的证照”重新打开。")
    return certificate


def certificates_of(party_ids: Iterable[int]) -> QuerySet[Certificate]:
    """The certificates issued to these parties, newest first."""
    rows = told(Certificate.objects.select_related(*WITH_ALL)).filter(holder__in=list(party_ids))
    return rows.order_by("-issued_at", "-pk")


def certificates_for(reference: Reference) -> QuerySet[Certificate]:
    """The certificates made for one matter, for its office; also those that are held (同步发证)."""
    rows = Certificate.objects.select_related(*WITH_ALL)
    return rows.filter(source_kind=reference.kind, source_number=reference.number).order_by("pk")


def find_valid(party: Party, type_key: str, *, on: date | None = None) -> Certificate | None:
    """The party's certificate of this type that is valid on the day (today), the longest lasting first."""
    day = on or clock.today()
    rows = told(Certificate.objects.select_related(*WITH_ALL)).filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        holder=party,
        type__key=type_key,
        status=CertificateStatus.VALID,
        valid_from__lte=day,
    )
    return max(rows, key=lambda row: (row.valid_until or date.max, row.pk), default=None)


def certificate_types() -> QuerySet[CertificateType]:
    """All types, by key."""
    return CertificateType.objects.all()


def field_names(key: str) -> list[str]:
    """What stands on a certificate of this type, in the order in which it is printed; empty for no such type."""
    fields = CertificateType.objects.filter(key=key).values_list("fields", flat=True).first() if key else None
    return [str(field["name"]) for field in fields or ()]


def uses_of(certificate: Certificate) -> QuerySet[CertificateUse]:
    """Who used the certificate and why, newest first."""
    return certificate.uses.order_by("-used_at", "-pk")


def uses_visible_to(actor: Actor) -> QuerySet[CertificateUse]:
    """Every use of the certificates issued to those the actor is or stands for, newest first."""
    rows = CertificateUse.objects.select_related("certificate__type", "certificate__holder")
    rows = rows.exclude(documents.is_held("certificate__source_kind", "certificate__source_number"))
    return rows.filter(certificate__holder__in=actor.party_ids).order_by("-used_at", "-pk")


@walls.platform()
def verify(code_or_identifier: str) -> Verification:
    """Whether a certificate is genuine and valid, for anybody who holds its code or its 证照标识.

    One sentence for everything that is not found, so that nothing is learnt by guessing; a person's name
    is masked.
    """
    certificate = _find_verifiable(code_or_identifier.strip())
    if certificate is None:
        return Verification(False, False, "没有查到这份证照。请核对验证码或证照标识，或当面向发证机关查询。")
    day = clock.today()
    status = certificate.status_on(day)
    is_valid = certificate.is_valid_on(day)
    holder = certificate.holder
    return Verification(
        is_found=True,
        is_valid=is_valid,
        message=_verdict(certificate, status, is_valid=is_valid),
        status=status.value,
        status_name=str(status.label),
        type_name=certificate.type.name,
        number=certificate.number,
        identifier=certificate.identifier,
        issued_by=certificate.agency.name,
        issued_on=certificate.document.issued_on,
        holder=mask("name", holder.name) if holder.kind == PartyKind.PERSON else holder.name,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        sha256=certificate.document.sha256,
    )


def _find_verifiable(text: str) -> Certificate | None:
    rows = told(Certificate.objects.select_related(*WITH_ALL))
    document = documents.find_by_verify_code(text)
    if document is not None:
        return rows.filter(document=document).first()
    return rows.filter(identifier=text.upper()).first()


def _verdict(certificate: Certificate, status: CertificateStatus, *, is_valid: bool) -> str:
    if is_valid:
        return "证照由本平台签发，目前有效。"
    if status == CertificateStatus.VALID:
        return "证照由本平台签发，尚未到生效日期。"
    if certificate.status == CertificateStatus.VALID:
        return "证照由本平台签发，有效期已过。"
    return f"证照由本平台签发，目前状态为“{status.label}”，不能使用。"


def satisfactions_of(reference: Reference) -> QuerySet[Satisfaction]:
    """How each material of the matter stands satisfied now, by material."""
    return _satisfactions(reference).filter(superseded_at=None).order_by("material_key")


def relied_on_and_ended(reference: Reference) -> list[Certificate]:
    """Certificates that stand for a material of the matter and were revoked, annulled or withheld since."""
    rows = satisfactions_of(reference).exclude(certificate=None)
    found = [row.certificate for row in rows if row.certificate is not None]
    return [one for one in found if one.status != CertificateStatus.VALID]


def find_exchange(number: str) -> Exchange | None:
    """One question to a source that was answered; the caller checks about whom it was."""
    return Exchange.objects.exclude(result=ExchangeResult.FAILED).filter(number=number).first()


def find_objection_by_number(number: str) -> DataObjection | None:
    """An objection to data; the caller has checked that it may be seen."""
    rows = DataObjection.objects.select_related("party", "agency", "exchange")
    return rows.filter(number=number).first()


def exchanges_of(reference: Reference) -> QuerySet[Exchange]:
    """What was asked of data sources for a matter, the newest first."""
    rows = Exchange.objects.filter(reference_kind=reference.kind, reference_number=reference.number)
    return rows.order_by("-asked_at", "-pk")


def satisfaction_history(reference: Reference, material_key: str) -> QuerySet[Satisfaction]:
    """Every way in which one material was satisfied, oldest first."""
    return _satisfactions(reference).filter(material_key=material_key).order_by("satisfied_at", "pk")


def _satisfactions(reference: Reference) -> QuerySet[Satisfaction]:
    rows = Satisfaction.objects.select_related("file", "certificate__type")
    return rows.filter(reference_kind=reference.kind, reference_number=reference.number)
