"""Work done step by step: its steps may be watched, and what it comes to is told at its end."""

from collections.abc import Callable, Generator, Iterator
from typing import Any, Generic, TypeVar

Step = TypeVar("Step")
Other = TypeVar("Other")
End = TypeVar("End")


def finished(steps: Generator[Step, None, End], on_step: Callable[[Step], object] = lambda _: None) -> End:
    """Take every step; what the work comes to."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: End = end.value
            return result
        on_step(step)


def mapped(steps: Generator[Step, None, End], change: Callable[[Step], Other]) -> Generator[Other, None, End]:
    """The same work with other steps."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: End = end.value
            return result
        yield change(step)


class Watched(Generic[Step, End]):
    """Steps to be iterated; ``end`` is there when they have been."""

    def __init__(self, steps: Generator[Step, None, End]) -> None:
        """Nothing is done before the first step is asked for."""
        self.end: End | None = None
        self._steps = self._watch(steps)

    def __iter__(self) -> Iterator[Step]:
        """The steps that are left."""
        return self._steps

    def first(self) -> Step | None:
        """The first step; None where there was none, and ``end`` is there."""
        return next(self._steps, None)

    def _watch(self, steps: Generator[Step, None, End]) -> Generator[Step, Any, None]:
        self.end = yield from steps
