"""The second factor of staff: time-based codes (RFC 6238) from an app on a phone, and recovery codes on paper."""

import base64
import hmac
import secrets
import time
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from yueban.accounts.models import RecoveryCode, User
from yueban.kernel import clock
from yueban.vault import services as vault

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PURPOSE = "accounts.recovery_code"


def begin(*, user: User) -> str:
    """A new secret for a user who has not confirmed one yet; gives the address that a QR code carries."""
    if user.totp_cipher is None or user.totp_confirmed_at is not None:
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        user.totp_cipher, user.totp_confirmed_at, user.totp_last_step = vault.encrypt(secret), None, 0
        user.save(update_fields=["totp_cipher", "totp_confirmed_at", "totp_last_step"])
    return address_of(user)


def address_of(user: User) -> str:
    """otpauth://…, for the QR code of the enrolment page only."""
    assert user.totp_cipher is not None
    secret = vault.decrypt(user.totp_cipher)
    return f"otpauth://totp/{quote('越办')}:{quote(user.username)}?secret={secret}&issuer={quote('越办')}"


def secret_of(user: User) -> str:
    """The secret in letters, for whoever cannot scan; for the enrolment page only."""
    assert user.totp_cipher is not None
    return vault.decrypt(user.totp_cipher)


@transaction.atomic
def check(*, user: User, code: str) -> bool:
    """Whether the code is right now, a step before or after; each code serves once."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.totp_cipher is None:
        return False
    key = base64.b32decode(vault.decrypt(locked.totp_cipher))
    now = int(time.time()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        if step > locked.totp_last_step and hmac.compare_digest(
            code_at(key, step).encode(), code.strip().encode()
        ):
            locked.totp_last_step = step
            locked.save(update_fields=["totp_last_step"])
            return True
    return False


def code_at(key: bytes, step: int) -> str:
    """The six digits of one half minute."""
    made = TOTP(key, DIGITS, SHA1(), STEP_SECONDS).generate(step * STEP_SECONDS)  # noqa: S303 - RFC 6238 and the apps
    return made.decode()


@transaction.atomic
def confirm(*, user: User) -> list[str]:
    """The user has shown that his app gives right codes; gives fresh recovery codes, shown once."""
    User.objects.filter(pk=user.pk).update(totp_confirmed_at=clock.now())
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=_digest(code)) for code in codes])
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


@transaction.atomic
def use_recovery_code(*, user: User, code: str) -> bool:
    """Whether this was one of the user's unused codes; it serves once."""
    plain = code.replace("-", "").replace(" ", "").upper()
    rows = RecoveryCode.objects.filter(user=user, digest=_digest(plain), used_at=None)
    return rows.update(used_at=clock.now()) == 1


def _digest(code: str) -> bytes:
    # 59 random bits under a key of this installation: nothing to be guessed from the table.
    return vault.blind_index(code, purpose=PURPOSE)
