"""Writes of files: receiving, checking and keeping one."""

import secrets
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from yueban.files import blobs, media
from yueban.files.models import StoredFile
from yueban.files.names import clean_name, split_suffix
from yueban.files.pictures import Picture, picture_of
from yueban.files.pictures import without_metadata as without_metadata
from yueban.kernel import clock
from yueban.kernel.actor import Actor


def store_file(
    *, content: BinaryIO | bytes, name: str, actor: Actor, allowed: frozenset[str] | None = None
) -> StoredFile:
    """Keep an upload whose content is what its name says; raises a FileRefused.

    ``allowed`` holds suffixes out of ``media.SUFFIXES``. The bytes are kept before the row is written: a
    crash in between leaves bytes that nobody refers to, never a row without bytes.
    """
    max_bytes = settings.YUEBAN_MAX_UPLOAD_MB * 1024 * 1024
    stream = BytesIO(content) if isinstance(content, bytes) else content
    # An upload knows its size: refuse it before reading.
    if (getattr(stream, "size", None) or 0) > max_bytes:
        raise blobs.too_large(max_bytes)
    kept_name = clean_name(name)
    _, suffix = split_suffix(kept_name)
    with blobs.receive(stream, max_bytes=max_bytes) as draft:
        found = media.sniff(draft.handle, allowed=media.SUFFIXES if allowed is None else allowed)
        media.check_suffix(suffix, found)
        blobs.keep(draft)
    return StoredFile.objects.create(
        number=secrets.token_hex(16),
        sha256=draft.sha256,
        size=draft.size,
        media_type=found.media_type,
        name=kept_name if suffix else clean_name(f"{kept_name}.{found.suffix}"),
        stored_at=clock.now(),
        uploader_user_id=actor.user_id,
        uploader_name=actor.name,
    )


def picture_in(data: bytes) -> Picture | None:
    """The picture that these bytes are, before they are kept; None for anything else."""
    return picture_of(BytesIO(data))


def delete_file(stored: StoredFile) -> None:
    """Forget a file that the platform made for a time; its bytes go unless another file has the same."""
    StoredFile.objects.filter(pk=stored.pk).delete()
    if not StoredFile.objects.filter(sha256=stored.sha256).exists():
        transaction.on_commit(lambda: blobs.remove(stored.sha256))
