"""A source that fails again and again is left in peace for a while, so that nobody waits for it.

Each process learns for itself: what it knows is gone with it, and no row is written for a call that was not made.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FAILURES = 3
REST_SECONDS = 30.0


@dataclass
class _Line:
    failures: int = 0
    rests_until: float = 0.0
    is_tried: bool = False


@dataclass
class Breaker:
    """Closed while calls succeed; open for a rest after some failures; then one call at a time tries again."""

    failures: int = FAILURES
    rest_seconds: float = REST_SECONDS
    now: Callable[[], float] = time.monotonic
    _lines: dict[str, _Line] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_call(self, key: str) -> bool:
        """Whether this source is called now; whoever is let through after a rest tells how it went."""
        with self._lock:
            line = self._lines.setdefault(key, _Line())
            if line.failures < self.failures:
                return True
            if self.now() < line.rests_until or line.is_tried:
                return False
            line.is_tried = True
            return True

    def tell(self, key: str, *, is_well: bool) -> None:
        """How a call went."""
        with self._lock:
            line = self._lines.setdefault(key, _Line())
            line.is_tried = False
            line.failures = 0 if is_well else line.failures + 1
            if line.failures >= self.failures:
                line.rests_until = self.now() + self.rest_seconds

    def is_resting(self, key: str) -> bool:
        """Whether the source is being left in peace."""
        with self._lock:
            line = self._lines.get(key)
            return bool(line and line.failures >= self.failures and self.now() < line.rests_until)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._lines.clear()


BREAKER = Breaker()
