"""Who turns texts into vectors: the model on this machine, an endpoint, or nobody."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from yueban.assistant.index import e5
from yueban.assistant.index.e5_file import Floats
from yueban.assistant.index.endpoint import Endpoint, EndpointEmbedder


class Embedder(Protocol):
    """Texts to vectors of length one; `name` says by whom made, so that vectors of two makers never meet."""

    @property
    def name(self) -> str:
        """By whom."""
        ...

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        ...

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of what people ask."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of what may be found."""
        ...


def make_embedder(*, models: Path, endpoint: Endpoint | None = None, threads: int = 1) -> Embedder | None:
    """The endpoint where one is named, else the model on this machine, else none: search is by words alone.

    Raises EmbedderFailed when the one that should serve does not.
    """
    if endpoint is not None and endpoint.url:
        return EndpointEmbedder(endpoint)
    return e5.E5(models, threads=threads) if e5.is_installed() else None
