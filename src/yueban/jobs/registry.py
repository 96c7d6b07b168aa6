"""The handlers of background jobs by name; apps register theirs in `<app>/tasks.py`, which is loaded at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from procrastinate import App, RetryStrategy

Handler = Callable[..., object]
H = TypeVar("H", bound=Handler)

# Tries after 4, 16, 64 and 256 seconds; what still fails then waits as `failed` for a person.
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@dataclass(frozen=True)
class Registered:
    """A handler, and for work that comes round by itself its times in cron notation (UTC)."""

    handle: Handler
    cron: str | None = None


_handlers: dict[str, Registered] = {}


def handler(name: str, *, cron: str | None = None) -> Callable[[H], H]:
    """Register a function as the handler of the job `name`.

    It may run more than once for one job (a worker may be killed after the work and before its mark), so
    it must be idempotent. With `cron` it also comes round by itself at those times (UTC), without arguments.
    """

    def register(function: H) -> H:
        if name in _handlers and _handlers[name].handle is not function:
            raise ValueError(f"two handlers for the job {name}")
        _handlers[name] = Registered(function, cron)
        return function

    return register


def is_registered(name: str) -> bool:
    """Whether a handler has this name."""
    return name in _handlers


def register_handlers(app: App) -> None:
    """Give every registered handler to a procrastinate app: Django's, which defers, or a worker's, which runs."""
    for name, registered in _handlers.items():
        if name in app.tasks:
            continue
        task = app.task(name=name, retry=RETRY)(_as_task(registered))
        if registered.cron:
            app.periodic(cron=registered.cron)(task)


def _as_task(registered: Registered) -> Callable[..., None]:
    """The handler without the `timestamp` that procrastinate adds to work that comes round."""

    def run(**kwargs: Any) -> None:
        if registered.cron:
            kwargs.pop("timestamp", None)
        registered.handle(**kwargs)

    return run
