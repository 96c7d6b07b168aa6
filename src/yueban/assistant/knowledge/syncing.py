"""Units follow what is published: what is new is written, what is gone is closed, and the index is made anew.

The database is the truth; the index in files is made from it and may be lost without loss. A run that finds nothing
changed writes nothing; two at once wait for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q

from yueban.assistant.index import documents as document_file
from yueban.assistant.index.documents import Document
from yueban.assistant.index.embeddings import Embedder
from yueban.assistant.index.errors import IndexDamaged
from yueban.assistant.index.lexical import has_tantivy
from yueban.assistant.index.store import DOCUMENTS, build, find_current, find_damaged
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.models import IndexBuild, Unit
from yueban.assistant.retrieval.documents import documents_of
from yueban.kernel import clock

LOCK = 7_021_001
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Synced:
    """What a run did."""

    number: int
    units: int
    made: int
    gone: int


def index_folder() -> Path:
    """Where the index lies, beside the other files of the instance."""
    return Path(settings.DATA_DIR) / "consultation"


def wait_for_others() -> None:
    """Alone until the transaction ends: what is read of the sources after this is no older than what is stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def store_units(pieces: Sequence[Piece]) -> Synced:
    """Bring the units to these pieces as a new edition; the same pieces again change nothing."""
    wait_for_others()
    known = dict(Unit.objects.filter(gone_in__isnull=True).values_list("key", "digest"))
    now = {piece.key: piece for piece in pieces}
    new = [piece for key, piece in now.items() if known.get(key) != piece.digest]
    gone = [key for key, digest in known.items() if key not in now or now[key].digest != digest]
    number = IndexBuild.objects.aggregate(last=Max("number"))["last"] or 0
    if not new and not gone and number:
        return Synced(number, len(now), 0, 0)
    number += 1
    for start in range(0, len(gone), BATCH):
        Unit.objects.filter(key__in=gone[start : start + BATCH], gone_in__isnull=True).update(gone_in=number)
    Unit.objects.bulk_create((_unit(piece, number) for piece in new), batch_size=BATCH)
    digest = sha256("".join(sorted(piece.digest for piece in now.values())).encode()).hexdigest()
    IndexBuild.objects.create(number=number, digest=digest, units=len(now), built_at=clock.now())
    return Synced(number, len(now), len(new), len(gone))


def _unit(piece: Piece, number: int) -> Unit:
    return Unit(
        key=piece.key,
        digest=piece.digest,
        subject=piece.subject,
        element=piece.element,
        content=piece.stored(),
        division_code=piece.division,
        audience=piece.audience,
        valid_from=_day(piece.valid_from),
        valid_to=_day(piece.valid_to),
        version=piece.version,
        owner=piece.owner,
        review_on=_day(piece.review_on),
        made_in=number,
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def build_index(pieces: Iterable[Piece], embedder: Embedder | None) -> None:
    """The files anew, beside those in use; texts that were embedded before are not embedded again.

    Files that are whole and say the same already stay as they are.
    """
    documents = list(documents_of(list(pieces)))
    if not _stands(documents, embedder):
        build(index_folder(), documents, embedder)


def _stands(documents: Sequence[Document], embedder: Embedder | None) -> bool:
    try:
        edition, manifest = find_current(index_folder())
        return (
            (manifest.embedder, manifest.has_words) == (embedder.name if embedder else "", has_tantivy())
            and not find_damaged(edition, manifest)
            and document_file.read(edition / DOCUMENTS) == documents
        )
    except (IndexDamaged, OSError, ValueError, TypeError):
        return False


def pieces_in(number: int) -> list[Piece]:
    """The pieces of an edition, by key; one query."""
    rows = Unit.objects.filter(made_in__lte=number).filter(Q(gone_in__isnull=True) | Q(gone_in__gt=number))
    return [Piece.of(content) for content in rows.order_by("key").values_list("content", flat=True)]


def newest_number() -> int:
    """The edition in use; 0 before the first."""
    return int(IndexBuild.objects.aggregate(last=Max("number"))["last"] or 0)
