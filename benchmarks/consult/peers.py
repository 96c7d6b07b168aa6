"""The peers of the search: bm25s over the same tokens, and SQLite's FTS5 with trigrams."""

import sqlite3
from collections.abc import Callable
from typing import Final

import bm25s

from yueban.assistant.index.documents import Document
from yueban.assistant.index.words import query_tokens, tokens

TOP: Final = 10
Search = Callable[[str], list[str]]


def by_bm25s(documents: list[Document]) -> Search:
    """Title and text as one, our tokens, its defaults."""
    engine = bm25s.BM25()
    engine.index([tokens(f"{one.title} {one.text}") for one in documents], show_progress=False)

    def search(text: str) -> list[str]:
        asked = [word for word in query_tokens(text) if word in engine.vocab_dict]
        if not asked:
            return []
        numbers, _ = engine.retrieve([asked], k=min(TOP, len(documents)), show_progress=False)
        return [documents[int(number)].id for number in numbers[0]]

    return search


def by_trigrams(documents: list[Document]) -> Search:
    """Any trigram of the question, ranked by FTS5's own BM25."""
    line = sqlite3.connect(":memory:")
    line.execute("CREATE VIRTUAL TABLE units USING fts5(title, body, tokenize='trigram')")
    line.executemany("INSERT INTO units VALUES (?, ?)", [(one.title, one.text) for one in documents])

    def search(text: str) -> list[str]:
        plain = text.replace('"', " ")
        parts = dict.fromkeys(plain[start : start + 3] for start in range(len(plain) - 2))
        if not parts:
            return []
        asked = " OR ".join(f'"{part}"' for part in parts)
        rows = line.execute(
            "SELECT rowid FROM units WHERE units MATCH ? ORDER BY rank LIMIT ?", (asked, TOP)
        ).fetchall()
        return [documents[number - 1].id for (number,) in rows]

    return search


PEERS: Final[dict[str, Callable[[list[Document]], Search]]] = {
    "bm25s": by_bm25s,
    "fts5_trigram": by_trigrams,
}
