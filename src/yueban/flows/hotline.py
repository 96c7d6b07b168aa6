"""12345: its signed questions are let in here, and it is told which conversations were handed to a person.

Both ways are signed with the secret of one event subscription (webhooks): HMAC-SHA256 over ``t``, a dot and the body.
"""

import hashlib
import hmac
import json

from django.db import transaction

from yueban.accounts.choices import Scope
from yueban.accounts.selectors import keys_by_prefix
from yueban.accounts.services import api_keys as keys
from yueban.agencies import selectors as agencies
from yueban.flows import api_keys
from yueban.flows.api_keys import KeyHolder
from yueban.kernel import clock
from yueban.kernel.errors import Conflict, ServiceError
from yueban.vault import services as vault
from yueban.webhooks import selectors as webhooks_read
from yueban.webhooks import services as webhooks
from yueban.webhooks.models import Occurrence

HANDED_OVER = "consultation.handed_over"
OPERATION = "POST hotline"
# How old a signed message may be, and how far ahead its clock.
TOLERANCE_S = 300


class SignatureRefused(ServiceError):
    """Not signed, signed with another secret, or too long ago; one answer for all."""

    code = "hotline.signature"
    status = 401


class MessageRepeated(Conflict):
    """The same nonce a second time."""

    code = "hotline.repeated"


def holder_of_signed(number: str, signature: str, body: bytes) -> KeyHolder:
    """Whose system signed this body; raises SignatureRefused, and what a key without the right raises."""
    moment, digest = _parts(signature)
    subscription = webhooks_read.find_sending(number)
    if subscription is None or abs(clock.now().timestamp() - moment) > TOLERANCE_S:
        raise _refused()
    expected = webhooks.sign(vault.decrypt(subscription.secret_cipher), moment, body)
    if not hmac.compare_digest(expected.encode(), f"t={moment},v1={digest}".encode()):
        raise _refused()
    holder = api_keys.holder_by_prefix(subscription.key_prefix)
    api_keys.use(holder, scope=Scope.CONSULT_ASK, operation=OPERATION)
    return holder


def take_nonce(holder: KeyHolder, nonce: str) -> None:
    """Every message counts once; raises MessageRepeated."""
    with transaction.atomic():
        command = keys.begin_command(
            key=holder.key, idempotency_key=f"hotline-{nonce}"[:64], digest=keys.digest_of("hotline", nonce)
        )
        if command.reference:
            raise MessageRepeated("这条消息已经收到过。", hint="新的提问请换一个 nonce，并重新签名。")
        keys.end_command(command=command, reference="taken")


@transaction.atomic
def tell_handed_over(conversation: str, ticket: str, division: str) -> None:
    """Queue the event for the systems that asked for it by name; a second time changes nothing."""
    webhooks.wait_for_dispatch()
    event = -int.from_bytes(hashlib.sha256(f"{conversation} {ticket}".encode()).digest()[:7])
    listeners = [one for one in webhooks_read.receiving() if HANDED_OVER in one.kinds]
    live = keys_by_prefix({one.key_prefix for one in listeners})
    allowed = [
        one
        for one in listeners
        if one.key_prefix in live and Scope.CONSULT_ASK in live[one.key_prefix].scopes
    ]
    if not allowed or webhooks_read.is_known(event):
        return
    office = agencies.find_agency(allowed[0].agency_code)
    place = division or (office.division.code if office else "")
    now = clock.now()
    occurrence = Occurrence(
        event_id=event,
        case_number=conversation,
        seq=1,
        kind=HANDED_OVER,
        at=now,
        kept_at=now,
        agency_code=allowed[0].agency_code,
        intake_agency_code=allowed[0].agency_code,
        division_code=place,
        intake_division=place,
        data={"conversation": conversation, "ticket": ticket, "event": HANDED_OVER, "event_name": "转人工"},
    )
    webhooks.sort_out(events=[], occurrences=[(occurrence, allowed)])


def message_of_question(question: str, *, nonce: str, division: str = "") -> bytes:
    """What 12345 signs and sends, for its makers and the contract's test."""
    told = {"question": question, "nonce": nonce} | ({"division": division} if division else {})
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _parts(signature: str) -> tuple[int, str]:
    parts = dict(part.partition("=")[::2] for part in signature[:200].split(","))
    moment = parts.get("t", "")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 12):
        raise _refused()
    return int(moment), parts.get("v1", "")


def _refused() -> SignatureRefused:
    return SignatureRefused(
        "签名无效或已过期。", hint="请核对推送编号、验签密钥和本机时间，按接口说明重新签名。"
    )
