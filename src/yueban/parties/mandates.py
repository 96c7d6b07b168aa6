"""Mandates: what makes one valid, and what it allows on a day."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction

from yueban.accounts.models import User
from yueban.audit import services as audit
from yueban.files import selectors as files
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.parties.choices import MandateWay, Power
from yueban.parties.errors import (
    MandateExpired,
    MandateInvalid,
    MandateOutOfScope,
    MandateRevoked,
    MandateUnsigned,
)
from yueban.parties.models import Mandate, Party

# Without the letters and digits that look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LONGEST_TERM = timedelta(days=3 * 366)  # the platform's own limit: a mandate is looked at anew at times
LONGEST_REASON = 200
PDF = "application/pdf"
LEAST_LONG, LEAST_SHORT = 400, 150  # pixels of a photograph on which a signature can be read
ANEW = "请由委托人重新授权，或由委托人本人办理。"


@transaction.atomic
def give_mandate(
    *,
    principal: Party,
    agent: User | None,
    kind: str,
    items: Collection[str],
    powers: Collection[str],
    starts_on: date,
    ends_on: date,
    way: str,
    signature: StoredFile | None,
    actor: Actor,
    division_code: str,
    agent_party: Party | None = None,
) -> Mandate:
    """Record a mandate for a user, or for a person without an account who shows it at a window.

    Raises MandateUnsigned on paper or pad without signature, MandateInvalid otherwise.
    """
    holder = agent or agent_party
    assert holder is not None  # somebody holds it
    _check(items, powers, starts_on, ends_on, of_age_on(principal))
    if way != MandateWay.ONLINE and signature is None:
        raise unsigned("授权委托书没有签名。请由委托人签名后拍照，或在手写板上签名。")
    if signature is not None:
        _check_signature(signature)
    mandate = Mandate.objects.create(
        number="WT" + "".join(secrets.choice(ALPHABET) for _ in range(12)),
        principal=principal,
        agent=agent,
        agent_party=agent_party,
        agent_name=holder.name,
        kind=kind,
        items=sorted(set(items)),
        powers=[power for power in Power.values if power in powers],
        starts_on=starts_on,
        ends_on=ends_on,
        way=way,
        signature=signature,
        division_code=division_code,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    _record("mandate_given", mandate, actor, items=mandate.items, powers=mandate.powers, way=mandate.way)
    return mandate


def _check_signature(signature: StoredFile) -> None:
    """A photograph on which a signature could be seen, or a PDF; what it says people judge."""
    if signature.media_type == PDF:
        return
    picture = files.find_picture(signature)
    if picture is None:
        raise unsigned("签名的照片打不开。请重新拍照，用 JPG、PNG 或 PDF 上传。")
    if max(picture.width, picture.height) < LEAST_LONG or min(picture.width, picture.height) < LEAST_SHORT:
        raise unsigned("签名的照片太小，看不清签名。请把整张授权委托书拍进来，再上传。")
    if picture.is_blank:
        raise unsigned("签名的照片是空白的，看不到签名。请由委托人签名后重新拍照。")


def unsigned(sentence: str) -> MandateUnsigned:
    """The refusal of a mandate without a signature, to stand beside the field."""
    return MandateUnsigned(sentence, data={"fields": {"signature": sentence}})


def of_age_on(party: Party) -> date | None:
    """The day on which a child is eighteen and guards himself (民法典第十八条、第三十五条); None for everybody else."""
    born = party.born_on
    if born is None:
        return None
    leap = (born.month, born.day) == (2, 29)
    day = born.replace(year=born.year + 18, **({"month": 3, "day": 1} if leap else {}))
    return day if day > clock.today() else None


def _check(
    items: Collection[str], powers: Collection[str], starts_on: date, ends_on: date, of_age: date | None
) -> None:
    problems = {}
    if not items:
        problems["items"] = "请至少选择一个事项。"
    if not powers or not set(powers) <= set(Power.values):
        problems["powers"] = "请至少选择一项权限。"
    if ends_on < starts_on:
        problems["ends_on"] = "结束日期应不早于开始日期。"
    elif ends_on < clock.today():
        problems["ends_on"] = "结束日期已经过去，请改为今天或以后的日期。"
    elif ends_on - starts_on > LONGEST_TERM:
        problems["ends_on"] = "授权期限最长三年，请改早结束日期。"
    elif of_age is not None and ends_on >= of_age:
        problems["ends_on"] = (
            f"孩子{clock.written(of_age)}满18周岁，之后由本人授权，请把结束日期改到那天以前。"
        )
    if problems:
        raise MandateInvalid.of_fields(problems)


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, actor: Actor, reason: str = "") -> Mandate:
    """Take a mandate back, from this moment on; again changes nothing."""
    try:
        text = clean_line(reason, LONGEST_REASON)
    except TextInvalid as error:
        raise MandateInvalid.of_fields({"reason": f"{error.message}{error.hint}"}) from error
    locked = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by_name, locked.revoke_reason = clock.now(), actor.name, text
        locked.save(update_fields=["revoked_at", "revoked_by_name", "revoke_reason"])
        _record("mandate_revoked", locked, actor, reason=text)
    return locked


def _record(kind: str, mandate: Mandate, actor: Actor, **data: object) -> None:
    agent = mandate.agent_id if mandate.agent_party is None else mandate.agent_party.number
    about = {"principal": mandate.principal.number, "agent": agent, **data}
    audit.record(mandate.reference, kind, actor=actor, data=about)


def check_live(*, mandate: Mandate, on: date) -> None:
    """Raise MandateRevoked or MandateExpired unless the mandate stands on the day."""
    if mandate.revoked_at is not None:
        day = mandate.revoked_at.astimezone(clock.BEIJING)
        raise MandateRevoked(f"这份授权委托已于{clock.written(day)}撤销。", hint=ANEW)
    if mandate.principal.ended_on is not None:
        raise MandateExpired(
            f"委托人已{mandate.principal.get_ended_reason_display()}，授权委托终止。",
            hint="请由有权办理的人另行申请。",
        )
    if on < mandate.starts_on:
        raise MandateExpired(
            f"这份授权委托从{clock.written(mandate.starts_on)}起才有效。", hint="请在有效期内办理。"
        )
    if on > mandate.ends_on:
        raise MandateExpired(f"这份授权委托已于{clock.written(mandate.ends_on)}到期。", hint=ANEW)


def check_mandate(*, mandate: Mandate, item_key: str, power: str, on: date) -> None:
    """Raise MandateRevoked, MandateExpired or MandateOutOfScope unless it allows the act on the day."""
    check_live(mandate=mandate, on=on)
    if item_key not in mandate.items:
        raise MandateOutOfScope("授权委托书没有包括这个事项。", hint=ANEW)
    if power not in mandate.powers:
        raise MandateOutOfScope(f"授权委托书没有给“{Power(power).label}”的权限。", hint=ANEW)
