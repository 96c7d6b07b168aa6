"""采纳为问答: a person's answer becomes knowledge in two clicks, by two people."""

import pytest

from tests import answers, people
from tests.channels.visitors import visitor
from tests.tickets import making
from yueban.assistant import selectors
from yueban.flows import knowledge
from yueban.kernel.errors import Invalid, NotFound
from yueban.tickets import services
from yueban.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def answered(text: str = "不收费，办好前不用交钱。", sources: tuple[str, ...] = (answers.FEE,)) -> Ticket:
    number = making.opened(question="办货运证要钱吗，我电话13800000001").number
    clerk = people.actor(people.CLERK)
    services.take_ticket(number=number, actor=clerk)
    return services.answer_ticket(number=number, text=text, sources=list(sources), actor=clerk)


def test_the_clerk_proposes_and_an_editor_signs():
    answers.units()
    ticket = answered()
    for _ in range(2):
        assert visitor(people.CLERK).post(f"/desk/knowledge/adopt/{ticket.number}").status_code == 302
    ticket.refresh_from_db()
    row = selectors.find_answer(ticket.became_question)
    assert row is not None
    assert (row.state, row.origin, row.author_name) == ("waiting", ticket.number, "周收件")
    assert "13800000001" not in row.question
    signed = visitor(people.EDITOR).post(f"/desk/knowledge/answers/{row.key}/sign", {"revision": "0"})
    assert signed.status_code == 302
    row.refresh_from_db()
    assert row.state == "approved"


def desk_page(who: str, ticket: Ticket) -> str:
    page: str = visitor(who).get(f"/desk/tickets/{ticket.number}/").content.decode()
    return page


def test_the_ticket_offers_it_once_and_then_leads_to_what_came_of_it():
    answers.units()
    ticket = answered()
    assert f"/desk/knowledge/adopt/{ticket.number}" in desk_page(people.CLERK, ticket)
    done = visitor(people.CLERK).post(f"/desk/knowledge/adopt/{ticket.number}")
    assert done["Location"] == f"/desk/tickets/{ticket.number}/"  # a clerk keeps no Q&A
    page = desk_page(people.CLERK, ticket)
    assert "已采纳为问答" in page
    assert "/desk/knowledge/" not in page.partition("已采纳为问答")[2]


def test_nobody_is_offered_it_before_an_answer_or_who_may_not_answer():
    waiting = making.ticket()
    assert "/desk/knowledge/adopt/" not in desk_page(people.CLERK, waiting)
    assert "/desk/knowledge/adopt/" not in desk_page(people.SUPERVISOR, answered())


def test_whoever_reads_the_question_and_answer_is_led_to_it():
    answers.units()
    ticket = answered()
    made = knowledge.adopt_answer(people.actor(people.CLERK), ticket.number)
    assert f"/desk/knowledge/answers/{made.key}/" in desk_page(people.SUPERVISOR, ticket)


def test_an_answer_that_cannot_be_kept_is_said_so_on_the_ticket():
    answers.units()
    ticket = answered(text="办理需要{没有这个占位}。")
    page = visitor(people.CLERK).post(f"/desk/knowledge/adopt/{ticket.number}", follow=True).content.decode()
    assert "desk-said" in page
    assert not Ticket.objects.get(number=ticket.number).became_question


def test_without_a_source_it_is_a_draft_that_says_so():
    made = knowledge.adopt_answer(people.actor(people.CLERK), answered(sources=()).number)
    assert (made.state, "依据" in made.words) == ("draft", True)


def test_not_before_it_is_answered_and_not_by_another_place():
    clerk = people.actor(people.CLERK)
    with pytest.raises(Invalid, match="还没有答复"):
        knowledge.adopt_answer(clerk, making.opened().number)
    with pytest.raises(NotFound):
        knowledge.adopt_answer(people.actor(people.OTHER_COUNTY), answered().number)
