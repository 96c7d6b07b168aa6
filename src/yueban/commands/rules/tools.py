"""Rules that other programs know: ruff (style, complexity), mypy (types), import-linter (layers)."""

import json
import re
import subprocess
import sys
from pathlib import Path

from yueban.commands.rules.finding import ROOT, Finding

PROGRAMS = Path(sys.executable).parent
MYPY_LINE = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+)(?::\d+)?: error: (?P<message>.*)$")


def _run(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAMS / words[0]), *words[1:]], cwd=folder, capture_output=True, text=True, check=False
    )


def find_style() -> list[Finding]:
    """Ruff's findings, with complexity over 10, and files that `ruff format` would change."""
    done = _run("ruff", "check", "--output-format", "json", "src", "tests")
    if done.returncode not in {0, 1}:
        return [Finding("pyproject.toml", 1, "ruff", done.stderr.strip())]
    findings = [
        Finding(
            str(Path(item["filename"]).relative_to(ROOT)),
            item["location"]["row"],
            f"ruff {item['code']}",
            item["message"],
        )
        for item in json.loads(done.stdout)
    ]
    formatted = _run("ruff", "format", "--check", "--quiet", "--output-format", "concise", "src", "tests")
    untidy = sorted(set(re.findall(r"(?:src|tests)/\S+?\.py", formatted.stdout)))
    return findings + [
        Finding(path, 1, "ruff format", "运行 .venv/bin/ruff format 整理这个文件") for path in untidy
    ]


def find_types() -> list[Finding]:
    """Mypy's errors, in strict mode with the Django plugin."""
    done = _run("mypy", "--no-error-summary", "--no-pretty")
    findings = []
    for line in done.stdout.splitlines():
        match = MYPY_LINE.match(line)
        if match:
            findings.append(Finding(match["path"], int(match["line"]), "mypy", match["message"]))
    if done.returncode and not findings:
        findings.append(Finding("pyproject.toml", 1, "mypy", (done.stderr or done.stdout).strip()[-2000:]))
    return findings


def find_layers() -> list[Finding]:
    """Import-linter's broken contracts, one finding for each forbidden import."""
    done = _run("lint-imports", "--config", ".importlinter", "--no-logo", "--no-cache")
    if done.returncode == 0:
        return []
    broken = [line.strip(" -") for line in done.stdout.splitlines() if re.search(r"\(l\.\d+", line)]
    if not broken:
        tail = " ".join(line.strip() for line in done.stdout.splitlines()[-8:] if line.strip())
        return [Finding(".importlinter", 1, "layers", tail)]
    return [_import_finding(line) for line in broken]


def _import_finding(line: str) -> Finding:
    """`yueban.a.b -> yueban.c.d (l.12)` as a place."""
    match = re.search(r"(yueban[\w.]*) -> .*\(l\.(\d+)", line)
    if not match:
        return Finding(".importlinter", 1, "layers", line)
    path = Path("src", *match[1].split("."))
    source = path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")
    return Finding(str(source), int(match[2]), "layers", line)
