"""`yueban sources`: the demonstration's counterpart of the data sources (演示), in a process of its own."""

import argparse
import json
import os

from yueban.commands.demo_sources import Counterpart, read_book
from yueban.commands.django_setup import ROOT
from yueban.commands.output import say
from yueban.processes import die_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where it answers; the secret is the environment's."""
    parser.add_argument("--port", type=int, default=0, help="端口，0 为任意空闲端口 / 0: any free port")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)


def secret_of_demo() -> str:
    """The secret that this instance shares with its own counterpart."""
    found: dict[str, str] = json.loads(os.environ.get("YUEBAN_CONNECTOR_SECRETS", "{}"))
    return found.get("demo", "demo")


def run(arguments: argparse.Namespace) -> int:
    """Answer until stopped."""
    if arguments.with_parent:
        die_with_parent()
    cast = ROOT / "cities" / "shaoxing" / "cast.yaml"
    book = read_book(cast, secret_of_demo())
    with Counterpart(book, port=arguments.port) as server:
        say(f"数据共享接口的演示对端（演示） / the demo's data sources: {server.url}")
        server.serve_forever()
    return 0
