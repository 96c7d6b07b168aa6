"""Acting by keyboard alone: every thing on the way to another shows that it has the focus."""

FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), row = getComputedStyle(e.closest('label, .box') || e);
  const draws = one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2;
  return {tag: e.tagName, name: e.name || '', value: e.type === 'radio' || e.type === 'checkbox' ? e.value : '',
    type: e.type || '', text: (e.innerText || '').trim(), label: (e.labels?.[0]?.innerText || '').trim(),
    href: e.getAttribute('href') || '', isVisible: draws(style) || draws(row)};
}"""
MOST_TABS = 120


def tab_to(page, fits):
    """Press Tab until `fits` the focused thing; every thing on the way shows that it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["tag"] == "BODY":
            continue
        assert focused["isVisible"], f"no visible focus on {focused}"
        if fits(focused):
            return focused
    raise AssertionError(f"never reached by Tab; now at {page.evaluate(FOCUSED)} of {page.url}")


def enter(page, text):
    """Tab to the button or link of this text and press Enter."""
    tab_to(page, lambda f: f["tag"] in ("A", "BUTTON") and text in f["text"])
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page, name, value):
    """Tab into the group and choose by arrows, or tick by Space."""
    focused = tab_to(page, lambda f: f["name"] == name)
    if focused["type"] == "checkbox":
        while focused["value"] != value:
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
        page.keyboard.press("Space")
        return
    if focused["value"] == value:
        page.keyboard.press("Space")
        return
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        if page.evaluate(FOCUSED)["value"] == value:
            return
    raise AssertionError(f"{name} has no {value}")


def type_date(page, value):
    """Type a date in the order of the browser's own language, which is not the page's."""
    year, month, day = value.split("-")
    for order in ((month, day, year), (year, month, day)):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        for part in order:
            page.keyboard.type(part)
            if part is year:  # a month or day leads on by itself, a year may have more than four digits
                page.keyboard.press("ArrowRight")
        if page.evaluate("document.activeElement.value") == value:
            return
    raise AssertionError(f"{value} could not be typed")
