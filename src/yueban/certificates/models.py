"""Certificates with their types and uses, and what makes up the proof ladder."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from yueban.certificates.choices import (
    FAULT_WORDS,
    CertificateStatus,
    ExchangeResult,
    ObjectionState,
    PromiseState,
    SatisfactionWay,
)
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


class Exchange(models.Model):
    """One question to a data source about one party, and what came of it; of the answer only a digest is kept."""

    number = models.CharField(max_length=32, unique=True)
    connector = models.CharField(max_length=60)
    source = models.CharField(max_length=100)
    agency_kind = models.CharField(max_length=40)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    material_key = models.CharField(max_length=80)
    item_key = models.CharField(max_length=80)
    division_code = models.CharField(max_length=12)
    asked = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    result = models.CharField(max_length=10, choices=ExchangeResult)
    # Why there was no answer; empty where there was one.
    fault = models.CharField(max_length=12, blank=True, default="")
    answer_digest = models.CharField(max_length=64, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    ms = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = "数据查询记录"
        verbose_name_plural = verbose_name
        indexes = [
            models.Index(fields=["reference_kind", "reference_number"], name="exchange_by_reference"),
            models.Index(fields=["party", "-asked_at"], name="exchange_by_party"),
            models.Index(fields=["connector", "-asked_at"], name="exchange_by_connector"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result="failed", answer_digest="")
                | ~models.Q(result="failed") & ~models.Q(answer_digest="") & models.Q(fault=""),
                name="exchange_is_answered_or_failed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.connector}: {self.result}"

    @property
    def fault_word(self) -> str:
        """Why there was no answer, in words; empty where there was one."""
        return FAULT_WORDS.get(self.fault, "")

    @property
    def is_answer(self) -> bool:
        """Whether the source said something that could be believed."""
        return self.result != ExchangeResult.FAILED


class Holding(models.Model):
    """A material that a party handed in and that was found good, kept so that it need not be asked again."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+", db_index=False)
    canonical = models.CharField(max_length=80)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=32)
    source_number = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200)
    handed_in_on = models.DateField()

    class Meta:
        verbose_name = "可复用材料"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["party", "canonical", "file"], name="one_holding_per_party_material_and_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.canonical}"


class Promise(models.Model):
    """告知承诺: what somebody has promised in place of a proof, when it is looked at, and what was found."""

    number = models.CharField(max_length=24, unique=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    # The draft in which it was signed, and from its submission the case.
    reference_kind = models.CharField(max_length=32)
    reference_number = models.CharField(max_length=64)
    material_key = models.CharField(max_length=80)
    material_name = models.CharField(max_length=200)
    item_name = models.CharField(max_length=200)
    text = models.TextField()
    signed_name = models.CharField(max_length=200)
    signed_by_user_id = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=PromiseState, default=PromiseState.STANDING)
    check_due_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "告知承诺"
        verbose_name_plural = verbose_name
        indexes = [models.Index(fields=["reference_kind", "reference_number"], name="promise_by_reference")]
        constraints = [
            models.UniqueConstraint(
                fields=["reference_kind", "reference_number", "material_key"],
                condition=models.Q(taken_back_at=None),
                name="one_promise_per_material",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.material_name}"


class PromiseBar(models.Model):
    """Somebody who may not promise: on the list of serious dishonesty, or after a false promise, until repaired."""

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    lifted_on = models.DateField(null=True)

    class Meta:
        verbose_name = "不适用告知承诺"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(fields=["party", "source"], name="one_bar_per_party_and_source")
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.source}"


class DataObjection(models.Model):
    """数据异议: a person says that what a source holds of him is wrong; the source's department answers."""

    number = models.CharField(max_length=24, unique=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=100)
    # A value by its element, or an answer by its exchange.
    element = models.CharField(max_length=80, blank=True, default="")
    exchange = models.ForeignKey(Exchange, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=200)
    text = models.TextField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    made_by_user_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = "数据异议"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["party", "source", "element"],
                condition=models.Q(state="open", exchange=None),
                name="one_open_objection_per_value",
            ),
            models.UniqueConstraint(
                fields=["exchange"], condition=models.Q(state="open"), name="one_open_objection_per_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.about}"

    @property
    def reference(self) -> Reference:
        """How tasks and messages name it."""
        return Reference("dataobjection", self.number)
