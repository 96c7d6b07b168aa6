"""The public pages on which sources stand: what a citation leads to, in the portal and at the desk."""

from collections.abc import Callable

from django.urls import reverse


def page(name: str) -> Callable[[str], str]:
    """The address of a named page by the key of what it shows."""
    return lambda key: reverse(name, args=[key])


SOURCES = {
    "item": page("portal:guide"),
    "offer": page("portal:offer"),
    "bundle": page("portal:bundle"),
    "outlet": page("portal:outlet"),
    "answer": page("portal:answer"),
    "policy": page("portal:policy-text"),
}
OPENED = {
    "open_item": page("portal:guide"),
    "open_offer": page("portal:offer"),
    "open_policy": page("portal:policy-text"),
    "open_bundle": page("portal:bundle"),
    "near": lambda key: f"{reverse('portal:guide', args=[key])}#where" if key else reverse("portal:outlets"),
    "call": lambda number: f"tel:{number or '12345'}",
}
