"""`yueban bench proofs`: ten thousand applications resolve seven materials each while some sources fail and some lag.

A fresh instance with the model city, and the demonstration's counterpart in a process of its own: every question goes
over a real line, signed and checked. One in twenty sources fails, one in twenty answers too late. Nobody may be
blocked: each material must stand on a rung that needs no source, or on an answer.
"""

import argparse
import json
import secrets
from typing import Any

from yueban.commands.measuring import Progress, fresh_instance, run_program
from yueban.commands.ports import find_free_port


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--applications", type=int, default=10_000, help="申请数 / applications")
    parser.add_argument("--sources", type=int, default=40, help="数据源数 / data sources")
    parser.add_argument("--threads", type=int, default=4, help="同时办理的线程 / applications at once")


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Resolve them all once; each application is timed by itself."""
    port, secret = find_free_port(), secrets.token_hex(32)
    words = ["--applications", arguments.applications, "--sources", arguments.sources]
    words += ["--threads", arguments.threads, "--port", port]
    settings = {
        "YUEBAN_SOURCES_URL": f"http://127.0.0.1:{port}",
        "YUEBAN_CONNECTOR_SECRETS": json.dumps({"demo": secret}),
    }
    with fresh_instance():
        found = run_program("benchmarks.proofs.run", words, progress=progress, settings=settings)
    is_right = found.pop("is_right")
    return {"ours": found, "peers": {}, "ratios": {}, "checked_equal": is_right}
