"""Vectors that were made once, by what they were made of; a build that is stopped goes on where it was."""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.embeddings import Embedder
from yueban.assistant.index.files import appearing

AT_ONCE: Final = 64
# Rewritten without what nothing uses any more when that is more than half.
MOST_UNUSED: Final = 2

Progress = Callable[[int, int], None]


class VectorCache:
    """One file an embedder, records one after another: key, check sum, vector. What is torn at its end is dropped."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self._type = np.dtype([("key", "V32"), ("check", "<u4"), ("vector", "<f4", embedder.width)])
        named = hashlib.sha256(embedder.name.encode()).hexdigest()[:12]
        self._path = folder / f"vectors-{named}.cache"

    def vectors(self, texts: Sequence[str], progress: Progress | None = None) -> tuple[Floats, int]:
        """The vectors of the texts, and how many of them had to be made."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        known = self._read()
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
        for start in range(0, len(missing), AT_ONCE):
            batch = missing[start : start + AT_ONCE]
            made = self._embedder.passages([text for _, text in batch])
            fresh = {key: vector for (key, _), vector in zip(batch, made, strict=True)}
            self._append(fresh)
            known |= fresh
            if progress:
                progress(min(start + AT_ONCE, len(missing)), len(missing))
        if len(known) > MOST_UNUSED * max(len(set(keys)), AT_ONCE):
            self._rewrite({key: known[key] for key in keys})
        found = np.empty((len(keys), self._embedder.width), np.float32)
        for row, key in enumerate(keys):
            found[row] = known[key]
        return found, len(missing)

    def _read(self) -> dict[bytes, Floats]:
        if not self._path.exists():
            return {}
        whole = self._path.stat().st_size // self._type.itemsize
        rows = np.fromfile(self._path, self._type, whole)
        if whole * self._type.itemsize != self._path.stat().st_size:
            with self._path.open("rb+") as file:
                file.truncate(whole * self._type.itemsize)
        return {
            bytes(row["key"]): row["vector"]
            for row in rows
            if zlib.crc32(row["vector"].tobytes(), zlib.crc32(bytes(row["key"]))) == row["check"]
        }

    def _append(self, fresh: dict[bytes, Floats]) -> None:
        with self._path.open("ab") as file:
            file.write(self._rows(fresh))

    def _rewrite(self, kept: dict[bytes, Floats]) -> None:
        with appearing(self._path) as path:
            path.write_bytes(self._rows(kept))

    def _rows(self, vectors: dict[bytes, Floats]) -> bytes:
        rows = np.zeros(len(vectors), self._type)
        for row, (key, vector) in zip(rows, vectors.items(), strict=True):
            row["key"], row["vector"] = key, vector
            row["check"] = zlib.crc32(row["vector"].tobytes(), zlib.crc32(key))
        return rows.tobytes()
