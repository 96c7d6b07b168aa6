"""`yueban bench consult`: the search behind the consultation, beside bm25s, plain tantivy and SQLite's trigrams.

All sides search the same documents for the same questions in the same run: the city's approved answers, asked by
variants of their questions that no document holds. Growth: an index of 200,000 units, of which some are really
embedded and the others get moved vectors; the rate is said. Checked in the run: a filtered search gives what is left
of the whole ranking.
"""

import argparse
from typing import Any

from yueban.commands.django_setup import ROOT
from yueban.commands.measuring import Progress, run_program


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument(
        "--units", type=int, default=200_000, help="增长到多少单元 / units of the large index"
    )
    parser.add_argument(
        "--embed", type=int, default=5_000, help="其中真正计算多少向量 / really embedded of them"
    )
    parser.add_argument("--questions", type=int, default=1_000, help="问多少句 / questions asked")


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Search; `recall10_vs_bm25s` is ours ÷ theirs, `p95_vs_tantivy` the same of the time, meaning included."""
    words = ["--units", arguments.units, "--embed", arguments.embed, "--questions", arguments.questions]
    words += ["--models", ROOT / "var" / "bench" / "models"]
    found = run_program("benchmarks.consult.run", words, progress=progress, settings={})
    ours, peers = found["ours"], found["peers"]
    return {
        "ours": {
            "units": found["units"],
            "embedded": found["embedded"],
            "index_s": found["index_s"],
            "recall10": ours["recall10"],
            "search_p50_ms": ours["p50_ms"],
            "search_p95_ms": ours["p95_ms"],
            # The whole answer, alone and with eight at once, joins here: answer_p95_ms, answer_p95_at_8_ms.
            "growth": found["growth"],
            "rss_mb": found["rss_mb"],
        },
        "peers": peers,
        "ratios": {
            "recall10_vs_bm25s": round(ours["recall10"] / max(peers["bm25s"]["recall10"], 1e-9), 3),
            "p95_vs_tantivy": round(ours["p95_ms"] / max(peers["tantivy"]["p95_ms"], 1e-9), 2),
        },
        "checked_equal": found["is_filter_exact"],
    }
