"""The components as HTML: labels, errors and choices tied together, nothing said by colour alone."""

import re
from pathlib import Path

import pytest
from django.template import engines

import yueban.channels
from yueban.channels.shared.fields import Field, Option

TEMPLATES = sorted(Path(yueban.channels.__path__[0]).glob("*/templates/**/*.html"))
CODES = (Option("a", "甲"), Option("b", "乙"))
TYPES = (
    "text",
    "long",
    "integer",
    "decimal",
    "money",
    "date",
    "boolean",
    "code",
    "codes",
    "division",
    "industry",
    "tel",
)


def draw(text: str, **context: object) -> str:
    """A piece of template with components, drawn."""
    from django_cotton.compiler_regex import CottonCompiler

    return engines["django"].from_string(CottonCompiler().process(text)).render(context)


def field(**parts: object) -> str:
    """A field, drawn."""
    return draw('<c-field :attrs="one.attributes" />', one=Field(**parts))


@pytest.mark.parametrize("kind", TYPES)
def test_every_control_has_a_label_and_carries_its_name(kind):
    html = field(name="a.b", label="名称", type=kind, options=CODES if kind in ("code", "codes") else ())
    assert 'name="a.b"' in html
    assert ('<label for="f-a-b">' in html) or ("<legend>名称" in html)


@pytest.mark.parametrize("kind", TYPES)
def test_an_error_stands_beside_its_control_and_can_be_jumped_to(kind):
    html = field(
        name="a.b",
        label="名称",
        type=kind,
        error="这里不对。",
        options=CODES if kind in ("code", "codes") else (),
    )
    assert '<p class="error">这里不对。</p>' in html
    assert 'id="f-a-b"' in html
    assert 'aria-describedby="f-a-b-about"' in html


def test_an_optional_field_says_so_and_a_required_one_does_not():
    assert "选填" in field(name="a", label="名称")
    assert "选填" not in field(name="a", label="名称", required=True)


def test_the_value_of_a_choice_is_marked():
    assert re.search(
        r'value="b"[^>]*checked', field(name="a", label="类", type="code", options=CODES, value="b")
    )
    many = field(name="a", label="类", type="codes", options=CODES, value=["a", "b"])
    assert len(re.findall(r'type="checkbox"[^>]*checked', many)) == 2
    assert re.search(r'value="false"[^>]*checked', field(name="a", label="是否", type="boolean", value=False))


def test_a_long_list_of_codes_is_a_folded_list():
    options = tuple(Option(str(n), f"第{n}项") for n in range(6))
    html = field(name="a", label="类", type="code", options=options, value="3")
    assert "<select" in html
    assert re.search(r'value="3"\s+selected', html)


def test_what_was_typed_is_escaped():
    html = field(name="a", label="名称", value='"><script>alert(1)</script>')
    assert "<script>" not in html


def test_a_prefilled_value_names_its_source():
    assert "来自市场监管" in field(name="a", label="名称", source="市场监管")


def test_a_value_shown_back_is_masked_and_codes_are_words():
    assert (
        Field("a", "证件", value="99999919850316001X", masked_as="id_number").shown_value
        == "9****************X"
    )
    assert Field("a", "类", value="b", options=CODES).shown_value == "乙"
    assert Field("a", "类", value=["a", "b"], options=CODES).shown_value == "甲、乙"
    assert Field("a", "是否", value=True).shown_value == "是"


def test_a_light_always_has_its_word():
    assert "今天到期" in draw('<c-clock-light light="orange" word="今天到期" />')


def test_the_error_summary_links_to_each_field_and_takes_the_focus():
    html = draw('<c-error-summary :errors="errors" />', errors=[("f-a", "请填写名称。")])
    assert '<a href="#f-a">请填写名称。</a>' in html
    assert "data-focus" in html
    assert draw('<c-error-summary :errors="errors" />', errors=[]).strip() == ""


def test_a_seal_says_that_it_is_a_demonstration():
    assert "演示，无法律效力" in draw('<c-seal agency="越城区交通运输局" />')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*src=)", text)


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.parent.name == "cotton"], ids=lambda path: path.name
)
def test_every_component_says_at_its_top_what_it_is(path):
    assert re.match(r"\{# .{20,}|\{% comment %\}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.parent.name != "cotton"], ids=lambda path: path.name
)
def test_text_that_people_read_is_marked_for_translation(path):
    if path.name == "styleguide.html":
        return
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r'_\("[^"]*"\)', "", text)
    text = re.sub(r'lang="zh"[^>]*>[^<]*<', "", text)  # a language names itself
    assert re.findall(r"[\u4e00-\u9fff]{2,}", text) == []
