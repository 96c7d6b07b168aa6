"""刷身份证: signing in at a kiosk by the card on its reader and a second factor.

The card says who it is, the second factor that it is he who holds it. Which factor a city uses (the face, the
phone, a code) is its choice: `FACTOR` is the seam. Until the factor is given nobody is signed in.
"""

import time
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from yueban.accounts import selectors as accounts
from yueban.accounts import walls
from yueban.accounts.models import User
from yueban.audit import services as audit
from yueban.cases import selectors as cases_read
from yueban.cases import services as cases
from yueban.flows import identify
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.masking import mask
from yueban.kernel.reference import Reference
from yueban.outlets.models import Kiosk
from yueban.parties import selectors as parties
from yueban.parties.models import Party

PENDING = "at_kiosk"
TRIES = 3
PENDING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Card:
    """What the reader took from a card."""

    name: str
    id_number: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Whose card was read, as the screen shows it; `hint` is for the demonstration alone."""

    name: str
    id_number: str
    hint: str = ""


class SecondFactor(Protocol):
    """Whether he who holds the card is he whose card it is."""

    def is_given(self, party: Party, answer: str) -> bool:
        """Whether the answer proves it."""

    def hint(self, party: Party) -> str:
        """What the demonstration gives away; empty elsewhere."""


class PhoneTail:
    """The last four digits of the phone that the person has registered.

    Weak, and meant for the demonstration and for places without a camera: a city puts the face or a code sent to
    the phone in its place.
    """

    def is_given(self, party: Party, answer: str) -> bool:
        """Whether these are the digits."""
        tail = parties.phone_of(party)[-4:]
        return len(tail) == 4 and constant_time_compare(tail, answer.strip())

    def hint(self, party: Party) -> str:
        """The digits, in the demonstration alone."""
        return parties.phone_of(party)[-4:] if settings.YUEBAN_DEMO else ""


FACTOR: SecondFactor = PhoneTail()


def demo_card(username: str) -> Card:
    """The card that a member of the cast holds in his hand; nobody else has one in the demonstration."""
    user = accounts.find_demo_user(username) if settings.YUEBAN_DEMO else None
    with walls.platform():
        party = parties.persons_of_users([user.pk]).get(user.pk) if user else None
        if party is None:
            raise NotFound("没有这张演示卡。", hint="请从演示读卡器上选一张。")
        return Card(party.name, parties.id_number_of(party))


def demo_holders() -> list[tuple[str, str]]:
    """User name and name of everybody of the cast who holds a card, in the order of the pack."""
    if not settings.YUEBAN_DEMO:
        return []
    users = list(accounts.demo_users())
    with walls.platform():
        held = parties.persons_of_users([user.pk for user in users])
    return [(user.username, held[user.pk].name) for user in users if user.pk in held]


def present(request: HttpRequest, card: Card) -> None:
    """A card was read: remember whose, and ask for the second factor."""
    with walls.platform():
        party = parties.find_person_by_id(card.id_number)
        user_id = parties.user_of_person(party.pk) if party else None
    if party is None or user_id is None:
        raise NotAllowed(
            "这张身份证还没有在本平台注册过。",
            hint="请先用手机注册，或到窗口办理；查进度、核验和看指南不用登录。",
        )
    request.session.flush()
    until = int(time.time()) + PENDING_SECONDS
    request.session[PENDING] = {"user": user_id, "party": party.pk, "tries": 0, "until": until}


def pending(request: HttpRequest) -> Pending | None:
    """Whose card was read and not yet confirmed."""
    party = _party(request)
    if party is None:
        return None
    with walls.platform():
        number = parties.id_number_of(party)
        return Pending(party.name, mask("id_number", number), FACTOR.hint(party))


def confirm(request: HttpRequest, kiosk: Kiosk, answer: str) -> User:
    """The second factor; three wrong answers begin anew with the card. Raises Invalid, NotAllowed."""
    party, waiting = _party(request), request.session.get(PENDING)
    user = accounts.find_user(waiting["user"]) if waiting else None
    if party is None or waiting is None or user is None:
        request.session.pop(PENDING, None)
        raise NotAllowed("读卡后等得太久了。", hint="请重新把身份证放到读卡区。")
    with walls.platform():
        may_try = cases_read.may_prove_at_kiosk(user.pk)
        is_given = may_try and FACTOR.is_given(party, answer)
    if not may_try:
        del request.session[PENDING]
        raise NotAllowed("这张身份证一小时内错得太多，先停一停。", hint="请一小时后再试，或到窗口办理。")
    if not is_given:
        waiting["tries"] += 1
        _note_wrong(user, kiosk)
        if waiting["tries"] >= TRIES:
            del request.session[PENDING]
            raise NotAllowed(
                "连续三次没有核对上，为了安全已经退出。", hint="请核对登记的手机号，或到窗口办理。"
            )
        request.session[PENDING] = waiting
        raise Invalid.of_fields({"answer": "没有核对上，请再看一遍。"})
    del request.session[PENDING]
    identify.begin_at_kiosk(request, user, kiosk.code)
    return user


@transaction.atomic
def _note_wrong(user: User, kiosk: Kiosk) -> None:
    counted = f"kiosk:{user.pk}"
    cases.lock_progress(number=counted)
    cases.record_progress_failure(number=counted)
    actor = identify.actor_of_user(user.pk, channel="kiosk")
    told = {"kiosk": kiosk.code}
    audit.record(Reference("user", str(user.pk)), "second_factor_wrong", actor=actor, data=told)


def _party(request: HttpRequest) -> Party | None:
    waiting = request.session.get(PENDING)
    if not waiting or waiting["until"] < time.time():
        return None
    with walls.platform():
        return parties.find_party(waiting["party"])
