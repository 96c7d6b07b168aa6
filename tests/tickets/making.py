"""Tickets for tests."""

import uuid
from typing import Any

from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.tickets import services
from yueban.tickets.models import Ticket
from yueban.tickets.services import OpenedTicket

YUECHENG = "330602000000"
QUESTION = "灵活就业的社保补贴怎么领？"
ANSWER = "到户籍地街道便民服务中心申请，每月补贴到您的社保卡。"


def opened(**given: Any) -> OpenedTicket:
    """An anonymous question from Yuecheng, unless told otherwise."""
    plain: dict[str, Any] = {
        "idempotency_key": uuid.uuid4().hex,
        "kind": "consultation",
        "subject": Reference("conversation", "ZX1"),
        "division_code": YUECHENG,
        "agency_kind": None,
        "asker": None,
        "contact_phone": "",
        "question": QUESTION,
        "transcript": [{"role": "asker", "text": QUESTION}],
        "draft": "可能是灵活就业社会保险补贴。",
        "citations": [{"source": "item:flexible-subsidy#conditions", "text": "本市户籍的灵活就业人员"}],
        "is_urgent": False,
    }
    return services.open_ticket(**(plain | given))


def ticket(**given: Any) -> Ticket:
    """The same as its row."""
    return Ticket.objects.get(number=opened(**given).number)


def answered(clerk: Actor, **given: Any) -> Ticket:
    """One that this clerk has taken and answered."""
    number = opened(**given).number
    services.take_ticket(number=number, actor=clerk)
    return services.answer_ticket(number=number, text=ANSWER, sources=[], actor=clerk)
