"""Problems of an item's standard: where, what, and what to do."""

from dataclasses import dataclass

PathStep = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; ``path`` leads to it through the YAML file, ``message`` is one sentence in Chinese."""

    path: tuple[PathStep, ...]
    message: str
    hint: str = ""

    @property
    def field(self) -> str:
        """The path as people write it: situation.questions[2].next."""
        return field_text(self.path)


def field_text(path: tuple[PathStep, ...]) -> str:
    """A path as people write it; list positions count from 0 as in the file's own order."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
