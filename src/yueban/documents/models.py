"""Issued documents and the counters that number them."""

from __future__ import annotations

from django.db import models

from yueban.documents.choices import DocumentKind, DocumentState, WordingState
from yueban.kernel.reference import Reference
from yueban.vault.models import SealedJSONField


class DocumentCounter(models.Model):
    """The last number given by an agency for a kind in a year; its row lock keeps givers in line."""

    agency_code = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=DocumentKind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = "文书编号计数"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "kind", "year"], name="one_counter_per_series")
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.kind} {self.year}: {self.last}"


class Document(models.Model):
    """One issued document: what it says is fixed when it is issued, its PDF follows from that."""

    number = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=DocumentKind)
    agency_code = models.CharField(max_length=60)
    agency_name = models.CharField(max_length=200)
    agency_short = models.CharField(max_length=100)
    division_code = models.CharField(max_length=12)
    subject_kind = models.CharField(max_length=32)
    subject_number = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    content = SealedJSONField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issuer_user_id = models.BigIntegerField(null=True)
    issuer_name = models.CharField(max_length=200)
    # 128 random bits: whoever has the code has seen the paper.
    verify_code = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.PENDING)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    failure = models.CharField(max_length=500, blank=True, default="")
    rendered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "文书"
        verbose_name_plural = verbose_name
        indexes = [
            models.Index(fields=["subject_kind", "subject_number"], name="document_by_subject"),
            models.Index(
                fields=["state"], condition=~models.Q(state=DocumentState.READY), name="document_not_ready"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> Reference:
        """What the document is about."""
        return Reference(self.subject_kind, self.subject_number)

    @property
    def is_ready(self) -> bool:
        """Whether the PDF can be opened."""
        return self.state == DocumentState.READY


class HeldResult(models.Model):
    """同步发证: a subject whose result is decided and waits to be issued with others, to this day at the longest."""

    subject_kind = models.CharField(max_length=32)
    subject_number = models.CharField(max_length=64)
    until = models.DateField()
    held_at = models.DateTimeField()

    class Meta:
        verbose_name = "等一起发证"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_number"], name="a_result_is_held_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject_number} {self.until}"


class Wording(models.Model):
    """文书模板: what an agency says before and after the text of the law; a second person puts it in use."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    opening = models.CharField(max_length=500, blank=True, default="")
    closing = models.CharField(max_length=1000, blank=True, default="")
    state = models.CharField(max_length=10, choices=WordingState, default=WordingState.DRAFT)
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "文书模板"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "state"],
                condition=~models.Q(state=WordingState.RETIRED),
                name="one_wording_in_use_and_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True)
                | ~models.Q(published_by=models.F("drafted_by")),
                name="a_second_person_publishes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.kind} {self.state}"


class PrintRequest(models.Model):
    """打印队列: a document that somebody put aside for printing, and when it was printed."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "打印队列"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["document", "asked_by"],
                condition=models.Q(printed_at__isnull=True),
                name="a_document_waits_once_for_print",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.asked_at}"
