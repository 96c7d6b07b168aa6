"""The doctor names what is missing and what to do."""

from collections import namedtuple

import pytest

from yueban.commands.checkup import instance, machine
from yueban.documents import fonts

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil has it


def test_a_disk_nearly_full_is_ill(monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: Usage(0, 0, 100_000_000))
    check = machine.check_disk()
    assert not check.ok
    assert "100 MB" in check.detail
    assert check.remedy


def test_a_character_that_no_font_has_is_named_with_the_package_that_brings_it(monkeypatch):
    monkeypatch.setattr(
        fonts, "coverage", lambda text: (fonts.MissingCharacter(text),) if text == "𠀀" else ()
    )
    checks = {check.name: check for check in machine.check_fonts()}
    assert checks["glyph U+4DAE"].ok
    assert checks["glyph U+36C3"].ok
    assert not checks["glyph U+20000"].ok
    assert "fonts-hanazono" in checks["glyph U+20000"].remedy
    assert checks["glyph U+20000"].purpose == "rare-names", "it does not keep the platform from running"


def test_without_a_browser_the_packages_are_named(monkeypatch):
    monkeypatch.setattr(machine, "find_chromium", lambda: None)
    check = machine.check_browser()
    assert not check.ok
    assert "chromium" in check.remedy
    assert check.purpose == "tests"


@pytest.mark.django_db
def test_the_application_works_with_rows_and_owns_nothing():
    assert instance.check_roles().ok
    assert instance.check_walls().ok
    assert instance.check_database().ok
    assert instance.check_migrations().ok
    assert instance.check_clock().ok


@pytest.mark.django_db
def test_a_missing_worker_is_ill():
    check = instance.check_worker()
    assert not check.ok
    assert "yueban worker" in check.remedy


def test_example_keys_are_ill(settings):
    assert not instance.check_keys().ok
    settings.YUEBAN_FIELD_KEYS = ["0123456789abcdef" * 4]
    settings.YUEBAN_INDEX_KEY = "fedcba9876543210" * 4
    assert instance.check_keys().ok
