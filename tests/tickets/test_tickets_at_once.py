"""Two clerks, two clicks, an asker and a clerk: on real connections, in the same moment."""

import pytest

from tests import people
from tests.flows.moments import at_once, set_now
from tests.tickets import making
from yueban.tickets import services
from yueban.tickets.choices import TicketState
from yueban.tickets.errors import TicketStale, TicketTaken
from yueban.tickets.models import Ticket, TicketEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def morning():
    set_now(2026, 11, 24, 10)


def test_of_two_clerks_one_takes_it():
    number = making.opened().number
    clerks = [people.actor(people.CLERK), people.actor(people.OTHER_CLERK)]
    found = at_once([lambda one=one: services.take_ticket(number=number, actor=one) for one in clerks])
    refused = [one for one in found if isinstance(one, TicketTaken)]
    assert len(refused) == 1
    winner = Ticket.objects.select_related("taken_by").get(number=number).taken_by
    assert winner.name in refused[0].message


def test_two_clicks_open_one_ticket_with_one_code():
    key = "once-and-once-again"
    first, second = at_once([lambda: making.opened(idempotency_key=key)] * 2)
    assert first == second
    assert Ticket.objects.count() == 1


def test_questions_at_once_have_numbers_of_their_own():
    found = at_once([making.opened] * 6)
    assert len({one.number for one in found}) == 6


def test_two_clicks_give_one_answer():
    number, clerk = making.opened().number, people.actor(people.CLERK)
    services.take_ticket(number=number, actor=clerk)
    act = lambda: services.answer_ticket(number=number, text=making.ANSWER, sources=[], actor=clerk)  # noqa: E731
    found = at_once([act, act])
    assert [one.state for one in found] == [TicketState.ANSWERED] * 2
    assert TicketEntry.objects.count() == 1


def test_a_withdrawal_and_an_answer_do_not_both_count():
    citizen, clerk = people.actor(people.CITIZEN), people.actor(people.CLERK)
    number = making.opened(asker=citizen).number
    services.take_ticket(number=number, actor=clerk)
    found = at_once(
        [
            lambda: services.answer_ticket(number=number, text=making.ANSWER, sources=[], actor=clerk),
            lambda: services.withdraw_ticket(number=number, actor=citizen),
        ]
    )
    assert sum(isinstance(one, TicketStale) for one in found) == 1


def test_asking_again_twice_at_once_counts_once():
    citizen, clerk = people.actor(people.CITIZEN), people.actor(people.CLERK)
    number = making.answered(clerk, asker=citizen).number
    act = lambda: services.reopen_ticket(number=number, text="还要带什么？", actor=citizen)  # noqa: E731
    found = at_once([act, act])
    assert sum(isinstance(one, Ticket) for one in found) == 1
    assert TicketEntry.objects.filter(kind="asked_again").count() == 1
