"""How fast questions may come from one conversation, address, kiosk or key: a sliding minute, told clearly.

The times lie in this process's memory: a brake against programs, beside the calls counted in the database for keys.
Whoever is stopped here may still be handed to a person.
"""

from django.conf import settings
from django.core.cache import cache

from yueban.kernel import clock
from yueban.kernel.errors import ServiceError

WINDOW_S = 60.0


class TooManyQuestions(ServiceError):
    """More questions in a minute than one may ask; data["retry_after"] says how many seconds to wait."""

    code = "consult.too_many"
    status = 429


def check_pace(*, who: str, address: str = "") -> None:
    """Count one question of somebody and of his address; raises TooManyQuestions beyond either limit."""
    _count(f"who:{who}", settings.YUEBAN_QUESTIONS_PER_MINUTE)
    if address:
        _count(f"address:{address}", settings.YUEBAN_QUESTIONS_PER_MINUTE_OF_ADDRESS)


def _count(name: str, limit: int) -> None:
    now = clock.now().timestamp()
    key = f"consult-pace:{name}"
    recent = [moment for moment in cache.get(key, ()) if 0 <= now - moment < WINDOW_S]
    if len(recent) >= limit:
        wait = max(1, round(WINDOW_S - (now - recent[0])))
        raise TooManyQuestions(
            f"一分钟内已经问了{limit}次，先停一停。",
            hint=f"请{wait}秒后再问，您写的还在；着急可以点“转人工”，或拨打 12345。",
            data={"retry_after": wait},
        )
    cache.set(key, [*recent, now], WINDOW_S)
