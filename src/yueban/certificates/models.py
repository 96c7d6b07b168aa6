"""Certificate types, issued certificates, their uses, and how materials were satisfied."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from yueban.certificates.choices import CertificateStatus, SatisfactionWay
from yueban.kernel.reference import Reference
from yueban.vault.models import SealedJSONField


class CertificateType(models.Model):
    """A kind of certificate (证照类型), defined by the organ whose code begins the type code."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    # 18 characters USCC of the defining organ and 3 digits.
    type_code = models.CharField(max_length=21, unique=True)
    is_type_code_demo = models.BooleanField(default=False)
    issuer_kind = models.CharField(max_length=40, blank=True, default="")
    # [{"key": …, "name": …, "required": bool}] in the order in which they are printed.
    fields: models.JSONField[Any, list[dict[str, Any]]] = models.JSONField(default=list)
    # No validity: 长期.
    validity_amount = models.PositiveSmallIntegerField(null=True)
    validity_unit = models.CharField(max_length=4, blank=True, default="")

    class Meta:
        verbose_name = "证照类型"
        verbose_name_plural = verbose_name
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class CertificateCounter(models.Model):
    """The last serial given in a division for a type in a year."""

    division6 = models.CharField(max_length=6)
    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "证照编号计数"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["division6", "type", "year"], name="one_certificate_counter_per_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.division6} {self.type_id} {self.year}: {self.last}"


class Certificate(models.Model):
    """An issued certificate; what it says is in ``data`` by the keys of its type's fields."""

    # 证照标识, GB/T 36904.
    identifier = models.CharField(max_length=160, unique=True)
    # 证照编号: division 6, year 4, type 3, serial 6, check digit.
    number = models.CharField(max_length=20, unique=True)
    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="certificates")
    holder = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="certificates")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12)
    data = SealedJSONField(default=dict)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    status = models.CharField(max_length=2, choices=CertificateStatus, default=CertificateStatus.VALID)
    version = models.PositiveSmallIntegerField(default=1)
    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, related_name="certificate"
    )
    # What it was issued for: usually a case.
    source_kind = models.CharField(max_length=32)
    source_number = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = "证照"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_number", "type"], name="one_certificate_per_source_and_type"
            )
        ]
        indexes = [
            models.Index(fields=["holder", "type", "status"], name="certificate_by_holder"),
            models.Index(fields=["agency", "-issued_at"], name="certificate_by_agency"),
            models.Index(fields=["division_code"], name="certificate_by_division"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.number}"

    @property
    def reference(self) -> Reference:
        """How other parts name it."""
        return Reference("certificate", self.number)

    def status_on(self, day: date) -> CertificateStatus:
        """The status on a day: a valid certificate whose time is over has lapsed, without anybody's act."""
        if self.status == CertificateStatus.VALID and self.valid_until and day > self.valid_until:
            return CertificateStatus.LAPSED
        return CertificateStatus(self.status)

    def is_valid_on(self, day: date) -> bool:
        """Whether it can be relied on."""
        return self.status_on(day) == CertificateStatus.VALID and self.valid_from <= day


class CertificateUse(models.Model):
    """One use of a certificate (用证): by whom, why, for which matter."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="uses")
    purpose = models.CharField(max_length=200)
    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    actor: models.JSONField[Any, dict[str, Any]] = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = "用证记录"
        verbose_name_plural = verbose_name
        indexes = [models.Index(fields=["certificate", "-used_at"], name="certificate_use_latest")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.purpose}"


class Satisfaction(models.Model):
    """How one required material of one matter was satisfied; the row without ``superseded_at`` counts."""

    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    material_key = models.CharField(max_length=80)
    way = models.CharField(max_length=12, choices=SatisfactionWay)
    basis = models.CharField(max_length=500, blank=True, default="")
    purpose = models.CharField(max_length=200, blank=True, default="")
    # The number of the query, check task or promise; what was answered is kept as a digest only.
    request = models.CharField(max_length=100, blank=True, default="")
    answer_digest = models.CharField(max_length=64, blank=True, default="")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="satisfactions"
    )
    satisfied_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = "材料满足记录"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number", "material_key"],
                condition=models.Q(superseded_at=None),
                name="one_current_satisfaction_per_material",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference_kind}:{self.reference_number} {self.material_key} {self.way}"
