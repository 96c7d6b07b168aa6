"""`yueban test`: the house rules, then every test, in a browser where a page is tested."""

import argparse
import os
import subprocess
import sys
import time

from yueban.commands.check import find_all
from yueban.commands.chromium import ensure_browser
from yueban.commands.django_setup import ROOT
from yueban.commands.output import finish, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to leave out, and pytest's own words."""
    parser.add_argument("--all", action="store_true", help="包括标为 slow 的测试 / the slow ones too")
    parser.add_argument("--no-check", action="store_true", help="不先检查代码规矩 / without the house rules")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )
    parser.add_argument(
        "pytest", nargs="*", help="交给 pytest 的文件或参数(参数前加 --)/ passed on to pytest"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check while the tests begin; both are run to the end, so that one run shows everything."""
    started = time.monotonic()
    ensure_browser(say)
    words = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder", "-q", *arguments.pytest]
    if not arguments.all:
        words += ["-m", "not slow"]
    # The rules keep one processor busy for half a minute: the tests need not wait for them.
    with subprocess.Popen([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=_environment()) as tests:
        findings = [] if arguments.no_check else find_all(say)
    for finding in findings:
        say(str(finding))
    seconds = round(time.monotonic() - started, 1)
    say(f"{'全部通过' if tests.returncode == 0 and not findings else '没有通过'}，用时 {seconds} 秒")
    result = {
        "ok": tests.returncode == 0 and not findings,
        "findings": len(findings),
        "pytest": tests.returncode,
        "seconds": seconds,
    }
    return finish(result, as_json=arguments.json)


def _environment() -> dict[str, str]:
    """The shell's environment without settings meant for running, which would reach the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("YUEBAN_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    # Forty processes start in a run, and each would translate a thousand modules by itself.
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept["PYTHONPYCACHEPREFIX"] = str(ROOT / "var" / "translated")
    return kept
