"""A ticket from the question to the end: what it keeps, where it goes, what it refuses."""

from datetime import timedelta

import pytest
from django.db import connection

from tests import people
from tests.flows.moments import set_now
from tests.tickets import making
from yueban.audit import selectors as audit
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.tickets import selectors, services
from yueban.tickets.choices import EntryKind, TicketState
from yueban.tickets.errors import (
    ReopenedAlready,
    TicketInvalid,
    TicketNotFound,
    TicketNotMine,
    TicketStale,
    TicketTaken,
)
from yueban.tickets.models import Ticket
from yueban.vault import services as vault

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning():
    set_now(2026, 11, 24, 10)


def kinds_of(number):
    return [event.kind for event in audit.events_of(Reference("ticket", number))]


def test_from_the_question_to_the_end():
    clerk, found = people.actor(people.CLERK), making.opened()
    services.take_ticket(number=found.number, actor=clerk)
    services.note(number=found.number, text="问过街道。", actor=clerk)
    sources = ["item:flexible-subsidy#conditions"]
    services.answer_ticket(number=found.number, text=making.ANSWER, sources=sources, actor=clerk)
    services.close_ticket(number=found.number, is_satisfied=True, actor=people.actor(people.CITIZEN))
    ticket = Ticket.objects.get(number=found.number)
    assert (ticket.state, ticket.sources, ticket.is_satisfied) == (TicketState.CLOSED, sources, True)
    assert [one.kind for one in selectors.entries_of(ticket)] == [EntryKind.NOTE, EntryKind.ANSWER]
    steps = ["ticket_opened", "ticket_taken", "ticket_noted", "ticket_answered", "ticket_closed"]
    assert kinds_of(found.number) == steps


def test_the_number_says_when_a_digit_is_wrong():
    number = making.opened().number
    assert selectors.is_number(number)
    wrong = number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]
    assert not selectors.is_number(wrong)


@pytest.mark.parametrize(
    ("place", "kind", "agency"),
    [
        (making.YUECHENG, None, "yuecheng-government-services"),
        ("330602011220", None, "yuecheng-government-services"),
        (making.YUECHENG, "human-resources", "yuecheng-human-resources"),
        (making.YUECHENG, "no-such-kind", "yuecheng-government-services"),
        # Nobody answers in this county: the city does.
        ("330624000000", None, "shaoxing-government-services"),
        ("330600000000", None, "shaoxing-government-services"),
    ],
)
def test_who_answers_follows_from_the_place(place, kind, agency):
    found = making.ticket(division_code=place, agency_kind=kind)
    assert found.agency is not None
    assert found.agency.code == agency


@pytest.mark.parametrize(
    ("now", "promised"),
    [
        ((2026, 11, 24, 10), (2026, 11, 24, 10, 30)),
        # In the evening, on a Saturday afternoon and on a holiday: half an hour after the next opening.
        ((2026, 11, 24, 20), (2026, 11, 25, 9, 30)),
        ((2026, 11, 28, 15), (2026, 11, 30, 9, 30)),
        ((2026, 10, 3, 10), (2026, 10, 8, 9, 30)),
    ],
)
def test_what_is_promised_follows_from_the_hours_of_the_hall(now, promised):
    set_now(*now)
    found = making.opened().promised_at.astimezone(clock.BEIJING)
    assert (found.year, found.month, found.day, found.hour, found.minute) == promised


def test_minutes_before_closing_the_rest_is_counted_from_the_next_opening(settings):
    settings.YUEBAN_TICKET_MINUTES = 90
    set_now(2026, 11, 24, 16)
    assert f"{making.opened().promised_at.astimezone(clock.BEIJING):%m-%d %H:%M}" == "11-25 09:30"


def test_a_second_click_gives_the_same_ticket_and_the_same_code():
    key = "k" * 32
    first, second = making.opened(idempotency_key=key), making.opened(idempotency_key=key)
    assert first == second
    assert len(bytes.fromhex(first.access_code)) * 8 == 128
    assert kinds_of(first.number) == ["ticket_opened"]
    with pytest.raises(TicketStale):
        making.opened(idempotency_key=key, subject=Reference("conversation", "ZX2"))
    with pytest.raises(TicketStale):
        making.opened(idempotency_key=key, asker=people.actor(people.CITIZEN))


