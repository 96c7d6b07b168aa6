"""`yueban catalogue parity`: made-up applicants through every channel at every level of an instance of its own."""

import argparse
import logging
import time

from yueban.commands.measuring import fresh_instance
from yueban.commands.output import finish, say

FEW, MANY = 3, 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many applicants, at which places, of which items."""
    parser.add_argument(
        "--all", action="store_true", help=f"每个事项 {MANY} 名申请人 / {MANY} applicants an item"
    )
    parser.add_argument(
        "--bundle", action="append", metavar="KEY", help="只看这件一件事，可多次 / this bundle only"
    )
    parser.add_argument(
        "--every-place",
        action="store_true",
        help="标准相同的地方也逐处走一遍 / every place, also where another asks the very same",
    )


def run(arguments: argparse.Namespace) -> int:
    """Load the city into an instance of its own, prove, throw it away; 0 only without a difference."""
    with fresh_instance():
        from django.conf import settings

        from yueban.commands.parity.prover import Prover, bundles_in_force, keys_in_force

        # Whether a source answers at this moment is no difference between channels: none is asked, as in the tests.
        settings.YUEBAN_SOURCES_URL = ""
        # Refused forms are what is looked for; a line for each would bury the progress.
        logging.getLogger("django.request").setLevel(logging.CRITICAL)
        begun = time.monotonic()
        prover = Prover(MANY if arguments.all else FEW, every_place=arguments.every_place)
        is_all = not (arguments.item or arguments.bundle)
        items, bundles = (
            (keys_in_force(), bundles_in_force()) if is_all else (arguments.item, arguments.bundle)
        )
        proof = prover.prove(items or (), bundles or (), say)
        result = proof.to_json()
        from yueban.commands.prepare import close_database

        close_database()
    for one in proof.differences:
        say(
            f"{one.item} {one.channel} {one.level} {one.place}：{one.what} 应为“{one.expected}”，现为“{one.found}”"
        )
    say(f"{result['items']} 个事项，{result['bundles']} 件一件事，{proof.applicants} 名申请人")
    say(f"{result['channels']} 个渠道，{result['levels']} 级")
    say(
        f"走了 {proof.readings} 遍，{proof.shared} 处与别处标准相同、未重走，{time.monotonic() - begun:.0f} 秒"
    )
    return finish(result, as_json=arguments.json)
