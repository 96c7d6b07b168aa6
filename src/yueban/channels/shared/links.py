"""A word with its address, as lists of links are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A word with its address."""

    title: str
    href: str
    is_current: bool = False

    @property
    def text(self) -> str:
        """The word."""
        return self.title
