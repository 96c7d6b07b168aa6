"""Search by words. A document counts by where the word stands: title, aliases, text, and how the title sounds.

Two engines give the same kind of answer: tantivy, and a small BM25 in NumPy for where tantivy cannot be used. What is
not allowed is left out before the ranking is cut, never after.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from yueban.assistant.index.documents import Document
from yueban.assistant.index.words import query_sounds, query_tokens, title_sounds, tokens

WEIGHTS: Final = {"title": 2.0, "aliases": 1.5, "body": 1.0, "sounds": 0.5}
# So many allowed documents are named to the engine; of more, the ranking is read until enough of them have come.
MOST_NAMED: Final = 2_000
HEAP_BYTES: Final = 64_000_000

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Ranking = list[tuple[int, float]]


class Lexical(Protocol):
    """An engine: numbers of documents with their raw scores, best first."""

    def search(self, text: str, *, allowed: Mask | None, limit: int) -> Ranking:
        """The best `limit` of the allowed."""
        ...


def has_tantivy() -> bool:
    """Whether the engine can be loaded."""
    try:
        import tantivy  # noqa: F401
    except ImportError:
        return False
    return True


def fields_of(document: Document) -> dict[str, list[str]]:
    """The tokens of each field."""
    return {
        "title": tokens(document.title),
        "aliases": tokens(document.aliases),
        "body": tokens(document.text),
        "sounds": title_sounds(document.title),
    }


def asked(text: str) -> list[tuple[str, str]]:
    """Field and token of everything that is looked for."""
    words, sounds = query_tokens(text), query_sounds(text)
    named = [(field, word) for field in ("title", "aliases", "body") for word in words]
    return named + [("sounds", sound) for sound in sounds]


def write_tantivy(folder: Path, documents: Sequence[Document]) -> None:
    """The engine's files, one segment's worth at a time."""
    import tantivy

    index = tantivy.Index(_schema(), str(folder))
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
    for number, document in enumerate(documents):
        row = tantivy.Document()
        row.add_unsigned("number", number)
        for field, words in fields_of(document).items():
            row.add_text(field, " ".join(words))
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class Tantivy:
    """The engine; its files are mapped, so that processes share them."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        self._schema, self._searcher = index.schema, index.searcher()
        self.count: int = self._searcher.num_docs

    def search(self, text: str, *, allowed: Mask | None, limit: int) -> Ranking:
        """The best `limit` of the allowed."""
        looked_for = asked(text)
        if not looked_for or limit < 1 or (allowed is not None and not allowed.any()):
            return []
        query = self._query(looked_for)
        if allowed is None:
            return self._best(query, limit)
        numbers = np.flatnonzero(allowed)
        if len(numbers) <= MOST_NAMED:
            return self._best(self._only(query, numbers.tolist()), limit)
        return self._read_on(query, allowed, limit)

    def _query(self, looked_for: list[tuple[str, str]]) -> Any:
        make, should = self._tantivy.Query, self._tantivy.Occur.Should
        return make.boolean_query(
            [
                (should, make.boost_query(make.term_query(self._schema, field, word, "freq"), WEIGHTS[field]))
                for field, word in looked_for
            ]
        )

    def _only(self, query: Any, numbers: list[int]) -> Any:
        make, must = self._tantivy.Query, self._tantivy.Occur.Must
        named = make.term_set_query(self._schema, "number", numbers)
        return make.boolean_query([(must, query), (must, make.const_score_query(named, 0.0))])

    def _read_on(self, query: Any, allowed: Mask, limit: int) -> Ranking:
        """Longer and longer rankings until `limit` of the allowed are in one, or it is all there is."""
        share = max(allowed.mean(), 1e-6)
        depth = min(self.count, int(2 * limit / share) + limit)
        while True:
            ranking = self._best(query, depth)
            kept = [one for one in ranking if allowed[one[0]]]
            if len(kept) >= limit or len(ranking) < depth or depth >= self.count:
                return kept[:limit]
            depth = min(self.count, depth * 4)

    def _best(self, query: Any, limit: int) -> Ranking:
        hits = self._searcher.search(query, limit, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]
