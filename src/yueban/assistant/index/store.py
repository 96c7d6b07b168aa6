"""The index on the disk: built whole beside the old one, then put in its place by the change of one small file.

`CURRENT` names the edition in use and the SHA-256 of its manifest, which has that of every other file. Readers keep
what they have opened; the edition before stays until the next build.
"""

import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from yueban.assistant.index import documents as document_file
from yueban.assistant.index import lexical
from yueban.assistant.index.documents import Document
from yueban.assistant.index.embeddings import Embedder
from yueban.assistant.index.errors import IndexDamaged
from yueban.assistant.index.files import appearing, locked, sha256_of
from yueban.assistant.index.vector_cache import Progress, VectorCache

CURRENT: Final = "CURRENT"
# Held by readers while they open an edition: none is cleared away under their hands.
OPENING: Final = ".opening.lock"
MANIFEST, DOCUMENTS, VECTORS, WORDS = "manifest.json", "documents.jsonl", "vectors.npy", "words"
FORMAT: Final = 1
LOCK_FILES: Final = ".lock"


@dataclass(frozen=True)
class Manifest:
    """What an edition consists of."""

    edition: str
    count: int
    embedder: str
    width: int
    embedded: int
    has_words: bool
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def build(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder | None,
    *,
    wait: bool = True,
    progress: Progress | None = None,
) -> Manifest:
    """A new edition of the index in `folder`, in use when this returns.

    Only texts that no build has seen are embedded. `wait=False` raises IndexBusy while another process builds;
    EmbedderFailed leaves the old edition in use.
    """
    if len({one.id for one in documents}) != len(documents):
        raise ValueError("检索单元的编号有重复，无法建立索引。请先去重。")
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".build.lock", wait=wait):
        with locked(folder / OPENING):
            _clear(folder)
        edition = folder / f"edition-{uuid.uuid4().hex[:12]}"
        edition.mkdir()
        try:
            manifest = _write(edition, documents, embedder, progress)
        except BaseException:
            shutil.rmtree(edition, ignore_errors=True)
            raise
        with appearing(folder / CURRENT) as path:
            path.write_text(f"{edition.name} {sha256_of(edition / MANIFEST)}\n", encoding="ascii")
        return manifest


def _clear(folder: Path) -> None:
    """Editions that neither are in use nor were just before: the newest two by their manifests stay."""
    whole = [one / MANIFEST for one in folder.glob("edition-*") if (one / MANIFEST).is_file()]
    used = _used(folder)
    others = sorted(
        (one.parent for one in whole if one.parent.name != used), key=lambda one: one.stat().st_mtime
    )
    kept = {used} if used else {one.name for one in others[-1:]}
    for one in folder.glob("edition-*"):
        if one.name not in kept:
            shutil.rmtree(one, ignore_errors=True)


def _used(folder: Path) -> str:
    try:
        return (folder / CURRENT).read_text(encoding="ascii").split()[0]
    except (OSError, ValueError, IndexError):
        return ""


def _write(
    edition: Path, documents: Sequence[Document], embedder: Embedder | None, progress: Progress | None
) -> Manifest:
    document_file.write(documents, edition / DOCUMENTS)
    embedded, has_words = 0, lexical.has_tantivy()
    if embedder is not None:
        cache = VectorCache(edition.parent, embedder)
        vectors, embedded = cache.vectors([one.passage for one in documents], progress)
        np.save(edition / VECTORS, vectors)
    if has_words:
        (edition / WORDS).mkdir()
        lexical.write_tantivy(edition / WORDS, documents)
    manifest = Manifest(
        edition=edition.name,
        count=len(documents),
        embedder=embedder.name if embedder else "",
        width=embedder.width if embedder else 0,
        embedded=embedded,
        has_words=has_words,
        files={str(path.relative_to(edition)): sha256_of(path) for path in _files(edition)},
    )
    (edition / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def _files(edition: Path) -> list[Path]:
    return sorted(path for path in edition.rglob("*") if path.is_file() and path.suffix != LOCK_FILES)


def find_current(folder: Path) -> tuple[Path, Manifest]:
    """The edition in use and its manifest, which is checked against the mark of it."""
    try:
        name, mark = (folder / CURRENT).read_text(encoding="ascii").split()
    except (OSError, ValueError) as wrong:
        raise IndexDamaged(CURRENT, "读不出来") from wrong
    path = folder / name / MANIFEST
    try:
        if sha256_of(path) != mark:
            raise IndexDamaged(MANIFEST, "和登记的不一致")
        manifest = Manifest(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as wrong:
        raise IndexDamaged(MANIFEST, "读不出来") from wrong
    if manifest.format != FORMAT:
        raise IndexDamaged(MANIFEST, f"是第 {manifest.format} 种格式")
    return folder / name, manifest


def find_damaged(edition: Path, manifest: Manifest) -> dict[str, str]:
    """What is wrong with which file of the edition."""
    wrong: dict[str, str] = {}
    for name, mark in manifest.files.items():
        try:
            if sha256_of(edition / name) != mark:
                wrong[name] = "和登记的不一致"
        except OSError:
            wrong[name] = "读不出来"
    return wrong
