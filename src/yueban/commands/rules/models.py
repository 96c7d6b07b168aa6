"""What the models themselves tell: string foreign keys obey the layers, the glossary knows every model."""

import configparser
import re

from django.apps import apps
from django.db.models import Model

from yueban.commands.rules.finding import ROOT, Finding

GLOSSARY = ROOT / "docs" / "glossary.md"


def read_levels() -> dict[str, int]:
    """How high each app stands in .importlinter's layers; 0 is the bottom."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layers = config["importlinter:contract:layers"]["layers"].split("\n")
    rows = [row.strip() for row in layers if row.strip()]
    return {name.strip(): level for level, row in enumerate(reversed(rows)) for name in row.split("|")}


def own_models() -> list[type[Model]]:
    """Every model of our own apps."""
    return [model for model in apps.get_models() if model.__module__.startswith("yueban.")]


def find_keys() -> list[Finding]:
    """Foreign keys that point up or sideways; import-linter cannot see those written as text."""
    levels = read_levels()
    findings = []
    for model in own_models():
        for field in model._meta.get_fields(include_parents=False):
            target = getattr(field, "remote_field", None) and field.related_model
            if not isinstance(target, type) or field.auto_created or not issubclass(target, Model):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if there in levels and here != there and levels[there] >= levels.get(here, 0):
                message = f"{model.__name__}.{field.name} 指向 {there}.{target.__name__}，而 {there} 不在 {here} 之下"
                findings.append(Finding(f"src/yueban/{here}/models.py", 1, "layers", message))
    return findings


def find_glossary() -> list[Finding]:
    """Models that docs/glossary.md does not explain."""
    text = GLOSSARY.read_text(encoding="utf-8") if GLOSSARY.exists() else ""
    known = set(re.findall(r"\b[A-Z]\w+", text))
    return [
        Finding("docs/glossary.md", 1, "glossary", f"词表里没有 {model._meta.app_label}.{model.__name__}")
        for model in own_models()
        if model.__name__ not in known
    ]
