"""Writes of certificates: types, issuing, uses, and how materials were satisfied."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.certificates import issuing, numbering, satisfactions, types
from yueban.certificates.choices import CertificateStatus, SatisfactionWay
from yueban.certificates.connectors.registry import FILE as CONNECTORS_FILE
from yueban.certificates.connectors.registry import check_file as check_connectors
from yueban.certificates.errors import CertificateUseInvalid
from yueban.certificates.exchanges import Matter as Matter
from yueban.certificates.exchanges import Wanted as Wanted
from yueban.certificates.exchanges import ask as ask_sources
from yueban.certificates.holdings import keep as keep_holdings
from yueban.certificates.models import Certificate, CertificateUse, Satisfaction
from yueban.certificates.objections import answer as answer_objection
from yueban.certificates.objections import lock as lock_objection
from yueban.certificates.objections import make as make_objection
from yueban.certificates.objections import schedule as schedule_objection
from yueban.certificates.promises import bar as bar_from_promising
from yueban.certificates.promises import check_may_promise as check_may_promise
from yueban.certificates.promises import hand_over as hand_over_promise
from yueban.certificates.promises import lift as lift_bar
from yueban.certificates.promises import record_check as record_promise_check
from yueban.certificates.promises import schedule_check as schedule_promise_check
from yueban.certificates.promises import sign as sign_promise
from yueban.certificates.promises import take_back as take_back_promise
from yueban.certificates.promises import to_child as promise_to_child
from yueban.certificates.types import CertificateTypeRow as CertificateTypeRow
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.changes import Changes
from yueban.kernel.codes.profiles import Profile, get_current
from yueban.kernel.reference import Reference
from yueban.parties import services as parties
from yueban.parties.models import Party

__all__ = [
    "CONNECTORS_FILE",
    "answer_objection",
    "ask_sources",
    "bar_from_promising",
    "check_connectors",
    "hand_over_promise",
    "keep_holdings",
    "lift_bar",
    "lock_objection",
    "make_objection",
    "promise_to_child",
    "record_promise_check",
    "schedule_objection",
    "schedule_promise_check",
    "sign_promise",
    "take_back_promise",
]


@transaction.atomic
def load_types(rows: Iterable[Mapping[str, Any]]) -> Changes:
    """Load the certificate types of a city pack; again changes nothing. Raises CertificateTypeInvalid."""
    return types.save_types([types.read_row(row) for row in rows])


@transaction.atomic
def issue_certificate(
    *,
    type_key: str,
    holder: Party,
    agency: Agency,
    data: Mapping[str, Any],
    valid_from: date,
    subject: Reference,
    actor: Actor,
) -> Certificate:
    """Issue a certificate for a decided matter: numbered, identified, recorded, its PDF on the way.

    For the same subject and type the certificate already issued is returned. Raises
    CertificateTypeNotFound, CertificateInvalid.
    """
    type_ = issuing.get_type(type_key)
    issued = issuing.find_issued(type_, subject)
    if issued is not None:
        return issued
    issuing.check_data(type_, data)
    return issuing.issue(
        type_=type_,
        holder=holder,
        agency=agency,
        data=dict(data),
        valid_from=valid_from,
        source=subject,
        actor=actor,
    )


def assign_enterprise_code(*, type_key: str, kind: str) -> str | None:
    """A new enterprise's 统一社会信用代码 from the registrar; None where only his own system assigns it.

    The seam to that system. The demonstration answers itself, with a region (999999) that cannot exist.
    """
    if get_current() is not Profile.DEMO:
        return None
    return numbering.take_demo_code(issuing.get_type(type_key), kind)


def end_certificates(
    *, source: Reference, status: CertificateStatus, reason: str, actor: Actor
) -> list[Certificate]:
    """What was issued for a matter is no longer valid (撤销, 注销); each certificate's chain says why."""
    rows = Certificate.objects.select_for_update().filter(
        source_kind=source.kind, source_number=source.number, status=CertificateStatus.VALID
    )
    ended = list(rows.order_by("pk"))
    for certificate in ended:
        certificate.status = status
        certificate.save(update_fields=["status"])
        data = {"status": str(status.label), "reason": reason, "source": str(source)}
        audit.record(certificate.reference, "certificate_ended", actor=actor, data=data)
    return ended


def record_use(
    *, certificate: Certificate, purpose: str, reference: Reference, actor: Actor
) -> CertificateUse:
    """Record that a certificate was looked at or relied on, for which matter and why."""
    if not purpose.strip():
        raise CertificateUseInvalid("调用证照须写明使用事由。", hint="请填写用证的事由。")
    if actor.is_staff:
        what = [f"证照：{certificate.type.name}"]
        parties.record_look(
            party=certificate.holder, actor=actor, what=what, purpose=purpose.strip(), reference=reference
        )
    return CertificateUse.objects.create(
        certificate=certificate,
        purpose=purpose.strip(),
        reference_kind=reference.kind,
        reference_number=reference.number,
        actor=actor.snapshot(),
        used_at=clock.now(),
    )


@transaction.atomic
def record_satisfaction(
    *,
    reference: Reference,
    material_key: str,
    way: str,
    actor: Actor,
    basis: str = "",
    purpose: str = "",
    request: str = "",
    answer_digest: str = "",
    file: StoredFile | None = None,
    certificate: Certificate | None = None,
) -> Satisfaction:
    """Record how a material was satisfied; the same again changes nothing, another way supersedes.

    Relying on a certificate is a use of it and is recorded as one. Raises SatisfactionInvalid,
    CertificateUseInvalid.
    """
    values: dict[str, Any] = {
        "way": SatisfactionWay(way).value if way in SatisfactionWay.values else way,
        "basis": basis,
        "purpose": purpose,
        "request": request,
        "answer_digest": answer_digest,
        "file": file,
        "certificate": certificate,
    }
    satisfactions.check_evidence(way, values)
    if certificate is not None and not certificate.is_valid_on(clock.today()):
        raise CertificateUseInvalid(
            f"{certificate.type.name}目前不在有效状态，不能用来满足材料。", hint="请改用其他方式。"
        )
    row, is_new = satisfactions.save(
        reference=reference, material_key=material_key, values=values, actor=actor
    )
    if is_new and certificate is not None:
        record_use(
            certificate=certificate, purpose=purpose or "办理事项免交材料", reference=reference, actor=actor
        )
    return row
