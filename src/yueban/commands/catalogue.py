"""`yueban catalogue check | parity | export | import`: items checked, proved the same everywhere, exchanged."""

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from yueban.commands import catalogue_exchange, catalogue_parity
from yueban.commands.django_setup import ROOT, set_up_django
from yueban.commands.output import finish, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which pack or file."""
    parser.add_argument(
        "act", choices=["check", "parity", "export", "import"], help="检查、同源核对、导出、导入"
    )
    parser.add_argument(
        "path", type=Path, nargs="?", help="城市资料文件夹（check）；.json 或 .xlsx 文件（export、import）"
    )
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )
    catalogue_exchange.add_arguments(parser)
    catalogue_parity.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    if arguments.act == "check":
        return _check(arguments.path or ROOT / "cities" / "shaoxing", as_json=arguments.json)
    if arguments.act == "parity":
        return catalogue_parity.run(arguments)
    return catalogue_exchange.run(arguments)


def _check(city: Path, *, as_json: bool) -> int:
    """Check the files alone; no database is needed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    from yueban.flows.city_pack import PackUnsound
    from yueban.flows.load_city import (
        check_city,
        find_connector_faults,
        find_document_faults,
        find_money_faults,
        find_quality_faults,
        find_system_faults,
    )

    items = len(list(city.glob("catalogue/*.yaml")))
    bundles = len([path for path in city.glob("bundles/*.yaml") if path.name != "national.yaml"])
    findings: list[dict[str, object]] = []
    try:
        pack, prepared = check_city(city, progress=say)
        for fault in find_quality_faults(pack, prepared):
            say(f"{fault.rule} {fault.item} {fault.field}: {fault.message}")
            findings.append(asdict(fault))
        for said in find_system_faults(pack):
            say(f"systems/{said}")
            file, _colon, message = said.partition("：")
            findings.append({"rule": "systems", "item": "", "field": f"systems/{file}", "message": message})
        others = {
            "connectors": find_connector_faults,
            "budgets": find_money_faults,
            "documents": find_document_faults,
        }
        for rule, said in ((rule, said) for rule, find in others.items() for said in find(pack)):
            say(said)
            file, _colon, message = said.partition("：")
            findings.append({"rule": rule, "item": "", "field": file, "message": message})
    except PackUnsound as error:
        for problem in error.problems:
            say(str(problem))
            message = f"{problem.file}:{problem.line} {problem.message}{problem.hint}"
            item = Path(problem.file).stem
            findings.append({"rule": error.code, "item": item, "field": problem.field, "message": message})
    say(f"{items} 个事项，{bundles} 个一件事，{len(findings)} 处问题")
    result = {"ok": not findings, "items": items, "bundles": bundles, "findings": findings}
    return finish(result, as_json=as_json)
