"""./yueban: what it says when something is missing, and what it leaves alone when nothing is."""

import ast
import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "yueban"


class Usage(NamedTuple):
    """What shutil.disk_usage returns."""

    total: int
    used: int
    free: int


@pytest.fixture
def bootstrap() -> ModuleType:
    """The script as a module; it has no suffix, as a command has none."""
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader = importlib.machinery.SourceFileLoader("yueban_bootstrap", str(SCRIPT))
    spec = importlib.util.spec_from_loader("yueban_bootstrap", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


@pytest.fixture
def clone(tmp_path) -> Path:
    """The files the bootstrap needs, in a folder of their own."""
    for name in ("yueban", "uv.lock", "pyproject.toml", "requirements-uv.txt"):
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def test_it_uses_no_syntax_that_an_old_python_cannot_parse():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, too_new)]
    annotated = [arg.lineno for arg in ast.walk(tree) if isinstance(arg, ast.arg) and arg.annotation]
    assert found + annotated == []


def test_it_imports_only_the_standard_library():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert names <= set(sys.stdlib_module_names)


def test_an_old_python_is_told_what_to_install(bootstrap):
    with pytest.raises(bootstrap.SetupError, match=r"3\.11[\s\S]*3\.9[\s\S]*newer is needed"):
        bootstrap.check_python((3, 9, 2))
    bootstrap.check_python((3, 11, 0))


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(bootstrap):
    assert bootstrap.find_newer_python({"python3.12": "/usr/bin/python3.12"}.get) == "/usr/bin/python3.12"
    assert bootstrap.find_newer_python({}.get) is None


def test_a_disk_nearly_full_is_said_before_anything_is_downloaded(bootstrap):
    with pytest.raises(bootstrap.SetupError, match=r"磁盘空间不足[\s\S]*900 MB[\s\S]*nearly full"):
        bootstrap.check_disk("/somewhere", lambda _: Usage(0, 0, 900_000_000))
    bootstrap.check_disk("/somewhere", lambda _: Usage(0, 0, 9_000_000_000))


def test_a_python_without_venv_is_told_what_to_install(bootstrap, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(bootstrap.SetupError, match=r"apt install python3-venv"):
        bootstrap.check_venv_module()


def test_a_second_run_needs_nothing(bootstrap, monkeypatch, tmp_path):
    stamp = tmp_path / "stamp.json"
    stamp.write_text(json.dumps({"fingerprint": bootstrap.fingerprint(), "groups": ["dense", "ocr", "test"]}))
    monkeypatch.setattr(bootstrap, "STAMP", str(stamp))
    monkeypatch.setattr(bootstrap, "set_up", lambda *_: pytest.fail("set up again"))
    bootstrap.prepare("demo")
    bootstrap.prepare("test")


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml", "requirements-uv.txt"])
def test_a_change_of_what_is_locked_sets_up_again(bootstrap, monkeypatch, clone, name):
    monkeypatch.setattr(bootstrap, "ROOT", str(clone))
    before = bootstrap.fingerprint()
    with (clone / name).open("a") as file:
        file.write("\n")
    assert bootstrap.fingerprint() != before


def test_tests_bring_their_packages_and_keep_them(bootstrap, monkeypatch, tmp_path):
    stamp, asked = tmp_path / "stamp.json", []
    monkeypatch.setattr(bootstrap, "STAMP", str(stamp))
    fake = {"fingerprint": bootstrap.fingerprint(), "setup_s": 1.0, "download_mb": 1.0}
    monkeypatch.setattr(
        bootstrap, "set_up", lambda groups, _: asked.append(groups) or {**fake, "groups": groups}
    )
    for command in ("demo", "test", "demo", "check"):
        bootstrap.prepare(command)
    assert asked == [["dense", "ocr"], ["dense", "ocr", "test"]]


def test_without_network_the_first_run_ends_with_one_sentence(clone):
    nowhere = "http://127.0.0.1:1/simple"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_"))} | {
        "PIP_INDEX_URL": nowhere,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = subprocess.run(
        [sys.executable, str(clone / "yueban"), "demo"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "没有网络" in done.stderr
    assert "no network" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "index"),
    [
        ({"PIP_INDEX_URL": "https://mirror.example/simple"}, "https://mirror.example/simple"),
        (
            {"UV_DEFAULT_INDEX": "https://a.example/", "PIP_INDEX_URL": "https://b.example/"},
            "https://a.example/",
        ),
    ],
)
def test_the_index_of_the_site_is_used(bootstrap, monkeypatch, variables, index):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert bootstrap.site_index(sys.executable) == index


def test_what_the_site_says_to_pip_is_said_to_uv(bootstrap, monkeypatch):
    monkeypatch.setenv("PIP_CERT", "/etc/ours.pem")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("PIP_DEFAULT_TIMEOUT", "99")
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "7")
    environment = bootstrap.uv_environment()
    assert environment["SSL_CERT_FILE"] == "/etc/ours.pem"
    assert environment["UV_HTTP_TIMEOUT"] == "7", "uv's own setting stands"
    assert environment["UV_PYTHON_DOWNLOADS"] == "never"


def test_uv_is_pinned_once_for_the_set_up_and_for_building_the_project():
    import tomllib

    pinned = next(
        line.split("==")[1].split()[0]
        for line in (ROOT / "requirements-uv.txt").read_text().splitlines()
        if line.startswith("uv==")
    )
    (wanted,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert f">={pinned}," in wanted


def test_an_environment_that_works_is_kept(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "VENV", str(ROOT / ".venv"))
    monkeypatch.setattr(bootstrap, "is_usable", lambda _: True)
    monkeypatch.setattr(bootstrap, "run", lambda *_: pytest.fail("made anew"))
    assert bootstrap.make_venv({}) == str(ROOT / ".venv" / "bin" / "python")


def test_an_environment_of_another_python_is_not_usable(bootstrap, tmp_path):
    assert bootstrap.is_usable(sys.executable)
    assert not bootstrap.is_usable(str(tmp_path / "python"))
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    assert not bootstrap.is_usable(str(other))
