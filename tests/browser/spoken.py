"""What a screen reader meets: landmarks in their order, headings without gaps, a name on everything one can use."""

import re

from playwright.sync_api import Page

USED = "textbox|searchbox|button|link|combobox|checkbox|radio|group|radiogroup|navigation|region|dialog"
NAMELESS = re.compile(rf"^\s*- (?:{USED})(?: \[[^\]]*\])*:?$", re.MULTILINE)
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4')]
  .filter(e => e.checkVisibility()).map(e => Number(e.tagName[1]))"""
LANDMARKS = ('link "跳到正文"', "- banner", "- main", "- contentinfo")


def check_spoken(page: Page) -> None:
    """The page makes sense to somebody who hears it."""
    tree = page.locator("body").aria_snapshot()
    assert NAMELESS.findall(tree) == [], tree
    places = [tree.find(landmark) for landmark in LANDMARKS]
    assert -1 not in places, tree
    assert places == sorted(places)
    levels = page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    jumps = [(one, other) for one, other in zip([0, *levels], levels, strict=False) if other > one + 1]
    assert jumps == [], levels


def heard(page: Page, role: str) -> list[str]:
    """What the live regions of a role say now."""
    return page.get_by_role(role).all_inner_texts()
