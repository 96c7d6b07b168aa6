"""Issuing a certificate: once per source and type, numbered without gaps, with its paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.certificates import numbering, paper
from yueban.certificates.errors import CertificateInvalid, CertificateTypeNotFound
from yueban.certificates.models import Certificate, CertificateType
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.codes import licence_identifier
from yueban.kernel.codes.profiles import Profile
from yueban.kernel.periods import Limit
from yueban.kernel.reference import Reference
from yueban.parties.models import Party


def find_issued(type_: CertificateType, source: Reference) -> Certificate | None:
    """The certificate of this type already issued for the source."""
    return Certificate.objects.filter(
        type=type_, source_kind=source.kind, source_number=source.number
    ).first()


def get_type(key: str) -> CertificateType:
    """The type of this key; raises CertificateTypeNotFound."""
    type_ = CertificateType.objects.filter(key=key).first()
    if type_ is None:
        raise CertificateTypeNotFound(
            f"没有“{key}”这种证照。", hint="请在 certificates.yaml 中登记该证照类型。"
        )
    return type_


def check_data(type_: CertificateType, data: Mapping[str, Any]) -> None:
    """Raise CertificateInvalid naming every required field that is empty."""
    empty = {
        field["key"]: f"证照必须写明“{field['name']}”。"
        for field in type_.fields
        if field.get("required", True) and data.get(field["key"]) in (None, "", [])
    }
    if empty:
        raise CertificateInvalid.of_fields(empty, f"不能制证：{''.join(empty.values())}")


def last_day(type_: CertificateType, valid_from: date) -> date | None:
    """The last day of validity; None is 长期."""
    if type_.validity_amount is None:
        return None
    return Limit(type_.validity_amount, type_.validity_unit).last_day_from(valid_from)


def issue(
    *,
    type_: CertificateType,
    holder: Party,
    agency: Agency,
    data: dict[str, Any],
    valid_from: date,
    source: Reference,
    actor: Actor,
) -> Certificate:
    """Number, identify and print; the caller holds the transaction."""
    division = agency.division.code
    now = clock.now()
    # Under the counter's lock nobody else issues in this series, so what is not there now will not come.
    counter = numbering.lock_counter(type_=type_, division6=division[:6], year=now.year)
    issued = find_issued(type_, source)
    if issued is not None:
        return issued
    number = numbering.take_number(counter)
    identifier = licence_identifier.compose(
        type_code=type_.type_code, issuer=agency.uscc, serial=number, version=1, profile=Profile.DEMO
    )
    valid_until = last_day(type_, valid_from)
    document = documents.create_document(
        kind=DocumentKind.CERTIFICATE,
        subject=source,
        agency_code=agency.code,
        title=type_.name,
        content=paper.content_of(
            type_=type_,
            holder_name=holder.name,
            data=data,
            number=number,
            identifier=identifier,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
        actor=actor,
        division=division,
    )
    certificate = Certificate.objects.create(
        identifier=identifier,
        number=number,
        type=type_,
        holder=holder,
        agency=agency,
        division_code=division,
        data=data,
        valid_from=valid_from,
        valid_until=valid_until,
        document=document,
        source_kind=source.kind,
        source_number=source.number,
        issued_at=now,
    )
    _record(certificate, source, actor)
    return certificate


def _record(certificate: Certificate, source: Reference, actor: Actor) -> None:
    data = {"type": certificate.type.key, "identifier": certificate.identifier, "source": str(source)}
    place = certificate.division_code
    audit.record(certificate.reference, "certificate_issued", actor=actor, data=data, division=place)
