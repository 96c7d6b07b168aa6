"""`yueban audit verify`: prove event chains and anchors: all, one day's, those since a day, or one case's."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

if TYPE_CHECKING:
    from yueban.audit.selectors import AuditVerification


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the audit."""
    parser.add_argument("act", choices=["verify"], help="验证 / prove the chains")
    narrowed = parser.add_mutually_exclusive_group()
    narrowed.add_argument("--day", type=date.fromisoformat, help="只验证这一天有变动的链 / chains of a day")
    narrowed.add_argument("--since", type=date.fromisoformat, help="只验证这一天以来的 / chains since a day")
    narrowed.add_argument(
        "--anchor", default="", help="与外部副本比对，写作 日期=杂凑值 / compare DAY=DIGEST kept outside"
    )
    narrowed.add_argument("--case", default="", help="只验证一件办件 / one case")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read each event once and name what was altered."""
    with running_instance():
        found = _verify(arguments)
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


def _verify(arguments: argparse.Namespace) -> "AuditVerification":
    from yueban.audit import selectors as audit
    from yueban.kernel.reference import Reference

    if arguments.day:
        return audit.verify_day(arguments.day, progress=_say_progress)
    if arguments.since:
        return audit.verify_since(arguments.since, progress=_say_progress)
    if arguments.anchor:
        day, _, digest = arguments.anchor.partition("=")
        return audit.compare_anchor(date.fromisoformat(day), digest)
    if not arguments.case:
        return audit.verify_all(progress=_say_progress)
    chain = audit.verify_chain(Reference("case", arguments.case))
    is_there = chain.events > 0
    message = chain.message if is_there else f"没有办件 {arguments.case} 的记录。"
    broken = () if chain.ok else (chain,)
    return audit.AuditVerification(chain.ok and is_there, int(is_there), chain.events, 0, broken, message)


def _say_progress(events: int) -> None:
    say(f"  已验证 {events} 个事件 / events proved")
