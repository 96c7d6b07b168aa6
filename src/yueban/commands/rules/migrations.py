"""Migrations carry a name that says what they do, and there is one for every change of a model."""

import re

from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from yueban.commands.rules.finding import SOURCE, Finding, at

NAMED = re.compile(r"^\d{4}_[a-z][a-z0-9_]*[a-z0-9]$")


def find_names() -> list[Finding]:
    """Migrations named by Django, or not at all."""
    findings = []
    for path in sorted(SOURCE.glob("*/migrations/*.py")):
        name = path.stem
        if name == "__init__":
            continue
        if not NAMED.match(name) or "_auto_" in name or name.endswith("_initial"):
            message = f"{name}:请起一个说明内容的名字，例如 0007_case_deadline_paused_at"
            findings.append(at(path, 1, "migration", message))
    return findings


def find_pending() -> list[Finding]:
    """Apps whose models differ from their migrations."""
    loader = MigrationLoader(None)
    with translation.override(None):  # Django's own field names are written in English into migrations
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    return [
        Finding(
            f"src/yueban/{app}/models.py", 1, "migration", f"{app} 的模型有改动还没有迁移：{_describe(todo)}"
        )
        for app, todo in changes.items()
        if apps.get_app_config(app).name.startswith("yueban.")
    ]


def _describe(todo: list[Migration]) -> str:
    operations = [operation for migration in todo for operation in migration.operations]
    return ";".join(operation.describe() for operation in operations[:5])
