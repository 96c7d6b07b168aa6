"""The acts of the desk on a case that allows them × role: the columns are those of tests/channels/matrix.py."""

from collections.abc import Callable

from tests import people
from yueban.cases.models import Case

# The state allows it: what is left is who holds the post.
BY_CLERK = (302, 403, 403, 302, 403, 404, 404, 403)
BY_REVIEWER = (302, 403, 403, 403, 302, 403, 404, 403)
BY_CHECKER = (302, 403, 403, 403, 403, 302, 404, 403)
BY_DECIDER = (302, 403, 403, 403, 403, 403, 404, 403)
ACTS: dict[str, tuple[Callable[[], Case], tuple[int, ...], str]] = {
    "receive": (people.submitted, BY_CLERK, ""),
    "return": (people.submitted, BY_CLERK, ""),
    "terminate": (people.received, (302, 403, 403, 302, 302, 404, 404, 403), ""),
    "accept": (people.received, BY_CLERK, ""),
    "supplement": (people.received, BY_CLERK, ""),
    "refuse-acceptance": (people.received, BY_CLERK, ""),
    "take": (people.accepted, BY_REVIEWER, "review"),
    "approve": (people.accepted, BY_REVIEWER, "review"),
    "disapprove": (people.accepted, BY_REVIEWER, "review"),
    "check": (people.accepted, BY_CHECKER, "vehicle-check"),
    # To nobody, and nobody asked: what is left is who might.
    "hand-on": (people.accepted, (302, 403, 403, 403, 422, 403, 404, 403), "review"),
    "countersign": (people.accepted, (302, 403, 403, 403, 422, 403, 404, 403), "review"),
    "arrange-inspection": (people.accepted, BY_REVIEWER, "review"),
    "take-back": (people.accepted, (302, 403, 403, 409, 409, 409, 404, 409), "review"),
    "grant": (people.deciding, BY_DECIDER, ""),
    "refuse": (people.deciding, BY_DECIDER, ""),
    "suspend": (people.accepted, BY_REVIEWER, ""),
    "tell-hearing": (people.accepted, BY_REVIEWER, ""),
    "ask-extension": (people.accepted, BY_REVIEWER, ""),
    "extend": (people.deciding, BY_DECIDER, ""),
    "revoke": (people.granted, BY_DECIDER, ""),
    "oversee": (people.accepted, (302, 403, 403, 403, 403, 403, 404, 302), ""),
    "deliver": (people.granted, (302, 403, 403, 302, 403, 403, 404, 403), ""),
}
