"""Index, growth and search of `yueban bench consult`; prints one object.

The units are stood in for by the city's approved answers (questions.csv): one document a row, its question the title.
What is asked are the variants of the questions, which no document holds; right is the row they belong to.
"""

import argparse
import csv
import json
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.consult.peers import PEERS
from yueban.assistant.index import searching, store
from yueban.assistant.index.documents import Document
from yueban.assistant.index.embeddings import Embedder, make_embedder

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "cities" / "shaoxing" / "questions.csv"
TOP = 10
FILLED = re.compile(r"\{[^}]*\}")
Search = Callable[[str], list[str]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, required=True)
    parser.add_argument("--embed", type=int, required=True)
    parser.add_argument("--questions", type=int, required=True)
    parser.add_argument("--models", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.models.mkdir(parents=True, exist_ok=True)
    documents, questions = read_city(arguments.questions)
    embedder = make_embedder(models=arguments.models)
    with tempfile.TemporaryDirectory(prefix="yueban-consult-") as name:
        found = {
            **measure_city(Path(name), documents, questions, embedder),
            "growth": measure_growth(
                Path(name) / "large",
                units=arguments.units,
                embed=arguments.embed,
                documents=documents,
                questions=questions,
                embedder=embedder,
            ),
        }
    found["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(found))


def read_city(most: int) -> tuple[list[Document], list[tuple[str, str]]]:
    """Documents, and questions with the document each belongs to."""
    with CITY.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    documents = [Document(row["key"], row["question"], "", FILLED.sub("", row["answer"])) for row in rows]
    asked = [
        (variant, row["key"]) for row in rows for variant in row["variants"].split("｜") if variant.strip()
    ]
    step = max(1, len(asked) // most)
    return documents, asked[::step][:most]


def measure_city(
    folder: Path, documents: list[Document], questions: list[tuple[str, str]], embedder: Embedder | None
) -> dict[str, Any]:
    """The city's index, and every engine on the same documents and questions."""
    say(f"建索引 / index of {len(documents)}")
    started = time.perf_counter()
    manifest = store.build(folder / "city", documents, embedder)
    taken = time.perf_counter() - started
    index = searching.open_index(folder / "city")
    engines: dict[str, Search] = {
        "tantivy": lambda text: [hit.id for hit in index.search(text, limit=TOP)[:TOP]],
        **{name: make(documents) for name, make in PEERS.items()},
    }
    found = {name: judged(search, questions, name) for name, search in engines.items()}
    ours = judged(lambda text: joined(index, text, embedder), questions, "ours")
    return {
        "units": len(documents),
        "index_s": round(taken, 2),
        "embedded": manifest.embedded,
        "ours": ours,
        "peers": found,
        "is_filter_exact": all(is_filtered_before_ranking(index, text) for text, _ in questions[:50]),
    }


def is_filtered_before_ranking(index: searching.Index, text: str) -> bool:
    """Whether a search among every third document gives what is left of a ranking of all."""
    allowed = set(index.ids[::3])
    everything = [hit for hit in index.search(text, limit=len(index.ids)) if hit.id in allowed]
    found = index.search(text, allowed=allowed, limit=TOP)
    return bool(
        {hit.id for hit in found} <= allowed
        and np.allclose([hit.lexical for hit in found], [hit.lexical for hit in everything[:TOP]], rtol=1e-4)
    )


def joined(index: searching.Index, text: str, embedder: Embedder | None) -> list[str]:
    """Words and meaning by their z-scores, half and half: a plain joining, the platform's own is tuned."""
    vector = embedder.queries([text])[0] if embedder else None
    hits = index.search(text, vector=vector, limit=50)
    if vector is None:
        return [hit.id for hit in hits[:TOP]]
    scores = np.array([[hit.lexical, hit.dense or 0.0] for hit in hits], np.float32)
    if not len(scores):
        return []
    total = ((scores - scores.mean(axis=0)) / (scores.std(axis=0) + 1e-6)).sum(axis=1)
    return [hits[number].id for number in np.argsort(-total, kind="stable")[:TOP]]


def judged(search: Search, questions: list[tuple[str, str]], name: str) -> dict[str, float]:
    """How often the right one is among the first ten, and how long an answer takes."""
    say(f"检索 / search: {name}")
    search(questions[0][0])
    times, hits = [], 0
    for text, right in questions:
        started = time.perf_counter()
        found = search(text)
        times.append((time.perf_counter() - started) * 1000)
        hits += right in found[:TOP]
    return {"recall10": round(hits / len(questions), 4), **spread(times)}


def spread(times: list[float]) -> dict[str, float]:
    """Median and 95 of 100."""
    return {"p50_ms": round(statistics.median(times), 2), "p95_ms": round(float(np.quantile(times, 0.95)), 2)}


class Jittered:
    """Embeds the first texts really; the others get the vectors of those, each a little moved."""

    def __init__(self, real: Embedder, most: int) -> None:
        self.real, self.most = real, most
        self.name, self.width = f"{real.name}/jittered", real.width
        self.known = np.empty((0, real.width), np.float32)
        self.seconds = 0.0
        self.chance = np.random.default_rng(7)

    def queries(self, texts: Any) -> Any:
        """As the real one."""
        return self.real.queries(texts)

    def passages(self, texts: Any) -> Any:
        """Real ones while there are too few."""
        if len(self.known) < self.most:
            started = time.perf_counter()
            made = self.real.passages(texts)
            self.seconds += time.perf_counter() - started
            self.known = np.concatenate([self.known, made])
            return made
        made = self.known[self.chance.integers(len(self.known), size=len(texts))]
        made = made + self.chance.normal(0, 0.01, made.shape).astype(np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)


def measure_growth(
    folder: Path,
    *,
    units: int,
    embed: int,
    documents: list[Document],
    questions: list[tuple[str, str]],
    embedder: Embedder | None,
) -> dict[str, Any]:
    """An index of many units: the city's, written out again and again with other numbers."""
    say(f"增长 / growth: {units}")
    many = [
        Document(f"{one.id}-{number}", f"{one.title}{number}号", one.aliases, f"{one.text}第{number}号")
        for number in range(-(-units // len(documents)))
        for one in documents
    ][:units]
    jittered = Jittered(embedder, min(embed, units)) if embedder else None
    started = time.perf_counter()
    store.build(folder, many, jittered)
    taken = time.perf_counter() - started
    index = searching.open_index(folder)
    times = []
    for text, _ in questions[:100]:
        vector = embedder.queries([text])[0] if embedder else None
        started = time.perf_counter()
        index.search(text, vector=vector, limit=50)
        times.append((time.perf_counter() - started) * 1000)
    embedded = len(jittered.known) if jittered else 0
    rate = embedded / jittered.seconds if jittered and jittered.seconds else 0.0
    return {
        "units": units,
        "really_embedded": embedded,
        "passages_per_s": round(rate, 1),
        "build_without_embedding_s": round(taken - (jittered.seconds if jittered else 0.0), 1),
        "search_without_embedding": spread(times),
    }


def say(line: str) -> None:
    """To who waits."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
