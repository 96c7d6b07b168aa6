"""Agencies, and posts: a user's role at an agency for a division."""

from django.conf import settings
from django.db import models

from yueban.agencies.choices import AgencyNature, RequestState, Role


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
    # Which of phone, address and hours an administrator has set here: a pack does not write over them.
    set_here = models.JSONField(default=list, blank=True)

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


class PostRequest(models.Model):
    """授岗申请: one administrator asks that somebody holds or gives up a post, another reviews it."""

    number = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="post_requests")
    role = models.CharField(max_length=20, choices=Role)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey("divisions.Division", on_delete=models.PROTECT, related_name="+")
    is_ending = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "授岗申请"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "agency", "division"],
                condition=models.Q(state=RequestState.WAITING),
                name="one_waiting_request_per_post",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("asked_by")) & ~models.Q(decided_by=models.F("user")),
                name="two_people_give_a_post_and_nobody_his_own",
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("user")), name="nobody_asks_for_his_own_post"
            ),
        ]
        indexes = [models.Index(fields=["state", "-asked_at"], name="post_request_by_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_state_display()}"
