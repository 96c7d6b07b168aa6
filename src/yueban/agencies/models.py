"""Agencies, and posts: a user's role at an agency for a division."""

from django.conf import settings
from django.db import models

from yueban.agencies.choices import AgencyNature, Role


class Agency(models.Model):
    """An organ that exercises powers in its division; ``kind`` says which work it does (transport, health …)."""

    code = models.SlugField(max_length=60, unique=True)
    kind = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    short_name = models.CharField(max_length=100)
    document_prefix = models.CharField(max_length=20)
    division = models.ForeignKey("divisions.Division", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    uscc = models.CharField(max_length=18)
    is_uscc_demo = models.BooleanField(default=False)
    nature = models.CharField(max_length=1, choices=AgencyNature, default=AgencyNature.STATUTORY)
    phone = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    hours = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name_plural = "agencies"
        indexes = [models.Index(fields=["kind", "division"], name="agency_by_kind")]
        constraints = [
            models.UniqueConstraint(fields=["document_prefix"], name="one_agency_a_document_prefix")
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What a member of staff may do: a role at an agency, within a division."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    division = models.ForeignKey("divisions.Division", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "agency", "division"], name="a_post_is_held_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.agency}"
