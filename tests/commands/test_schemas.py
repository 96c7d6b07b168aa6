"""What commands print has the shape that docs/schemas promises."""

import argparse
import json
from pathlib import Path

import pytest

from yueban.commands import check, demo
from yueban.commands.checkup.check import well
from yueban.commands.rules.finding import Finding

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
TYPES = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
    "array": list,
}


def problems(schema: dict, value: object, where: str = "$") -> list[str]:
    """The part of JSON Schema that our schemas use."""
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{where}: {value!r}"]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "object" in kinds:
        if not isinstance(value, dict):
            return [] if value is None and "null" in kinds else [f"{where}: {value!r} is no {kinds}"]
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        wrong = [f"{where}: {key} missing" for key in schema.get("required", ()) if key not in value]
        wrong += [f"{where}: {key} unknown" for key in value if key not in known and others is False]
        asked = {key: others for key in value if isinstance(others, dict)} | known
        return wrong + [
            line
            for key in value
            if key in asked
            for line in problems(asked[key], value[key], f"{where}.{key}")
        ]
    if not isinstance(value, tuple(kind for name in kinds for kind in _as_tuple(TYPES[name]))):
        return [f"{where}: {value!r} is no {kinds}"]
    if isinstance(value, list):
        return [line for one in value for line in problems(schema["items"], one, f"{where}[]")]
    return []


def _as_tuple(kind: type | tuple[type, ...]) -> tuple[type, ...]:
    return kind if isinstance(kind, tuple) else (kind,)


def schema_of(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def test_the_checker_of_this_test_finds_what_is_wrong():
    schema = schema_of("check")
    assert problems(schema, {"ok": True}) == ["$: findings missing"]
    words = {"type": "object", "additionalProperties": {"type": "string"}}
    assert problems(words, {"one": "two", "three": 3}) == ["$.three: 3 is no ['string']"]
    assert problems(schema, {"ok": "yes", "findings": [], "more": 1}) == [
        "$: more unknown",
        "$.ok: 'yes' is no ['boolean']",
    ]


@pytest.mark.parametrize("findings", [[], [Finding("src/a.py", 3, "size", "too long")]])
def test_check(monkeypatch, capsys, findings):
    monkeypatch.setattr(check, "find_all", lambda _: findings)
    code = check.run(argparse.Namespace(json=True))
    assert code == (1 if findings else 0)
    assert problems(schema_of("check"), json.loads(capsys.readouterr().out)) == []


def test_doctor():
    assert problems(schema_of("doctor"), {"ok": True, "checks": [well("python", "3.11").as_dict()]}) == []


def test_the_figures_of_the_set_up(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "SETUP_STAMP", tmp_path / "missing")
    figures = {"ok": True, **demo.read_setup_figures(), "first_page_s": 1.5, "address": "http://127.0.0.1:1"}
    assert problems(schema_of("demo-check"), figures) == []
    (tmp_path / "stamp").write_text('{"setup_s": 7.7, "download_mb": 144.0}')
    monkeypatch.setattr(demo, "SETUP_STAMP", tmp_path / "stamp")
    assert demo.read_setup_figures() == {"setup_s": 7.7, "download_mb": 144.0}


@pytest.mark.django_db
def test_audit_verify(capsys, monkeypatch):
    from contextlib import nullcontext

    from yueban.commands import audit

    monkeypatch.setattr(audit, "running_instance", lambda: nullcontext(True))
    assert audit.run(argparse.Namespace(json=True, day=None, since=None, case="", anchor="")) == 0
    assert problems(schema_of("audit-verify"), json.loads(capsys.readouterr().out)) == []


@pytest.mark.django_db
def test_oversight_run(capsys, monkeypatch):
    from contextlib import nullcontext

    from yueban.commands import oversight

    monkeypatch.setattr(oversight, "running_instance", lambda: nullcontext(True))
    assert oversight.run(argparse.Namespace(json=True, act="run")) == 0
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert problems(schema_of("oversight-run"), printed) == []


@pytest.mark.django_db
def test_catalogue_parity(capsys, monkeypatch):
    from contextlib import nullcontext

    from yueban.commands import catalogue, catalogue_parity, prepare

    monkeypatch.setattr(catalogue_parity, "fresh_instance", nullcontext)
    monkeypatch.setattr(prepare, "close_database", lambda: None)
    parser = argparse.ArgumentParser()
    catalogue.add_arguments(parser)
    asked = parser.parse_args(["parity", "--item", "tax-clearance-certificate", "--json"])
    assert catalogue.run(asked) == 0
    printed = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert problems(schema_of("catalogue-parity"), printed) == []
    assert (printed["items"], printed["applicants"], printed["differences"]) == (1, 3, [])
