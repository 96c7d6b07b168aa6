"""安全事件: sign-ins that failed, names that are locked, resets and changes of posts, for who looks after safety."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yueban.accounts import selectors as accounts
from yueban.agencies import selectors as agencies
from yueban.audit import selectors as audit
from yueban.audit.models import Event
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.sayings import said_of
from yueban.channels.desk.staff import check_role, posts_in_words
from yueban.flows.audit_view import events_visible_to
from yueban.kernel import clock, roles

KINDS = (
    "account_created",
    "account_reset",
    "account_unlocked",
    "account_deactivated",
    "post_given",
    "post_ended",
    "post_refused",
    "first_password_used",
    "first_password_refused",
    "recovery_code_used",
    "second_factor_confirmed",
    "session_ended",
    "export",
    "audit_exported",
)
DAYS, MOST = 30, 100


@dataclass(frozen=True)
class Failing:
    """A name that was tried wrongly, and whether it is locked now."""

    username: str
    failures: int
    last_at: datetime
    is_locked: bool


@staff_only
@require_safe
def security(request: DeskRequest) -> HttpResponse:
    """What the security administrator looks at each morning."""
    within = check_role(request, roles.SECURITY_ADMIN)
    since = clock.now() - timedelta(days=DAYS)
    found = list(
        audit.matching(
            events_visible_to(request.actor, roles.SECURITY_ADMIN), audit.Wanted(first=since.date())
        )
        .filter(reference_kind="user", kind__in=KINDS)
        .order_by("-at", "-pk")[:MOST]
    )
    say, names = posts_in_words(event.data for event in found), _names(found)
    events = [
        (event, said_of(event.kind), say(event.data), names.get(event.reference_number, ""))
        for event in found
    ]
    return desk_page(
        request, "desk/security.html", {"failing": _failing(within), "events": events, "days": DAYS}
    )


def _names(found: Iterable[Event]) -> dict[str, str]:
    """Whom events are about, by the number of the account; one query."""
    numbers = {event.reference_number for event in found if event.reference_number.isdecimal()}
    return {str(user.pk): user.name for user in accounts.users_by_id(int(number) for number in numbers)}


def _failing(within: str) -> list[Failing]:
    """In a county the names of its own staff; names that nobody bears are for the city to see."""
    tried = AccessAttempt.objects.all()
    if len(within) >= audit.COUNTY_DIGITS:
        tried = tried.filter(username__in=agencies.staff_within(within).values("username"))
    rows = (
        tried.values("username")
        .annotate(failures=Sum("failures_since_start"), last_at=Max("attempt_time"))
        .order_by("-last_at")[:MOST]
    )
    locked_since = clock.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return [
        Failing(
            row["username"] or "",
            row["failures"],
            row["last_at"],
            row["failures"] >= settings.AXES_FAILURE_LIMIT and row["last_at"] > locked_since,
        )
        for row in rows
    ]
