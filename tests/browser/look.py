"""One look at a page: where, as whom, after what, and what proves that it is the page meant."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.acts import press


@dataclass(frozen=True)
class Look:
    """A page as somebody sees it; `says` proves that it is the page meant, `first` what is done before."""

    name: str
    address: str
    says: str
    who: str | None = None
    first: Callable[[Page], None] | None = None


def press_on(name: str) -> Callable[[Page], None]:
    """What is done first: the button of exactly this name is pressed."""
    return lambda page: press(page, name, exact=True)
