"""`yueban catalogue check`: the model city is sound; a mistake is named by file, line and field."""

import argparse
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.commands.test_schemas import problems, schema_of
from yueban.commands import catalogue

CITY = Path(__file__).resolve().parents[2] / "cities" / "shaoxing"


@pytest.fixture(autouse=True)
def same_settings(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", os.environ["DJANGO_SETTINGS_MODULE"])


def check(city: Path, capsys) -> tuple[int, dict]:
    code = catalogue.run(argparse.Namespace(act="check", path=city, json=True))
    result = json.loads(capsys.readouterr().out)
    assert problems(schema_of("catalogue-check"), result) == []
    return code, result


def test_the_model_city_is_sound(capsys):
    code, result = check(CITY, capsys)
    assert (code, result["ok"], result["findings"]) == (0, True, [])
    assert result["items"] == len(list(CITY.glob("catalogue/*.yaml")))
    assert result["bundles"] == len(list(CITY.glob("bundles/*.yaml"))) - 1  # the national list is none


def test_a_mistake_is_named_with_its_place(capsys, tmp_path):
    city = tmp_path / "city"
    shutil.copytree(CITY, city)
    item = city / "catalogue" / "road-freight-permit.yaml"
    item.write_text(
        item.read_text(encoding="utf-8").replace('handling: "2"', 'handling: "7"', 1), encoding="utf-8"
    )
    code, result = check(city, capsys)
    assert (code, result["ok"]) == (1, False)
    assert [finding["field"] for finding in result["findings"]] == ["handling"]
    assert result["findings"][0]["item"] == "road-freight-permit"
    assert "catalogue/road-freight-permit.yaml:" in result["findings"][0]["message"]


def test_a_mistake_in_the_files_of_the_running_systems_is_named_with_its_file(capsys, tmp_path):
    city = tmp_path / "city"
    shutil.copytree(CITY, city)
    system = city / "systems" / "social-insurance.yaml"
    text = system.read_text(encoding="utf-8")
    system.write_text(
        text.replace("element: person.born_on", "element: person.nothing_like_it"), encoding="utf-8"
    )
    code, result = check(city, capsys)
    assert (code, {finding["rule"] for finding in result["findings"]}) == (1, {"systems"})
    assert result["findings"][0]["field"] == "systems/social-insurance.yaml"
    assert "person.nothing_like_it" in result["findings"][0]["message"]
