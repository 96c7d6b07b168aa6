"""What benchmarks share: a private instance, and a program of theirs that measures in its environment."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError
from yueban.commands.instance import Instance
from yueban.commands.ports import find_free_port

Progress = Callable[[str], None]


@contextmanager
def fresh_instance(**for_children: str) -> Iterator[Instance]:
    """An instance with its database alone, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="yueban-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(
            Instance(folder / "instance", port=find_free_port(), for_children=for_children)
        ) as instance:
            yield instance


@contextmanager
def running(instance: Instance) -> Iterator[Instance]:
    """The instance with its database started, for the time of the measuring."""
    instance.claim()
    try:
        instance.start_database()
        yield instance
    finally:
        instance.stop()


def run_program(
    module: str, words: Sequence[object], *, progress: Progress, settings: Mapping[str, str]
) -> dict[str, Any]:
    """Run a benchmark's program, tell its lines as they come, and read the object it prints last."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *(str(word) for word in words)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    told: list[str] = []
    teller = threading.Thread(target=_tell, args=(process.stderr, told, progress))
    teller.start()
    printed = process.stdout.read()
    process.wait()
    teller.join()
    if process.returncode:
        tail = "\n".join(told[-20:])
        raise CommandError(f"测速没有完成：\n{tail} / The benchmark did not finish.")
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def _tell(lines: Any, told: list[str], progress: Progress) -> None:
    for line in lines:
        told.append(line.rstrip())
        progress(f"  {told[-1]}")
