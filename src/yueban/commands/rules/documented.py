"""docs/settings.md explains every environment variable that the program reads, and no other."""

import re
from pathlib import Path

from yueban.commands.rules.finding import ROOT, SOURCE, Finding, at, python_files

GUIDE = ROOT / "docs" / "settings.md"
VARIABLE = re.compile(r"\b(?:YUEBAN_[A-Z0-9_]+|DATABASE_URL)\b")
# In code a variable is text; a Django setting of the same name is not.
QUOTED = re.compile(r"""["'](YUEBAN_[A-Z0-9_]+|DATABASE_URL)["']""")


def find_documented() -> list[Finding]:
    """Variables read but not explained, and explained but not read."""
    known = set(VARIABLE.findall(GUIDE.read_text(encoding="utf-8"))) if GUIDE.exists() else set()
    read: dict[str, tuple[Path, int]] = {}
    for path in python_files(SOURCE):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for name in QUOTED.findall(line):
                read.setdefault(name, (path, number))
    findings = [
        at(*read[name], "settings", f"{name} 没有写进 docs/settings.md")
        for name in sorted(read.keys() - known)
    ]
    unread = sorted(known - read.keys())
    return findings + [at(GUIDE, 1, "settings", f"{name} 已不再使用，请从文档中删除") for name in unread]
