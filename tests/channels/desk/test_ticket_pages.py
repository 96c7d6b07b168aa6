"""工单 at the desk: the queue, one ticket and its acts, as a clerk sees them in the browser."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import people
from tests.channels.visitors import content_of, visitor
from tests.flows.moments import set_now
from tests.tickets import making
from yueban.audit import selectors as audit
from yueban.kernel.reference import Reference
from yueban.tickets import services
from yueban.tickets.choices import TicketState
from yueban.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning():
    set_now(2026, 11, 24, 10)


@pytest.fixture
def clerk():
    return visitor(people.CLERK)


def post(client, number, act, **data):
    return client.post(f"/desk/tickets/{number}/{act}", data)


def test_from_the_queue_to_the_answer(clerk):
    number = making.opened(is_urgent=True).number
    page = clerk.get("/desk/tickets/").content.decode()
    assert making.QUESTION in page
    assert "紧急" in page
    page = clerk.get(f"/desk/tickets/{number}/").content.decode()
    assert "可能是灵活就业社会保险补贴" in page
    assert "本市户籍的灵活就业人员" in page
    assert post(clerk, number, "take").status_code == 302
    refused = post(clerk, number, "answer", answer="", sources="")
    assert (refused.status_code, "请写下答复" in refused.content.decode()) == (422, True)
    refused = post(clerk, number, "answer", answer=making.ANSWER, sources="随便")
    assert making.ANSWER in refused.content.decode()  # what was typed is not lost
    done = post(clerk, number, "answer", answer=making.ANSWER, sources="item:flexible-subsidy#conditions")
    assert done.status_code == 302
    assert post(clerk, number, "close").status_code == 302
    assert Ticket.objects.get(number=number).state == TicketState.CLOSED


def test_who_was_second_is_told_who_was_first(clerk):
    number = making.opened().number
    services.take_ticket(number=number, actor=people.actor(people.OTHER_CLERK))
    refused = post(clerk, number, "take")
    assert refused.status_code == 409
    assert "吴受理已经接了这张工单" in refused.content.decode()


@pytest.mark.parametrize(
    ("act", "data", "field"),
    [
        ("back", {}, "请写明为什么退回"),
        ("on", {"agency": "nowhere", "reason": "不归我管。"}, "请选择另一个有人答复的部门"),
        ("on", {"agency": "yuecheng-transport"}, "请写明为什么转交"),
        ("note", {}, "请写下备注"),
    ],
)
def test_a_form_that_is_not_whole_says_what_is_missing(clerk, act, data, field):
    number = making.opened().number
    post(clerk, number, "take")
    refused = post(clerk, number, act, **data)
    assert (refused.status_code, field in refused.content.decode()) == (422, True)


def test_the_phone_is_masked_until_it_is_asked_for(clerk):
    number = making.opened(contact_phone="13800000099").number
    post(clerk, number, "take")
    assert "138****0099" in clerk.get(f"/desk/tickets/{number}/").content.decode()
    assert "13800000099" in post(clerk, number, "phone", purpose="电话答复").content.decode()
    assert "13800000099" not in clerk.get(f"/desk/tickets/{number}/").content.decode()


def test_handed_on_it_leaves_this_desk(clerk):
    number = making.opened().number
    done = post(clerk, number, "on", agency="yuecheng-transport", reason="道路运输的事。")
    assert done["Location"] == "/desk/tickets/"
    assert clerk.get(f"/desk/tickets/{number}/").status_code == 404
    assert visitor(people.REVIEWER).get(f"/desk/tickets/{number}/").status_code == 200


def test_the_list_as_a_sheet_holds_no_asker_and_is_kept(clerk):
    number = making.opened(asker=people.actor(people.CITIZEN), question="=1+1 怎么办？").number
    response = clerk.get("/desk/tickets/export.xlsx?tab=all&text=怎么办")
    rows = list(load_workbook(BytesIO(content_of(response))).active.iter_rows(values_only=True))
    assert rows[1][:2] == (number, "=1+1 怎么办？")
    assert people.actor(people.CITIZEN).name not in str(rows)
    user = people.user(people.CLERK)
    events = audit.events_of(Reference("user", str(user.pk)))
    assert [event.data["rows"] for event in events if event.kind == "export"] == [1]


def test_a_long_queue_asks_no_more_than_a_short_one(clerk, django_assert_max_num_queries):
    making.opened()
    clerk.get("/desk/tickets/")
    with django_assert_max_num_queries(40) as one:
        clerk.get("/desk/tickets/")
    for _ in range(10):
        making.opened()
    with django_assert_max_num_queries(len(one)):
        page = clerk.get("/desk/tickets/")
    assert page.content.decode().count("data-row") >= 11


@pytest.mark.parametrize("tab", ["waiting", "mine", "answered", "overdue", "all", "'; --"])
def test_every_tab_opens(clerk, tab):
    assert clerk.get("/desk/tickets/", {"tab": tab, "text": "没有的字"}).status_code == 200


def test_an_act_that_does_not_exist(clerk):
    assert post(clerk, making.opened().number, "burn").status_code == 404
