"""`yueban audit verify`: prove every event chain and every anchor."""

import argparse

from yueban.commands.output import finish, say
from yueban.commands.running import running_instance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the audit."""
    parser.add_argument("act", choices=["verify"], help="验证 / prove the chains")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read every event once and name what was altered."""
    with running_instance():
        from yueban.audit.selectors import verify_all

        found = verify_all()
    say(found.message)
    for broken in found.broken:
        say(f"  {broken.reference}: {broken.message}")
    result = {
        "ok": found.ok,
        "chains": found.chains,
        "events": found.events,
        "anchors": found.anchors,
        "broken": [
            {"reference": str(broken.reference), "broken_at": broken.broken_at, "message": broken.message}
            for broken in found.broken
        ],
        "message": found.message,
    }
    return finish(result, as_json=arguments.json)
