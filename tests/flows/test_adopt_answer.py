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


def test_without_a_source_it_is_a_draft_that_says_so():
    made = knowledge.adopt_answer(people.actor(people.CLERK), answered(sources=()).number)
    assert (made.state, "依据" in made.words) == ("draft", True)


def test_not_before_it_is_answered_and_not_by_another_place():
    clerk = people.actor(people.CLERK)
    with pytest.raises(Invalid, match="还没有答复"):
        knowledge.adopt_answer(clerk, making.opened().number)
    with pytest.raises(NotFound):
        knowledge.adopt_answer(people.actor(people.OTHER_COUNTY), answered().number)
