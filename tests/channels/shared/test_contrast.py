"""Every pair of text and surface reads well, in the plain look, in 长辈版, in high contrast, and in both."""

from pathlib import Path

import pytest

import yueban.channels
from tests.channels.shared.contrast import colour, contrast, rules, sheet, tokens, used

SURFACES = ("page", "card", "sunken", "panel", "selected", "danger-panel", "caution-panel", "note-panel")
TEXTS = ("text", "text-secondary", "heading", "link", "link-hover", "danger")
# Text that stands only on some surfaces.
FURTHER = [
    ("text-hint", "page"),
    ("text-hint", "card"),
    ("text-hint", "sunken"),
    ("caution", "caution-panel"),
    ("caution", "card"),
    ("note", "note-panel"),
    ("note", "card"),
    ("urgent", "card"),
    ("seal", "card"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-action", "destroy"),
    ("on-action", "destroy-hover"),
    ("on-action", "urgent"),
    ("on-action", "celadon-800"),
    ("destroy-hover", "danger-panel"),
    ("text", "track"),
    ("text-secondary", "panel"),
]
LIGHTS = [f"light-{name}" for name in ("green", "yellow", "orange", "red", "deep-red", "paused", "closed")]
PAIRS = [
    *((text, surface) for text in TEXTS for surface in SURFACES),
    *FURTHER,
    *((light, surface) for light in LIGHTS for surface in ("card", "page", "panel", "selected")),
]
# Borders of controls, the focus ring and pictures that carry meaning: 3 to 1 (WCAG 1.4.11).
MARKS = [
    *(("field-line", surface) for surface in ("page", "card", "panel")),
    *(("focus", surface) for surface in SURFACES),
    ("icon", "card"),
    ("icon", "page"),
    ("action", "card"),
    ("action", "page"),
]
SHEETS = sorted(Path(yueban.channels.__path__[0]).glob("*/static/*/*.css"))


@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_text_reads_on_its_surface(text, surface):
    values = tokens()
    assert contrast(colour(text, values), colour(surface, values)) >= 4.5


BETTER = [("elder",), ("high",), ("elder", "high")]


@pytest.mark.parametrize("modes", BETTER, ids="+".join)
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_large_type_and_high_contrast_read_better_still(text, surface, modes):
    values = tokens(*modes)
    assert contrast(colour(text, values), colour(surface, values)) >= 7


@pytest.mark.parametrize("modes", [(), *BETTER], ids=lambda modes: "+".join(modes) or "plain")
@pytest.mark.parametrize(("mark", "surface"), MARKS)
def test_borders_and_the_focus_ring_can_be_seen(mark, surface, modes):
    values = tokens(*modes)
    assert contrast(colour(mark, values), colour(surface, values)) >= 3


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_text_colour_in_use_is_among_the_pairs(path):
    known = {text for text, _ in PAIRS}
    text = path.read_text(encoding="utf-8")
    found = {used("color", body) for _, body in rules(text)} - {None}
    # Icons are drawn in the colour of their element; they are marks, not text.
    assert found - known - {"icon"} == set()


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_rule_that_sets_text_and_surface_is_one_of_the_pairs(path):
    text = path.read_text(encoding="utf-8")
    pairs = {(used("color", body), used("background", body)) for _, body in rules(text)}
    whole = {pair for pair in pairs if None not in pair}
    assert whole - set(PAIRS) == set()


@pytest.mark.parametrize(
    "path", [path for path in SHEETS if path.name != "tokens.css"], ids=lambda path: path.name
)
def test_colours_stand_only_in_the_tokens(path):
    import re

    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", text) == []


def test_each_light_has_its_own_colour_rule():
    names = {selector for selector, _ in rules(sheet("components.css"))}
    assert {f".light.{light.removeprefix('light-')}" for light in LIGHTS} <= names
