"""Colours of tokens.css: which values there are in each mode, and how well one reads on another."""

import re
from collections.abc import Iterator
from importlib.resources import files

STYLES = files("yueban.channels") / "shared" / "static" / "shared"
DECLARATION = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def sheet(name: str) -> str:
    """A style sheet without its comments."""
    text = (STYLES / name).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


MODES = {"elder": ':root[data-mode="elder"]', "high": ':root[data-contrast="high"]'}


def tokens(*modes: str) -> dict[str, str]:
    """Token → value; the own values of each mode stand over the plain ones, in the order of the sheet."""
    text = sheet("tokens.css")
    found = dict(DECLARATION.findall(text.partition(MODES["elder"])[0]))
    for mode in modes:
        found |= dict(DECLARATION.findall(text.partition(MODES[mode])[2].partition("}")[0]))
    return found


def colour(name: str, values: dict[str, str]) -> str:
    """The six digits a role stands for."""
    value = values[name].strip()
    while value.startswith("var("):
        value = values[value[4:-1].removeprefix("--")].strip()
    assert re.fullmatch(r"#[0-9A-Fa-f]{6}", value), f"--{name} is no colour: {value}"
    return value


def luminance(digits: str) -> float:
    """Relative luminance by WCAG."""
    channels = [int(digits[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio by WCAG, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def rules(text: str) -> Iterator[tuple[str, str]]:
    """Selector and declarations of every rule."""
    for selector, body in RULE.findall(text):
        yield selector.strip(), body


def used(prop: str, body: str) -> str | None:
    """The token that a rule gives to a property."""
    found = re.search(rf"(?<![a-z-]){prop}:\s*var\(--([a-z0-9-]+)\)", body)
    return found[1] if found else None
