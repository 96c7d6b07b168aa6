"""The handlers of background jobs by name; apps register theirs in `<app>/tasks.py`, which is loaded at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import close_old_connections
from procrastinate import App, RetryStrategy

Handler = Callable[..., object]
H = TypeVar("H", bound=Handler)

# Five tries over about five minutes; what still fails then waits for a person as `failed`.
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@dataclass(frozen=True)
class Registered:
    """A handler, and for work that comes round by itself its times in cron notation (Asia/Shanghai is UTC+8)."""

    handle: Handler
    cron: str | None = None


_handlers: dict[str, Registered] = {}


def handler(name: str, *, cron: str | None = None) -> Callable[[H], H]:
    """Register a function as the handler of the job `name`.

    It may run more than once for one job (a worker may be killed after its work and before its mark), so
    it must be idempotent. With `cron` it also runs by itself at those times (UTC), without arguments.
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
    """Give every registered handler to procrastinate; called once when Django is ready."""
    for name, registered in _handlers.items():
        task = app.task(name=name, retry=RETRY, pass_context=False)(_with_fresh_connection(registered))
        if registered.cron:
            app.periodic(cron=registered.cron)(task)


def _with_fresh_connection(registered: Registered) -> Callable[..., None]:
    """Jobs run in a worker's thread: a connection that the server has closed must not fail the next job."""

    def run(**kwargs: Any) -> None:
        close_old_connections()
        try:
            if registered.cron:
                kwargs.pop("timestamp", None)
            registered.handle(**kwargs)
        finally:
            close_old_connections()

    return run
