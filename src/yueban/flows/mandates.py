"""授权委托: given by the principal, or written down by a helper; taken back at any time; checked at every act."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from yueban.accounts import selectors as accounts
from yueban.accounts.models import User
from yueban.catalogue import selectors as catalogue
from yueban.divisions import selectors as divisions
from yueban.files.models import StoredFile
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.parties import selectors as parties_read
from yueban.parties import services as parties
from yueban.parties.choices import MandateKind, MandateWay, PartyKind, Relation
from yueban.parties.errors import MandateInvalid, MandateNotFound
from yueban.parties.models import Mandate, Party

OWN = (Relation.SELF, Relation.LEGAL_PERSON, Relation.GUARDIAN)


@transaction.atomic
def give(
    actor: Actor,
    *,
    principal: Party,
    agent: User,
    kind: str,
    items: Collection[str],
    powers: Collection[str],
    starts_on: date,
    ends_on: date,
    way: str,
    signature: StoredFile | None = None,
) -> Mandate:
    """Give a mandate: online by the principal himself, on paper or pad before the helper who will hold it.

    Raises NotAllowed, MandateUnsigned or MandateInvalid.
    """
    if principal.ended_on is not None:
        raise NotAllowed("委托人已死亡或注销，不能再授权。", hint="请核对委托人。")
    if kind == MandateKind.HELPER:
        _check_helper(actor, principal, agent)
    elif not _is_own(actor, principal):
        raise NotAllowed("只有本人、监护人或法定代表人可以授权。", hint="请由本人登录后授权。")
    elif agent.pk == actor.user_id:
        raise MandateInvalid.of_fields({"id_number": "不用授权给自己。请填写受托人的身份证号码。"})
    _check_items(items)
    return parties.give_mandate(
        principal=principal,
        agent=agent,
        kind=kind,
        items=items,
        powers=powers,
        starts_on=starts_on,
        ends_on=ends_on,
        way=way,
        signature=signature,
        actor=actor,
        division_code=principal.division_code,
    )


@transaction.atomic
def give_online(
    actor: Actor,
    *,
    party_id: int,
    agent_name: str,
    agent_id_number: str,
    items: Collection[str],
    powers: Collection[str],
    ends_on: date,
) -> Mandate:
    """The principal, signed in, lets a person with an account act from today; named by name and identity number."""
    principal = parties_read.find_party(party_id)
    if principal is None:
        raise NotAllowed("没有找到委托人。", hint="请刷新页面后重新选择。")
    return give(
        actor,
        principal=principal,
        agent=_agent(agent_name, agent_id_number),
        kind=MandateKind.MANDATARY,
        items=items,
        powers=powers,
        starts_on=clock.today(),
        ends_on=ends_on,
        way=MandateWay.ONLINE,
    )


def _agent(name: str, id_number: str) -> User:
    """The account of a person; one answer where there is none and where name and number do not match."""
    person = parties_read.find_person_by_id(id_number) if id_number else None
    user_id = parties_read.user_of_person(person.pk) if person and person.name == name else None
    user = accounts.find_user(user_id) if user_id else None
    if user is None:
        raise MandateInvalid.of_fields(
            {"id_number": "没有这个姓名和身份证号码的账号。请核对，或请对方先注册。"}
        )
    return user


def items_for(party_kind: str) -> list[tuple[str, str]]:
    """Key and name of every item that such a party may apply for, each once."""
    kind = {"for_person": True} if party_kind == PartyKind.PERSON else {"for_enterprise": True}
    rows = catalogue.versions_in_force().filter(**kind).values_list("item__key", "name")
    return sorted(dict(rows).items(), key=lambda pair: pair[1])


def get_mandate(actor: Actor, number: str) -> Mandate:
    """A mandate that the actor has given or holds; MandateNotFound for any other."""
    mandate = parties_read.find_mandate(number)
    if mandate is None or not actor.is_signed_in:
        raise MandateNotFound("没有找到这份授权。", hint="请从“授权”页面重新打开。")
    if mandate.agent_id != actor.user_id and not _is_own(actor, mandate.principal):
        raise MandateNotFound("没有找到这份授权。", hint="请从“授权”页面重新打开。")
    return mandate


def _is_own(actor: Actor, principal: Party) -> bool:
    held = actor.held(principal.pk)
    return held is not None and held.relation in OWN


def _check_helper(actor: Actor, principal: Party, agent: User) -> None:
    """A helper writes down his own mandate, from people who live where he helps; the principal may too."""
    if _is_own(actor, principal):
        return
    if agent.pk != actor.user_id or not helps_in(actor, principal.division_code):
        raise NotAllowed(
            "代办员只能为自己服务区域内的居民登记委托。", hint="请由委托人所在村（社区）的代办员登记。"
        )


def helps_in(actor: Actor, division_code: str) -> bool:
    """Whether the actor is a helper where this is."""
    return bool(division_code) and any(
        post.role == roles.HELPER and divisions.is_within(division_code, post.division)
        for post in actor.posts
    )


def _check_items(items: Collection[str]) -> None:
    known = set(catalogue.versions_in_force().filter(item__key__in=items).values_list("item__key", flat=True))
    if set(items) - known:
        raise MandateInvalid.of_fields({"items": "有的事项现在不能办理，请重新选择。"})


@transaction.atomic
def revoke(actor: Actor, number: str, *, reason: str = "") -> Mandate:
    """Take a mandate back: by the principal, by the agent who lays it down, or by a helper whom he tells."""
    mandate = parties_read.find_mandate(number)
    if mandate is None or not _may_revoke(actor, mandate):
        raise MandateNotFound("没有找到这份授权。", hint="请从“授权”页面重新打开。")
    return parties.revoke_mandate(mandate=mandate, actor=actor, reason=reason)


def _may_revoke(actor: Actor, mandate: Mandate) -> bool:
    if not actor.is_signed_in:
        return False
    return (
        mandate.agent_id == actor.user_id
        or _is_own(actor, mandate.principal)
        or (mandate.way != MandateWay.ONLINE and helps_in(actor, mandate.division_code))
    )


def check_power(actor: Actor, party_id: int, item_key: str, power: str) -> None:
    """Refuse an act that the mandate behind it does not allow now; nothing to check for one's own party.

    Call it inside the act's transaction: the mandate is read again and stays locked until the act is done.
    """
    held = actor.held(party_id, item_key) or actor.held(party_id)
    if held is None or not held.mandate:
        return
    check_mandate_of(actor, held.mandate, item_key, power)


def check_mandate_of(actor: Actor, number: str, item_key: str, power: str) -> None:
    """Refuse an act that this mandate does not allow the actor now; raises MandateNotFound, …Revoked and so on."""
    mandate = parties.lock_mandate(number=number)
    if mandate is None or mandate.agent_id is None or mandate.agent_id != actor.user_id:
        raise MandateNotFound("没有找到您的这份授权。", hint="请由受托人本人办理，或请委托人重新授权。")
    parties_read.check_mandate(mandate=mandate, item_key=item_key, power=power, on=clock.today())


def check_shown(number: str, party_id: int, item_keys: Collection[str], power: str) -> None:
    """Refuse an act of who comes to the window for a company with this mandate, unless it allows all of it now.

    Call it inside the act's transaction: the mandate stays locked until the act is done.
    """
    mandate = parties.lock_mandate(number=number)
    if mandate is None or mandate.principal_id != party_id:
        raise MandateNotFound("没有找到这份授权委托。", hint="请重新选择经办人的授权委托，或登记纸质的。")
    for item_key in item_keys:
        parties_read.check_mandate(mandate=mandate, item_key=item_key, power=power, on=clock.today())


def shown_for(party_id: int, item_keys: Collection[str], power: str) -> list[Mandate]:
    """With which mandates somebody may come to the window for this company: they stand and cover all of it."""
    rows = parties_read.live_mandates(clock.today()).filter(principal_id=party_id, kind=MandateKind.MANDATARY)
    return [
        row
        for row in rows.order_by("-created_at", "-pk")
        if set(item_keys) <= set(row.items) and power in row.powers
    ]


@transaction.atomic
def register_shown(
    actor: Actor,
    *,
    principal: Party,
    agent: Party,
    items: Collection[str],
    powers: Collection[str],
    ends_on: date,
    signature: StoredFile,
) -> Mandate:
    """A company's mandate on paper, shown at the window by who comes for it; it serves at windows alone."""
    if not any(post.role == roles.CLERK for post in actor.posts):
        raise NotAllowed("单位的纸质委托由窗口登记。", hint="请到政务服务窗口办理。")
    check_party_lives(principal.pk)
    _check_items(items)
    return parties.give_mandate(
        principal=principal,
        agent=None,
        agent_party=agent,
        kind=MandateKind.MANDATARY,
        items=items,
        powers=powers,
        starts_on=clock.today(),
        ends_on=ends_on,
        way=MandateWay.PAPER,
        signature=signature,
        actor=actor,
        division_code=principal.division_code,
    )


def check_party_lives(party_id: int) -> None:
    """Refuse what is asked in the name of somebody who has died, or of an enterprise that is no more."""
    party = parties_read.find_party(party_id)
    if party is not None and party.ended_on is not None:
        raise NotAllowed(
            f"{party.name}已{party.get_ended_reason_display()}，不能再以其名义申请。",
            hint="需要办理身后事项或清算事项的，请到政务服务窗口咨询。",
        )
