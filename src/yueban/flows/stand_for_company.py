"""经办人: who comes to a window for a company, itself through its legal representative or on a mandate."""

from collections.abc import Collection
from datetime import date
from typing import BinaryIO

from django.db import transaction

from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.cases.selectors import AnyApplication
from yueban.files import services as files
from yueban.flows import find_person, mandates
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed
from yueban.parties.choices import PartyKind, Power
from yueban.parties.errors import MandateUnsigned
from yueban.parties.models import Mandate

LEGAL = "legal"  # the legal representative himself


def mandates_for(application: AnyApplication) -> list[Mandate]:
    """Given online or registered from paper, and enough to hand in this draft."""
    asked = cases_read.asked_items(application)
    return mandates.shown_for(application.party_id, asked, Power.SUBMIT)


@transaction.atomic
def register_paper(
    actor: Actor,
    number: str,
    *,
    agent_name: str,
    agent_id_number: str,
    powers: Collection[str],
    ends_on: date,
    signature: tuple[BinaryIO | bytes, str] | None,
) -> Mandate:
    """Write down the mandate on paper that somebody brings for the company of this draft, with his identity card."""
    application = cases.lock_any_assisted(actor, number)
    if application.party.kind != PartyKind.ENTERPRISE:
        raise NotAllowed("本人在场，不用委托。", hint="由本人签名即可。")
    try:
        agent = find_person.register(actor, name=agent_name, id_number=agent_id_number)
    except Invalid as error:
        raise Invalid.of_fields({f"agent_{name}": text for name, text in error.fields.items()}) from error
    if signature is None:
        told = "授权委托书没有拍照。请把盖了公章的委托书拍照或扫描后上传。"
        raise MandateUnsigned(told, data={"fields": {"signature": told}})
    content, name = signature
    return mandates.register_shown(
        actor,
        principal=application.party,
        agent=agent,
        items=cases_read.asked_items(application),
        powers=powers,
        ends_on=ends_on,
        signature=files.store_file(content=content, name=name, actor=actor),
    )
