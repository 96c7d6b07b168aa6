"""The library of consultation for tests: everything published in the test city, searched by words alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from yueban.assistant import shelf
from yueban.flows import keep_knowledge


@contextmanager
def by_words() -> Iterator[None]:
    """Nobody makes vectors; what is published is kept, and a process looks for something newer each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "embedder", lambda: None)
        patch.setattr(shelf, "PATIENCE_S", 0.0)
        shelf.forget()
        keep_knowledge.keep()
        yield
        shelf.forget()
