"""`yueban check` finds what it says it finds: each rule meets a planted fault."""

import hashlib
from pathlib import Path

import pytest

from yueban.commands.rules import documented, doors, finding, migrations, models, sizes, tools, vendored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """An empty project that the rules look at instead of ours."""
    source = tmp_path / "src" / "yueban"
    (tmp_path / "tests").mkdir()
    source.mkdir(parents=True)
    for module in (finding, doors, migrations, vendored, documented, models):
        for name, value in (("ROOT", tmp_path), ("SOURCE", source), ("TESTS", tmp_path / "tests")):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(finding.python_files, "__defaults__", None)
    monkeypatch.setattr(vendored, "FOLDER", source / "vendor")
    monkeypatch.setattr(documented, "GUIDE", tmp_path / "docs" / "settings.md")
    return tmp_path


def write(project: Path, name: str, text: str) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_long_file_and_a_long_function_are_found(project):
    body = "\n".join(f"    x = {number}" for number in range(61))
    write(project, "src/yueban/cases/services.py", f"def long():\n{body}\n" + "\n" * 450)
    messages = [found.message for found in sizes.find_sizes()]
    assert len(messages) == 2
    assert "512 行" in messages[0]
    assert "long 有 62 行" in messages[1]


@pytest.mark.parametrize(
    ("home", "line", "is_allowed"),
    [
        ("cases", "from yueban.clocks import services", True),
        ("cases", "from yueban.clocks.models import Clock", True),
        ("cases", "from yueban.clocks.lights import light_of", False),
        ("cases", "import yueban.clocks.lights", False),
        ("cases", "from ..clocks.lights import light_of", False),
        ("cases", "from yueban.cases.transitions import move", True),
        ("cases", "from yueban.kernel.codes import uscc", True),
        ("flows", "from yueban.cases.transitions import move", False),
        ("channels", "from yueban.cases import selectors", True),
        ("channels", "from yueban.cases import services", False),
        ("channels", "from yueban.flows import apply", True),
        ("cases", "from yueban.channels.shared import fields", False),
    ],
)
def test_an_app_is_entered_through_its_doors_only(project, home, line, is_allowed):
    write(project, f"src/yueban/{home}/selectors.py", line + "\n")
    assert (doors.find_doors() == []) is is_allowed


@pytest.mark.parametrize(
    ("name", "is_good"),
    [
        ("0001_initial_tables", True),
        ("0007_case_deadline_paused_at", True),
        ("0002_auto_20260101_1200", False),
        ("0001_initial", False),
        ("add_things", False),
    ],
)
def test_a_migration_has_a_name_that_says_something(project, name, is_good):
    write(project, f"src/yueban/cases/migrations/{name}.py", "")
    assert (migrations.find_names() == []) is is_good


def vendor_listing(digest: str) -> str:
    return (
        '[[file]]\npath = "htmx.min.js"\nname = "htmx"\nversion = "2.0.4"\n'
        f'source = "https://example.org"\nlicence = "0BSD"\nsha256 = "{digest}"\n'
    )


def test_vendored_files_are_as_listed(project):
    write(project, "src/yueban/vendor/htmx.min.js", "code")
    write(project, "src/yueban/vendor/vendor.toml", vendor_listing(hashlib.sha256(b"code").hexdigest()))
    assert vendored.find_vendored() == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"htmx.min.js": "changed", "vendor.toml": vendor_listing("0" * 64)}, "SHA-256"),
        ({"vendor.toml": vendor_listing("0" * 64)}, "不存在"),
        ({"other.js": "x", "vendor.toml": ""}, "没有列在"),
        ({"other.js": "x"}, "缺少 vendor.toml"),
        ({"vendor.toml": '[[file]]\npath = "htmx.min.js"\n'}, "缺少 name"),
    ],
)
def test_a_vendored_file_that_is_not_as_listed_is_found(project, files, message):
    for name, text in files.items():
        write(project, f"src/yueban/vendor/{name}", text)
    found = vendored.find_vendored()
    assert found
    assert message in found[0].message


def test_a_setting_that_is_read_but_not_explained_is_found(project):
    write(project, "src/yueban/settings/base.py", 'X = env.text("YUEBAN_NEW_THING")\n')
    write(project, "docs/settings.md", "`YUEBAN_OLD_THING`\n")
    messages = [found.message for found in documented.find_documented()]
    assert any("YUEBAN_NEW_THING 没有写进" in message for message in messages)
    assert any("YUEBAN_OLD_THING 已不再使用" in message for message in messages)


def test_a_foreign_key_that_points_up_is_found(monkeypatch):
    levels = models.read_levels()
    monkeypatch.setattr(models, "read_levels", lambda: {name: -level for name, level in levels.items()})
    assert models.find_keys(), "with the layers upside down our keys point up"


def test_a_model_that_the_glossary_does_not_explain_is_found(monkeypatch, tmp_path):
    (tmp_path / "glossary.md").write_text("| 用户 | User |\n")
    monkeypatch.setattr(models, "GLOSSARY", tmp_path / "glossary.md")
    messages = [found.message for found in models.find_glossary()]
    assert "词表里没有 accounts.User" not in messages
    assert any("parties.Party" in message for message in messages)


def test_a_forbidden_import_is_placed_in_its_file():
    found = tools._import_finding("yueban.cases.services -> yueban.flows.apply (l.12)")
    assert (found.path, found.line) == ("src/yueban/cases/services.py", 12)


def test_every_existing_app_has_a_layer():
    apps = {path.parent.name for path in (ROOT / "src" / "yueban").glob("*/apps.py")}
    assert apps <= models.read_levels().keys()
