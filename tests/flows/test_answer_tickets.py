"""Who answers a ticket, who reads it, and what the asker is told."""

import pytest

from tests import people
from tests.flows.moments import set_now
from tests.tickets import making
from yueban.flows import answer_tickets as flow
from yueban.kernel.reference import Reference
from yueban.notifications.models import Message
from yueban.tickets import selectors
from yueban.tickets.errors import TicketNotFound, TicketNotMine, TooManyTries
from yueban.tickets.models import Ticket, WrongCode
from yueban.vault.errors import PurposeMissing
from yueban.vault.models import Unmasking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning():
    set_now(2026, 11, 24, 10)


def test_the_asker_is_told_once_of_each_answer_and_where_it_went():
    citizen, clerk = people.actor(people.CITIZEN), people.actor(people.CLERK)
    number = making.opened(asker=citizen).number
    flow.hand_on(clerk, number, agency_code="yuecheng-transport", reason="道路运输的事。")
    reviewer = people.actor(people.REVIEWER)
    flow.take(reviewer, number)
    for _ in range(2):
        flow.answer(reviewer, number, text="凭营业执照申请。", sources=[])
    flow.ask_again(citizen, flow.own(citizen, number, ""), text="还要带什么？")
    flow.take(reviewer, number)
    flow.answer(reviewer, number, text="身份证。", sources=[])
    told = Message.objects.filter(user_id=citizen.user_id, reference_kind="ticket", reference_number=number)
    assert list(told.order_by("pk").values_list("title", "body")) == [
        ("您的问题已转交", f"工单{number}现在由{reviewer.posts[0].agency_name}答复，承诺的时间不变。"),
        ("您的问题有了答复", "凭营业执照申请。"),
        ("您的问题有了答复", "身份证。"),
    ]


WHO_SEES = {
    # Yuecheng's window, the city's window and its supervisor; nobody else.
    (making.YUECHENG, None): {"clerk-zhou", "clerk-wu", "supervisor-shen"},
    (making.YUECHENG, "transport"): {"reviewer-zheng", "supervisor-shen"},
    ("330600000000", None): {"clerk-cheng", "supervisor-shen"},
}
ASKED = (
    *("clerk-zhou", "clerk-wu", "clerk-cheng", "clerk-lu", "reviewer-zheng", "reviewer-han", "checker-wei"),
    *("supervisor-shen", "editor-yang", "decider-chu", people.OWNER, people.STRANGER),
)


@pytest.mark.parametrize(("place", "kind"), WHO_SEES)
def test_who_sees_it_sees_it_everywhere_and_who_does_not_nowhere(place, kind):
    citizen = people.actor(people.CITIZEN)
    number = making.opened(division_code=place, agency_kind=kind, asker=citizen).number
    seeing = set()
    for name in ASKED:
        actor = people.actor(name)
        rows = selectors.tickets_at_work(actor)
        in_list = number in {row.number for row in selectors.in_tab(rows, "waiting", actor)}
        in_search = selectors.narrowed(rows, number).exists()
        in_export = number in {row.number for row in flow.exported(actor, "all", "")}
        is_counted = selectors.counts_by_tab(rows, actor)["all"] == 1
        try:
            is_opened = selectors.get_ticket(actor, number).number == number
        except TicketNotFound:
            is_opened = False
        assert in_list == in_search == in_export == is_counted == is_opened, name
        if in_list:
            seeing.add(name)
        else:
            with pytest.raises(TicketNotFound):
                flow.take(actor, number)
            with pytest.raises(TicketNotFound):
                flow.own(actor, number, "")
    assert seeing == WHO_SEES[place, kind]
    assert list(selectors.tickets_visible_to(citizen)) == [Ticket.objects.get(number=number)]
    assert not selectors.tickets_at_work(citizen).exists()


def test_a_supervisor_directs_and_does_not_answer():
    number, supervisor = making.opened().number, people.actor(people.SUPERVISOR)
    with pytest.raises(TicketNotMine):
        flow.take(supervisor, number)
    with pytest.raises(TicketNotMine):
        flow.close_at_desk(supervisor, number)
    flow.note(supervisor, number, text="请优先办理。")
    found = flow.hand_on(supervisor, number, agency_code="yuecheng-transport", reason="道路运输的事。")
    assert found.agency is not None
    assert found.agency.code == "yuecheng-transport"


def test_nobody_answers_his_own_question():
    clerk = people.actor(people.CLERK)
    number = making.opened(asker=clerk).number
    with pytest.raises(TicketNotMine):
        flow.take(clerk, number)
    assert flow.take(people.actor(people.OTHER_CLERK), number).number == number


def test_the_phone_is_for_whoever_holds_the_ticket_and_a_look_is_kept():
    clerk, number = people.actor(people.CLERK), making.opened(contact_phone="13800000099").number
    with pytest.raises(TicketNotMine):
        flow.contact_phone(clerk, number, purpose="电话答复")
    flow.take(clerk, number)
    with pytest.raises(PurposeMissing):
        flow.contact_phone(clerk, number, purpose=" ")
    assert flow.contact_phone(clerk, number, purpose="电话答复") == "13800000099"
    kept = Unmasking.objects.get()
    assert Reference(kept.reference_kind, kept.reference_number) == Reference("ticket", number)
    bare = making.opened().number
    flow.take(clerk, bare)
    with pytest.raises(TicketNotFound):
        flow.contact_phone(clerk, bare, purpose="电话答复")


def test_wrong_codes_from_one_address_are_counted():
    found, visitor = making.opened(), people.actor(people.STRANGER)
    for _ in range(selectors.WRONG_CODES_PER_HOUR):
        with pytest.raises(TicketNotFound):
            flow.own(visitor, found.number, "0" * 32, address="203.0.113.7")
    with pytest.raises(TooManyTries):
        flow.own(visitor, found.number, found.access_code, address="203.0.113.7")
    assert flow.own(visitor, found.number, found.access_code, address="203.0.113.8").number == found.number
    assert "203.0.113.7" not in str(list(WrongCode.objects.values_list("asked_from", flat=True)))
    set_now(2026, 11, 24, 12)
    assert flow.own(visitor, found.number, found.access_code, address="203.0.113.7").number == found.number


def test_what_was_answered_is_closed_at_the_desk_without_saying_that_anybody_is_content():
    clerk = people.actor(people.CLERK)
    number = making.answered(clerk).number
    assert flow.close_at_desk(clerk, number).is_satisfied is None
