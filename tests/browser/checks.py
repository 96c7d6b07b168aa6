"""What holds on every page: no accessibility violation, no sideways scrolling, targets that a finger hits."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALLEST_TARGET_PX = 44
# 长辈版: 60 px for a finger, 18 px for the smallest word (MIIT 2021: 18 dp), lines one and a half apart.
LARGE_TARGET_PX = 60
LARGE_TYPE_PX = 18
# Buttons, links drawn as buttons, the phone's bars; words linked inside a sentence are no targets of this size.
TARGETS = (
    "button, summary, select, .btn, .bar a, .tabs a, .pills a, .papers a, .pager a, label.choice, input.input"
)

# In 长辈版 also the links that stand by themselves: in the bars, the footer, the crumbs, lists of links.
LARGE_TARGETS = TARGETS + (
    ", .top a, .top button, .foot a, .crumb a, .hot a, .life a, .ways-to-go a, .item-line h3 a, .files a, .row > a"
)

RUN_AXE = """axe.run(document, {iframes: false, resultTypes: ['violations'],
  runOnly: {type: 'tag', values: %s}}).then(found => found.violations.map(v =>
  v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.any.map(a => a.message).join(' ')).join(' | ')))"""

SMALL_TARGETS = """([targets, least]) => [...document.querySelectorAll(targets)].filter(element => {
  const box = element.getBoundingClientRect();
  const shown = element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && box.width > 1;
  return shown && !element.closest('.visually-hidden') && (box.height < least - 0.5 || box.width < least - 0.5);
}).map(element => {
  const box = element.getBoundingClientRect();
  const name = element.innerText.trim().slice(0, 20) || element.name;
  return `${element.tagName}.${element.className} “${name}” ${Math.round(box.width)}×${Math.round(box.height)}`;
})"""

SMALL_TYPE = """least => [...document.querySelectorAll('body *')].filter(element => {
  const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return own && element.checkVisibility({checkVisibilityCSS: true}) && !element.closest('.visually-hidden, .skip, option');
}).flatMap(element => {
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const told = `${element.tagName}.${element.className} “${element.textContent.trim().slice(0, 20)}” `;
  const lines = parseFloat(style.lineHeight) / size;
  const isText = element.matches('p, dd, li') && lines < 1.49;
  return [...(size < least ? [told + size + 'px'] : []), ...(isText ? [told + 'line ' + lines.toFixed(2)] : [])];
})"""

WIDER_THAN_WINDOW = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  return [`${root.scrollWidth} > ${root.clientWidth}`, ...wide.slice(0, 5).map(e => e.tagName + '.' + e.className)];
}"""


@cache
def axe_source() -> str:
    """The program of axe-core as the test dependency ships it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds by WCAG 2.2 AA; run through the debugger, which the page's CSP does not bind."""
    session = page.context.new_cdp_session(page)
    try:
        if _run(session, "typeof axe") == "undefined":
            _run(session, axe_source())
        return _run(session, RUN_AXE % TAGS)
    finally:
        session.detach()


def _run(session: Any, expression: str) -> Any:
    answer = session.send(
        "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
    )
    if "exceptionDetails" in answer:
        raise AssertionError(answer["exceptionDetails"])
    return answer["result"].get("value")


def small_targets(page: Page) -> list[str]:
    """Buttons and the like that are smaller than 44 × 44 px."""
    return page.evaluate(SMALL_TARGETS, [TARGETS, SMALLEST_TARGET_PX])


def small_for_elders(page: Page) -> list[str]:
    """What is too small in 长辈版: targets under 60 px, words under 18 px, lines closer than one and a half."""
    targets = page.evaluate(SMALL_TARGETS, [LARGE_TARGETS, LARGE_TARGET_PX])
    return targets + page.evaluate(SMALL_TYPE, LARGE_TYPE_PX)


def sideways(page: Page) -> list[str]:
    """How far the page is wider than its window, and through what; empty when it fits."""
    return page.evaluate(WIDER_THAN_WINDOW)
