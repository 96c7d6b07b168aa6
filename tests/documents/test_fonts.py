"""Rare characters are printed where a font has them, and named where none has; never an empty box."""

from datetime import date

import pytest

from yueban.documents import fonts, rendering
from yueban.documents.errors import FontsMissing

ONLY_THE_WHEEL = ()
RARE = "\U00020000"


@pytest.fixture
def only_the_wheel(monkeypatch):
    """As on a machine without any font of its own."""
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ONLY_THE_WHEEL)


@pytest.fixture
def no_fonts(monkeypatch):
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ONLY_THE_WHEEL)
    monkeypatch.setattr(fonts, "WHEEL", "no_such_package")


def pdf_for(name: str) -> bytes:
    return rendering.render_pdf(
        rendering.Sheet(
            kind="acceptance",
            title="受理通知书",
            agency_name="绍兴市越城区测试运输局",
            agency_short="越城区测试运输局",
            issued_on=date(2026, 11, 22),
            content={"addressee": name, "facts": [["申请人", name]]},
            number="测试交运受字〔2026〕1号",
            verify_code="ab" * 16,
        )
    )


def test_the_font_comes_with_the_package(only_the_wheel):
    (path,) = fonts.font_files()
    assert path.is_file()
    assert fonts.families() == ["Noto Sans CJK TC"]


@pytest.mark.parametrize("name", ["䶮某", "㛃某", "阿依夏木·买买提依明" * 5, "\U0002b5af某"])
def test_names_that_a_font_has_are_printed_as_they_are(name, only_the_wheel, read_pdf):
    text = read_pdf(pdf_for(name))
    assert text.count(name) == 2
    assert "附注" not in text


def test_a_character_that_no_font_has_is_named_with_a_note(only_the_wheel, read_pdf):
    text = read_pdf(pdf_for(f"{RARE}某"))
    assert "〔U+20000〕某：" in text
    assert "附注：文中〔U+20000〕代表一个汉字" in text
    assert RARE not in text


def test_missing_characters_are_told_once_with_their_code_points(only_the_wheel):
    missing = fonts.coverage(f"䶮{RARE}㛃{RARE}\U00030000\n 演示")
    assert [char.code_point for char in missing] == ["U+20000", "U+30000"]


def test_the_report_names_the_font_and_what_it_lacks(only_the_wheel):
    report = fonts.report()
    assert report.ok
    assert report.files == ("NotoSansCJKtc-Regular.otf",)
    assert report.characters > 40_000
    assert "U+20000" in report.detail
    assert "fonts-hanazono" in report.remedy


def test_without_any_font_the_report_says_what_to_do_and_nothing_is_printed(no_fonts):
    report = fonts.report()
    assert not report.ok
    assert "apt-get install" in report.remedy
    with pytest.raises(FontsMissing):
        pdf_for("甲某")


def test_everything_the_templates_themselves_say_has_a_glyph(only_the_wheel):
    own = "".join(path.read_text(encoding="utf-8") for path in rendering.TEMPLATES.glob("*.typ"))
    assert fonts.coverage(own) == ()
