"""`yueban bench match`: 266,000 enterprises against 1,500 clauses, beside Polars, DuckDB and OpenFisca-core.

All sides decide in three values on the same nullable data, and their answers are compared in the run. The peers stand
in an environment of their own under var/bench, made from hashes the first time; the product knows none of them.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError
from yueban.commands.made_city import measure_ends
from yueban.commands.measuring import Progress, run_program

LOCK = ROOT / "benchmarks" / "match" / "peers.txt"
HOME = ROOT / "var" / "bench" / "match-peers"
PEERS = ("polars", "openfisca", "duckdb")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--enterprises", type=int, default=266_000, help="企业数 / enterprises")
    parser.add_argument("--clauses", type=int, default=1_500, help="条款数 / clauses")
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS, help="和谁比 / beside whom")
    parser.add_argument(
        "--growth",
        type=int,
        nargs="*",
        default=[266_000, 1_000_000, 10_000_000],
        help="再测多少家企业的全量匹配，各一次 / full runs over so many enterprises, once each",
    )
    parser.add_argument(
        "--limit",
        type=int,
        default=600,
        help="每一步最多等多少秒，超时如实写明 / seconds a peer has for each step; that it took longer is said",
    )
    parser.add_argument(
        "--end-to-end",
        type=int,
        default=0,
        metavar="TIMES",
        help="再测从签发到推送名单、从数据变化到网页，各这么多次 / also signings and pages, so many times each",
    )


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The peers' environment, then every side; a ratio is ours ÷ theirs in CPU time (`_wall`: by the clock)."""
    settings = {}
    if arguments.peers:
        settings["BENCH_PEERS_PYTHON"] = str(peers_python(progress))
        settings["PYTHONPATH"] = str(ROOT / "src")  # the peers' Python has no yueban installed
    words = ["--enterprises", arguments.enterprises, "--clauses", arguments.clauses, "--runs", arguments.runs]
    words += ["--limit", arguments.limit, "--peers", *arguments.peers, "--growth", *arguments.growth]
    found = run_program("benchmarks.match.run", words, progress=progress, settings=settings)
    if arguments.end_to_end:
        progress("从数据库到推送名单和网页 / end to end, from the database to push list and page")
        ends = measure_ends(enterprises=arguments.enterprises, times=arguments.end_to_end, progress=progress)
        found["checked_equal"] = found["checked_equal"] and ends.pop("is_right")
        found["ours"]["end_to_end"] = ends
    return found


def peers_python(progress: Progress) -> Path:
    """The Python of the peers' environment; made when it is missing or another lock has come."""
    python, stamp = HOME / "bin" / "python", HOME / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    progress("安装对照引擎（仅测速用） / installing the peers, for measuring only")
    shutil.rmtree(HOME, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(HOME)])
    _run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "-r", str(LOCK)])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _run(words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-3:])
        raise CommandError(
            f"对照引擎没有装好：\n{tail}\n请检查网络或 PIP_INDEX_URL，或用 --peers 空着只测自己。 / "
            "The peers could not be installed; check the network, or give --peers without names."
        )
