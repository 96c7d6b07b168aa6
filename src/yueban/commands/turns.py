"""`yueban turns`: print the table of moves of a case into docs/flows/case-turns.md, or check that it is current."""

import argparse
import os

from yueban.commands.django_setup import ROOT, set_up_django
from yueban.commands.output import finish, say

TARGET = ROOT / "docs" / "flows" / "case-turns.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Write or check."""
    parser.add_argument("--check", action="store_true", help="只检查是否最新 / only check that it is current")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """The page is committed, so that a change of the law of a case shows in its review."""
    text = table()
    is_current = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
    if not arguments.check:
        TARGET.write_text(text, encoding="utf-8")
        say(f"已写入 / written: {TARGET.relative_to(ROOT)}")
        is_current = True
    elif not is_current:
        say("docs/flows/case-turns.md 不是最新的，请运行 ./yueban turns。 / Out of date; run ./yueban turns.")
    return finish({"ok": is_current, "path": str(TARGET.relative_to(ROOT))}, as_json=arguments.json)


def table() -> str:
    """The page as the file has it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    from yueban.cases.turns_table import as_markdown

    return as_markdown()
