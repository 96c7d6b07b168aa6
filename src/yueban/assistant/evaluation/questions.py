"""Question sets: our own form, and the shorter one of the contract (`q`, `kind`, `gold_item`, `facts_needed`)."""

import json
from pathlib import Path
from typing import Any, Final

DEFAULTS: Final[dict[str, Any]] = {
    "core": None,
    "style": "standard",
    "audience": None,
    "place": None,
    "date": "2026-11-20",
    "turns": [],
    "expect": "answer",
    "why": None,
    "about": [],
    "element": None,
    "facts": [],
    "forbidden": [],
    "note": "",
}
KINDS: Final = {
    "item": "answer",
    "policy": "answer",
    "refuse": "refuse",
    "clarify": "clarify",
    "handover": "handover",
}


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, each with every field; keys that are not known are kept and not looked at."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        stored = json.loads(line)
        if "q" in stored:
            stored = {**stored, "question": stored["q"], "expect": KINDS[stored.get("kind", "item")]}
        found.append({**DEFAULTS, "id": f"{path.stem}-{number}", **stored})
    return found
