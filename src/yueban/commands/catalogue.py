"""`yueban catalogue check`: read a city pack and name every mistake by file, line and field, writing nothing."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from yueban.commands.django_setup import ROOT, set_up_django
from yueban.commands.output import finish, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which pack."""
    parser.add_argument("act", choices=["check"], help="检查 / check")
    parser.add_argument(
        "city", type=Path, nargs="?", default=ROOT / "cities" / "shaoxing", help="城市资料文件夹"
    )
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the files alone; no database is needed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    from yueban.flows.city_pack import PackUnsound
    from yueban.flows.load_city import check_city, find_quality_faults

    items = len(list(arguments.city.glob("catalogue/*.yaml")))
    findings: list[dict[str, object]] = []
    try:
        for fault in find_quality_faults(*check_city(arguments.city, progress=say)):
            say(f"{fault.rule} {fault.item} {fault.field}: {fault.message}")
            findings.append(asdict(fault))
    except PackUnsound as error:
        for problem in error.problems:
            say(str(problem))
            message = f"{problem.file}:{problem.line} {problem.message}{problem.hint}"
            item = Path(problem.file).stem
            findings.append({"rule": error.code, "item": item, "field": problem.field, "message": message})
    say(f"{items} 个事项，{len(findings)} 处问题")
    result = {"ok": not findings, "items": items, "bundles": 0, "findings": findings}
    return finish(result, as_json=arguments.json)
