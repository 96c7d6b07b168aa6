"""`yueban journey NAME`: walk a whole journey through the interface; each is a module of `journeys`."""

import argparse
import importlib
import pkgutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yueban.commands import journeys
from yueban.commands.instance import Instance
from yueban.commands.output import finish, say
from yueban.commands.ports import find_free_port

# A journey's `walk(base_url=…, is_private=…, progress=…)` returns the object of docs/schemas/journey.json.
Walk = Callable[..., dict[str, Any]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which journey, and where."""
    parser.add_argument("name", choices=find_names(), help="流程 / which journey")
    parser.add_argument(
        "--base-url", help="已在运行的演示的地址 / a running demo instead of a private instance"
    )
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def find_names() -> list[str]:
    """The journeys there are."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(journeys.__path__))


def run(arguments: argparse.Namespace) -> int:
    """Walk it on a private instance with the demo clock, or on the one named."""
    module = importlib.import_module(f"yueban.commands.journeys.{arguments.name.replace('-', '_')}")
    walk: Walk = module.walk
    if arguments.base_url:
        result = walk(base_url=arguments.base_url.rstrip("/"), is_private=False, progress=say)
    else:
        result = walk_privately(walk)
    say(f"{arguments.name}: {'ok' if result['ok'] else '没有走完 / not finished'}")
    return finish(result, as_json=arguments.json)


def walk_privately(walk: Walk) -> dict[str, Any]:
    """Walk on an instance made for this journey alone and thrown away after it."""
    with tempfile.TemporaryDirectory(prefix="yueban-journey-") as folder:
        Path(folder).chmod(0o755)
        instance = Instance(Path(folder) / "instance", port=find_free_port())
        instance.claim()
        try:
            instance.start()
            instance.wait_for_first_page()
            return walk(base_url=instance.address, is_private=True, progress=say)
        finally:
            instance.stop()