def test_nothing_personal_stands_in_the_clear():
    found = making.ticket(
        question="我是13812345678，身份证330602199001011234",
        transcript=[{"role": "asker", "text": "电话13812345678", "parts": ["13812345678"]}],
        draft="请打13812345678",
        contact_phone="138 1234 5678",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM tickets_ticket t WHERE number = %s", [found.number])
        row = cursor.fetchone()[0]
    assert "13812345678" not in row
    assert "330602199001011234" not in row
    assert "电话" not in row  # the transcript is sealed
    assert found.transcript[0]["parts"] == ["138****5678"]
    assert vault.decrypt(found.phone_cipher) == "13812345678"


@pytest.mark.parametrize(
    "given",
    [
        {"question": " \u200b\n"},
        {"contact_phone": "12"},
        {"kind": "party"},
        {"division_code": "3306"},
        {"idempotency_key": "short"},
    ],
)
def test_what_cannot_be_opened(given):
    with pytest.raises(TicketInvalid):
        making.opened(**given)
    assert not Ticket.objects.exists()


def test_an_odd_question_is_kept_as_far_as_it_can_be_read():
    found = making.ticket(question="a\x00b" + "长" * 5000)
    assert found.question.startswith("ab长")
    assert len(found.question) == 2000


def test_only_the_asker_finds_it_again():
    anonymous, own = making.opened(), making.opened(asker=people.actor(people.CITIZEN))
    assert own.access_code == ""
    visitor, citizen = people.actor(people.STRANGER), people.actor(people.CITIZEN)
    found = selectors.get_own_ticket(visitor, anonymous.number, anonymous.access_code.upper())
    assert found.number == anonymous.number
    assert selectors.get_own_ticket(citizen, own.number, "").asker_name == citizen.name
    for actor, number, code in (
        (visitor, anonymous.number, "0" * 32),
        (visitor, anonymous.number, ""),
        (visitor, own.number, ""),
        (visitor, own.number, anonymous.access_code),
        (citizen, "GD1", ""),
    ):
        with pytest.raises(TicketNotFound):
            selectors.get_own_ticket(actor, number, code)


def test_what_is_promised_late_may_be_taken_over():
    number, first, second = making.opened().number, people.actor(people.CLERK), people.actor("clerk-wu")
    services.take_ticket(number=number, actor=first)
    with pytest.raises(TicketTaken, match=first.name):
        services.take_ticket(number=number, actor=second)
    set_now(2026, 11, 24, 11)
    taken = services.take_ticket(number=number, actor=second)
    assert taken.taken_by_id == second.user_id
    with pytest.raises(TicketTaken, match=second.name):
        services.answer_ticket(number=number, text=making.ANSWER, sources=[], actor=first)


def test_back_into_the_queue_and_to_another_agency():
    number, clerk = making.opened().number, people.actor(people.CLERK)
    services.take_ticket(number=number, actor=clerk)
    with pytest.raises(TicketInvalid):
        services.hand_back(number=number, reason=" ", actor=clerk)
    services.hand_back(number=number, reason="不归我管。", actor=clerk)
    before = Ticket.objects.get(number=number)
    assert (before.state, before.taken_by_id) == (TicketState.OPEN, None)
    services.hand_on(number=number, agency_code="yuecheng-transport", reason="道路运输的事。", actor=clerk)
    after = Ticket.objects.get(number=number)
    assert (after.agency.code, after.promised_at) == ("yuecheng-transport", before.promised_at)
    with pytest.raises(TicketNotMine):
        services.take_ticket(number=number, actor=clerk)
    reviewer = people.actor(people.REVIEWER)
    assert services.take_ticket(number=number, actor=reviewer).taken_by_id == reviewer.user_id


@pytest.mark.parametrize("code", ["yuecheng-government-services", "keqiao-government-services", "nowhere"])
def test_it_goes_only_where_somebody_answers(code):
    number, clerk = making.opened().number, people.actor(people.CLERK)
    with pytest.raises(TicketInvalid):
        services.hand_on(number=number, agency_code=code, reason="请办。", actor=clerk)


def test_an_answer_needs_words_a_taker_and_sources_that_can_be_found():
    number, clerk = making.opened().number, people.actor(people.CLERK)
    with pytest.raises(TicketStale):
        services.answer_ticket(number=number, text=making.ANSWER, sources=[], actor=clerk)
    services.take_ticket(number=number, actor=clerk)
    for text, sources in (
        (" ", []),
        (making.ANSWER, ["随便"]),
        (making.ANSWER, [f"item:a{n}" for n in range(11)]),
    ):
        with pytest.raises(TicketInvalid):
            services.answer_ticket(number=number, text=text, sources=sources, actor=clerk)
    for _ in range(2):
        services.answer_ticket(number=number, text=making.ANSWER, sources=[], actor=clerk)
    with pytest.raises(TicketStale):
        services.answer_ticket(number=number, text="另一个答复", sources=[], actor=clerk)
    assert kinds_of(number).count("ticket_answered") == 1


def test_it_is_asked_again_once():
    clerk, citizen = people.actor(people.CLERK), people.actor(people.CITIZEN)
    number = making.answered(clerk, asker=citizen).number
    set_now(2026, 11, 24, 20)
    again = services.reopen_ticket(number=number, text="那要带什么？打13812345678", actor=citizen)
    assert (again.state, again.taken_by_id) == (TicketState.OPEN, None)
    assert f"{again.promised_at.astimezone(clock.BEIJING):%m-%d %H:%M}" == "11-25 09:30"
    entry = selectors.entries_of(again).last()
    assert (entry.kind, entry.text) == (EntryKind.ASKED_AGAIN, "那要带什么？打138****5678")
    services.take_ticket(number=number, actor=clerk)
    services.answer_ticket(number=number, text="身份证。", sources=[], actor=clerk)
    with pytest.raises(ReopenedAlready):
        services.reopen_ticket(number=number, text="还要什么？", actor=citizen)
    services.close_ticket(number=number, is_satisfied=True, actor=citizen)
    services.close_ticket(number=number, is_satisfied=True, actor=citizen)
    assert kinds_of(number).count("ticket_closed") == 1


def test_what_waits_can_be_withdrawn_and_what_is_over_cannot():
    citizen, clerk = people.actor(people.CITIZEN), people.actor(people.CLERK)
    number = making.opened(asker=citizen).number
    assert services.withdraw_ticket(number=number, actor=citizen).state == TicketState.WITHDRAWN
    with pytest.raises(TicketStale):
        services.take_ticket(number=number, actor=clerk)
    answered = making.answered(clerk, asker=citizen).number
    with pytest.raises(TicketStale):
        services.withdraw_ticket(number=answered, actor=citizen)


def test_the_queue_puts_the_urgent_and_then_the_earliest_first():
    clerk = people.actor(people.CLERK)
    first = making.opened().number
    set_now(2026, 11, 24, 11)
    second, urgent = making.opened().number, making.opened(is_urgent=True).number
    rows = selectors.tickets_at_work(clerk)
    queue = selectors.in_tab(rows, "waiting", clerk)
    assert [row.number for row in queue] == [urgent, first, second]
    assert [row.number for row in selectors.in_tab(rows, "overdue", clerk)] == [first]
    services.take_ticket(number=second, actor=clerk)
    assert selectors.counts_by_tab(rows, clerk) == {
        "waiting": 2,
        "mine": 1,
        "answered": 0,
        "overdue": 1,
        "all": 3,
    }
    assert [row.number for row in selectors.narrowed(rows, first.lower())] == [first]
    assert selectors.narrowed(rows, "社保补贴").count() == 3


def test_the_figures_say_how_long_people_waited(django_assert_num_queries):
    clerk = people.actor(people.CLERK)
    late, waiting = making.opened().number, making.opened().number
    making.answered(clerk)
    set_now(2026, 11, 24, 12)
    services.take_ticket(number=late, actor=clerk)
    services.answer_ticket(number=late, text=making.ANSWER, sources=[], actor=clerk)
    with django_assert_num_queries(1):
        found = selectors.figures_of(selectors.tickets_at_work(clerk))
    assert (found.open, found.overdue, found.answered, found.in_time) == (1, 1, 2, 1)
    assert found.median_wait == timedelta(hours=1)
    assert Ticket.objects.get(number=waiting).state == TicketState.OPEN
    assert selectors.figures_of(Ticket.objects.none()).median_wait is None
