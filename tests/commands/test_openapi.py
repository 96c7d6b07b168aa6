"""docs/openapi.json is what the API says of itself."""

import json

from yueban.commands import openapi


def test_the_committed_description_is_current(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "yueban.settings.test")
    assert openapi.TARGET.read_text(encoding="utf-8") == openapi.describe(), "run ./yueban openapi"


def test_it_describes_the_catalogue_and_the_verification():
    paths = json.loads(openapi.TARGET.read_text(encoding="utf-8"))["paths"]
    assert any("items" in path for path in paths)
    assert any("verify" in path or "/v/" in path for path in paths)
