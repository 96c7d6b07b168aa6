"""Cases that wait at the counter, each a copy of one that was handed in through the real flows."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.db import connection

from benchmarks.copying import copy_row
from yueban.accounts import selectors as accounts
from yueban.cases.choices import CaseEvent
from yueban.cases.models import Case
from yueban.flows.identify import actor_of_user
from yueban.flows.load_examples import carry_examples
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.codes import public_number

APPLICANT = "chen"
CLERK, REVIEWER, DECIDER = "clerk-zhou", "reviewer-zheng", "decider-chu"
# The whole way of a case that was sent back once: eight moves, each by whoever may make it.
MOVES: tuple[tuple[CaseEvent, str], ...] = (
    (CaseEvent.RECEIVE, CLERK),
    (CaseEvent.REQUEST_SUPPLEMENT, CLERK),
    (CaseEvent.SUPPLY, APPLICANT),
    (CaseEvent.ACCEPT, CLERK),
    (CaseEvent.BEGIN_REVIEW, REVIEWER),
    (CaseEvent.SEND_TO_DECISION, REVIEWER),
    (CaseEvent.GRANT, DECIDER),
    (CaseEvent.DELIVER, CLERK),
)
_serials = count(50_000_001)


@dataclass(frozen=True)
class Template:
    """The case that the others are copies of, and the people who move them."""

    case: Case
    actors: Mapping[str, Actor]


def make_template() -> Template:
    """Hand in one case through the portal's own flow."""
    carry_examples(settings.CITY_DIR, [{"username": APPLICANT, "until": "submitted"}])
    related = ("application", "agency", "intake_agency", "item_version__item")
    case = Case.objects.select_related(*related).order_by("-pk")[0]
    return Template(case, {name: _actor(name) for _event, name in MOVES})


def _actor(username: str) -> Actor:
    user = accounts.find_demo_user(username)
    if user is None:
        raise SystemExit(f"no {username} in the cast")
    return actor_of_user(user.pk, channel="portal")


def make_cases(template: Template, wanted: int) -> list[str]:
    """So many cases that wait to be received; returns their numbers."""
    division, day = template.case.division_code, clock.today()
    numbers = [public_number.case_number(division, day, next(_serials)) for _ in range(wanted)]
    source = "unnest(%s::text[]) AS new(number)"
    application = "'SQ' || right(new.number, 14)"
    of_application = f"(SELECT id FROM cases_application WHERE number = {application})"  # noqa: S608 - constants
    of_template, of_case = f"id = {template.case.application_id}", f"id = {template.case.pk}"
    with connection.cursor() as cursor:
        copy_row(cursor, "cases_application", of_template, {"number": application}, (source, [numbers]))
        changed = {"number": "new.number", "application_id": of_application}
        copy_row(cursor, "cases_case", of_case, changed, (source, [numbers]))
    return numbers
