"""Who signs in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from yueban.accounts.choices import KeyRequestState


class UserManager(BaseUserManager["User"]):
    """Creates users; passwords are optional because the real world signs in through OIDC."""

    def create_user(self, *, username: str, name: str, password: str | None = None) -> User:
        user = self.model(username=username, name=name)
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One sign-in of one natural person; what he may do comes from posts (staff) and parties (applicants)."""

    username = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    demo_note = models.CharField(max_length=200, blank=True, default="")
    demo_order = models.PositiveSmallIntegerField(default=0)
    # The second factor: an encrypted secret, when its first code was right, and the last half minute used.
    totp_cipher = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    must_change_password = models.BooleanField(default=False)
    # A first password is known to whoever handed it over: it opens once, and not for long.
    first_password_until = models.DateTimeField(null=True)
    first_password_used_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One of the codes on paper that stand in for a lost phone; only its keyed digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="one_recovery_code_each")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.used_at}"


class ApiKey(models.Model):
    """A key with which a system of one agency uses the API; only a keyed digest of its secret is kept.

    Its user is an account that never signs in: what the system does is written down in its name.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="api_key")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField()
    name = models.CharField(max_length=60)
    # Agencies lie above accounts: the key names its agency by code.
    agency_code = models.CharField(max_length=60, db_index=True)
    scopes: models.JSONField[Any, list[str]] = models.JSONField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=100, blank=True, default="")
    revoke_reason = models.CharField(max_length=200, blank=True, default="")
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class ApiKeyRequest(models.Model):
    """密钥申请: one administrator asks for a key, another approves it; its secret is made when the first takes it."""

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=60)
    scopes: models.JSONField[Any, list[str]] = models.JSONField()
    expires_on = models.DateField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=KeyRequestState, default=KeyRequestState.WAITING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=200, blank=True, default="")
    key = models.OneToOneField(ApiKey, null=True, on_delete=models.PROTECT, related_name="request")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_code", "name"],
                condition=models.Q(state=KeyRequestState.WAITING),
                name="one_waiting_key_request_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="two_people_make_a_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[KeyRequestState.APPROVED, KeyRequestState.ISSUED])
                | models.Q(decided_by__isnull=False),
                name="a_key_was_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["agency_code", "-asked_at"], name="key_request_by_agency")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ApiKeyUse(models.Model):
    """How often a key was used within one minute, by operation; the limit and the day's audit are read from it."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="uses")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField(default=1)
    refused = models.PositiveIntegerField(default=0)
    operations: models.JSONField[Any, dict[str, int]] = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "minute"], name="one_row_a_key_and_minute")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.minute:%F %R} {self.calls}"


class ApiCommand(models.Model):
    """What came of a command sent under an idempotency key, so that sending it again changes nothing."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="commands")
    idempotency_key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="one_command_an_idempotency_key")
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.reference}"
