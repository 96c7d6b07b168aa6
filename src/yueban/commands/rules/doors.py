"""An app is entered through its doors only: services, selectors, errors, choices, and models for keys and types."""

import ast
from collections.abc import Iterator
from pathlib import Path

from yueban.commands.rules.finding import ROOT, SOURCE, Finding, at, parse, python_files

DOORS = frozenset({"services", "selectors", "errors", "choices", "models"})
# Packages without tables have no doors: all of them is public.
OPEN = frozenset(
    {
        "cli",
        "kernel",
        "expressions",
        "postgres",
        "commands",
        "settings",
        "prepared",
        "processes",
        "probes",
        "model_endpoints",
    }
)
# More doors, each named for what it offers.
MORE_DOORS = {
    "assistant": frozenset(
        {"index"}
    ),  # the search index, which knows no tables; `yueban bench consult` measures it
    "accounts": frozenset({"walls"}),  # whose rows the database shows this connection
    "jobs": frozenset({"registry", "worker"}),  # handlers are registered; `yueban worker` runs the loop
    "catalogue": frozenset(
        {
            *("compiled", "exchange", "listing", "situations", "materials", "problems"),
            *("applicable", "bundles"),
            *("adoption", "diff", "drafts", "editing", "rules", "same_standard", "shape"),
        }
    ),  # reading items, and what is being written of them
    "cases": frozenset({"turns_table"}),  # the table of turns as a page of the documentation
    "documents": frozenset({"fonts"}),  # `yueban doctor` asks which characters can be printed
    "matching": frozenset(
        {"backtest", "explain", "table", "push_counts", "push_settings", "segments"}
    ),  # what an offer would do, why somebody matches, who is told of it and who wants to be
    "policies": frozenset(
        {
            *("amounts", "documents", "standard", "standards", "telling"),
            *("reading", "drafts", "importing", "model_client", "model_reader", "scoring"),
        }
    ),  # what an offer says and gives, and how it is read from a text
    "prechecks": frozenset({"reader", "pages"}),  # and whether uploads can be read, before Django is set up
    # money set aside, totals that change, paid in batches, answered by the bank, asked back
    "payments": frozenset({"adjusting", "budgets", "batches", "batch_answers", "recoveries"}),
    # what is known of enterprises, and what follows from it, of one and of all
    "parties": frozenset({"enterprise_facts", "derived_facts", "size_class", "tags"}),
}
# Pages read and start flows; they write nothing themselves.
CLOSED_TO_CHANNELS = frozenset({"services", "adjusting", "budgets", "batches", "batch_answers", "recoveries"})


def find_doors() -> list[Finding]:
    """Imports that enter another app elsewhere than through its doors."""
    findings = []
    for path in python_files(SOURCE):
        home = path.relative_to(SOURCE).parts[0]
        for line, app, module in imports_of(path):
            problem = find_problem(home, app, module)
            if problem:
                findings.append(at(path, line, "doors", problem))
    return findings


def find_problem(home: str, app: str, module: str) -> str | None:
    """Why code in the package `home` may not import `module` of `app`; None when it may."""
    if app == home or app in OPEN or module == "":
        return None
    if app == "channels":
        return None if home in {"urls.py", "commands"} else "下层不能引用 channels"
    if app == "flows":
        return None  # who may is in .importlinter
    if home == "channels" and module in CLOSED_TO_CHANNELS:
        return f"页面不写数据：请通过 flows 调用 {app}.{module}"
    if module in DOORS | MORE_DOORS.get(app, frozenset()):
        return None
    return f"请通过 {app} 的 services、selectors、errors、choices 或 models 进入，不要引用 {app}.{module}"


def imports_of(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, app and first module inside it, for every import of our own packages."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{_absolute(node, path)}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "yueban" and len(parts) > 1:
                yield node.lineno, parts[1], parts[2] if len(parts) > 2 else ""


def _absolute(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT / "src").parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])
