"""`yueban openapi`: write the description of the API to docs/openapi.json, or check that it is up to date."""

import argparse
import json
import os

from yueban.commands.django_setup import ROOT, set_up_django
from yueban.commands.output import finish, say

TARGET = ROOT / "docs" / "openapi.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Write or check."""
    parser.add_argument("--check", action="store_true", help="只检查是否最新 / only check that it is current")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """The file is committed, so that a change of the API shows in its review."""
    text = describe()
    is_current = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
    if not arguments.check:
        TARGET.write_text(text, encoding="utf-8")
        say(f"已写入 / written: {TARGET.relative_to(ROOT)}")
        is_current = True
    elif not is_current:
        say("docs/openapi.json 不是最新的，请运行 ./yueban openapi。 / Out of date; run ./yueban openapi.")
    return finish({"ok": is_current, "path": str(TARGET.relative_to(ROOT))}, as_json=arguments.json)


def describe() -> str:
    """The description as the file has it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    from yueban.channels.api.urls import api

    return (
        json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
    )
