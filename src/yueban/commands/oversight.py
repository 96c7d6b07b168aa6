"""`yueban oversight run`: let the rules of electronic supervision look through everything now."""

import argparse

from yueban.commands.output import finish, say
from yueban.commands.running import running_instance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    parser.add_argument("act", choices=["run"], help="运行监察规则 / run the rules")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run R01-R15 once; an occurrence that is known is not raised again."""
    with running_instance():
        from yueban.flows.supervise import run_rules

        raised = run_rules()
    say("，".join(f"{rule} {count}" for rule, count in raised.items() if count) or "没有新的监察记录。")
    return finish({"ok": True, "raised": raised}, as_json=arguments.json)
