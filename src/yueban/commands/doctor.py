"""`yueban doctor`: what this machine and this instance have, what is missing, and what to do about it."""

import argparse
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured

from yueban.commands.checkup import machine
from yueban.commands.checkup.check import Check, ill
from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance
from yueban.postgres.errors import PostgresError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """JSON for programs."""
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; content when all that the platform needs to run is there."""
    checks = []
    for check in [*_check_machine(), *_check_instance()]:
        say(
            f"{'✓' if check.ok else '✗'} {check.name}:{check.detail}"
            + (f" → {check.remedy}" if check.remedy else "")
        )
        checks.append(check)
    is_well = all(check.ok for check in checks if check.purpose == "run")
    result = {"ok": is_well, "checks": [check.as_dict() for check in checks]}
    return finish(result, as_json=arguments.json)


def _check_machine() -> Iterator[Check]:
    yield machine.check_python()
    yield machine.check_disk()
    yield from machine.check_fonts()
    yield machine.check_browser()
    yield machine.check_ocr()
    yield machine.check_meaning()


def _check_instance() -> list[Check]:
    try:
        with running_instance() as is_running:
            from yueban.commands.checkup.instance import check_instance

            return list(check_instance(is_running=is_running))
    except (CommandError, PostgresError, ImproperlyConfigured) as error:
        return [ill("instance", str(error), "运行 ./yueban demo,或按 docs/settings.md 设置生产环境")]
