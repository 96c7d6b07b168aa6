"""`yueban check`: the house rules, all in one run."""

import argparse
import os
from collections.abc import Callable

from yueban.commands.django_setup import set_up_django
from yueban.commands.output import finish, say
from yueban.commands.rules.finding import Finding

Rule = Callable[[], list[Finding]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """JSON for programs."""
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run every rule and print what each finds."""
    findings = find_all(say)
    for finding in findings:
        say(str(finding))
    say(f"{len(findings)} 处需要修改 / findings" if findings else "全部符合 / all rules hold")
    result = {"ok": not findings, "findings": [finding.as_dict() for finding in findings]}
    return finish(result, as_json=arguments.json)


def find_all(progress: Callable[[str], None]) -> list[Finding]:
    """The findings of all rules, in the order of the files."""
    # Rules look at the code only: whatever database or settings this shell is meant for is not touched.
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    findings: list[Finding] = []
    for name, rule in _rules():
        progress(f"检查 {name}")
        findings += rule()
    return sorted(findings)


def _rules() -> list[tuple[str, Rule]]:
    from yueban.commands.rules import documented, doors, migrations, models, sizes, tools, vendored

    return [
        ("风格与复杂度 / style", tools.find_style),
        ("类型 / types", tools.find_types),
        ("层次 / layers", tools.find_layers),
        ("外键的方向 / keys", models.find_keys),
        ("应用的门 / doors", doors.find_doors),
        ("篇幅 / sizes", sizes.find_sizes),
        ("词表 / glossary", models.find_glossary),
        ("迁移的名字 / migrations", migrations.find_names),
        ("未写的迁移 / pending migrations", migrations.find_pending),
        ("外来文件 / vendored files", vendored.find_vendored),
        ("设置说明 / settings", documented.find_documented),
    ]
