"""Encrypting and decrypting fields, blind indexes, and showing a field whole."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from django.conf import settings

from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import clean_line
from yueban.kernel.reference import Reference
from yueban.vault import ciphers
from yueban.vault.errors import PurposeMissing
from yueban.vault.keys import field_keys
from yueban.vault.models import Unmasking

Cipher = bytes | memoryview
"""What a binary column gives back."""


def encrypt(text: str) -> bytes:
    """The text under the first of YUEBAN_FIELD_KEYS; never the same bytes twice."""
    return ciphers.seal(text.encode(), field_keys()[0])


def decrypt(cipher: Cipher) -> str:
    """The text, under whichever of the keys it was encrypted; raises Undecipherable."""
    return ciphers.open_sealed(bytes(cipher), field_keys()).decode()


def is_current(cipher: Cipher) -> bool:
    """Whether the cipher stands under the key that encrypts now."""
    return bytes(cipher)[1 : ciphers.HEADER_LENGTH] == ciphers.key_id(field_keys()[0])


def blind_index(text: str, *, purpose: str) -> bytes:
    """32 bytes by which an encrypted text can be found, but not read.

    Letters are compared as capitals and full-width as plain. ``purpose`` (``party.id_number``) keeps
    equal texts of different columns from being matched with each other.
    """
    compared = unicodedata.normalize("NFKC", text).strip().upper()
    message = purpose.encode() + b"\x00" + compared.encode()
    return hmac.new(bytes.fromhex(settings.YUEBAN_INDEX_KEY), message, hashlib.sha256).digest()


def unmask(cipher: Cipher, *, reference: Reference, field: str, purpose: str, actor: Actor) -> str:
    """The text of a field for a person's eyes; who, what and why is logged first.

    The caller has checked that the actor may; raises PurposeMissing without a purpose.
    """
    purpose = clean_line(purpose, 200)
    if not purpose:
        raise PurposeMissing("查看完整信息需要说明用途。", hint="请填写用途，如“核对申请人身份”。")
    text = decrypt(cipher)
    Unmasking.objects.create(
        reference_kind=reference.kind,
        reference_number=reference.number,
        field=field,
        purpose=purpose,
        actor=actor.snapshot(),
        at=clock.now(),
    )
    return text
