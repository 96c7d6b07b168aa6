"""接口密钥: one administrator of a division asks for a key, another approves, the first takes it; either revokes.

What a key does, it does as its agency: an actor with one intake post, in the channel "api".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from yueban.accounts import selectors as accounts_read
from yueban.accounts.choices import Scope
from yueban.accounts.errors import ApiKeyNotFound, KeyRequestSettled
from yueban.accounts.models import ApiKey, ApiKeyRequest
from yueban.accounts.services import api_keys as keys
from yueban.accounts.services import key_requests as keys_asked
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.divisions import selectors as divisions
from yueban.flows import identify
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.webhooks import services as webhooks

CHANNEL = "api"
ADMINISTRATORS = (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN)
LISTENS = frozenset({Scope.CASES_READ, Scope.WEBHOOKS_MANAGE})


@dataclass(frozen=True)
class KeyHolder:
    """A key that was shown and is live, and the actor that it makes."""

    key: ApiKey
    actor: Actor
    agency: Agency

    @property
    def agency_codes(self) -> frozenset[str]:
        """The key's agency and all below it."""
        return self.actor.posts[0].agency_codes


def holder_of(secret: str) -> KeyHolder:
    """Who calls with this secret; raises ApiKeyRefused, also for a key of an agency that is no more."""
    return _holder(keys.recognise(secret))


def holder_by_prefix(prefix: str) -> KeyHolder:
    """Who stands behind a message signed for this key; raises ApiKeyRefused where it serves no more."""
    why = why_ended({prefix}).get(prefix, "")
    if why:
        raise keys.refused(f"{why}，请联系系统管理员。")
    return _holder(accounts_read.keys_by_prefix({prefix})[prefix])


def _holder(key: ApiKey) -> KeyHolder:
    agency = agencies.find_agency(key.agency_code)
    if agency is None or agencies.has_ended(agency):
        raise keys.refused("这把密钥所属的单位已撤销或并入其他单位，请向现在的单位申请新的密钥。")
    post = agencies.post_at(agency, roles.CLERK)
    actor = Actor(user_id=key.user_id, name=f"{key.name}（接口）", posts=(post,), channel=CHANNEL)
    identify.let_in(actor)
    return KeyHolder(key, actor, agency)


def why_ended(prefixes: Collection[str]) -> dict[str, str]:
    """Of these keys those that serve no more, and why, in two queries."""
    found = accounts_read.keys_by_prefix(prefixes)
    offices = agencies.agencies_named({key.agency_code for key in found.values()})
    whys = {prefix: _why_ended(found.get(prefix), offices) for prefix in prefixes}
    return {prefix: why for prefix, why in whys.items() if why}


def _why_ended(key: ApiKey | None, offices: Mapping[str, Agency]) -> str:
    if key is None or key.revoked_at is not None:
        return "密钥已吊销"
    if not accounts_read.is_live(key):
        return "密钥已过有效期"
    office = offices.get(key.agency_code)
    if office is None or agencies.has_ended(office):
        return "密钥所属的单位已撤销或并入其他单位"
    return ""


def use(holder: KeyHolder, *, scope: Scope, operation: str) -> None:
    """Count a call and see that the key was given for it; raises TooManyCalls or ScopeMissing."""
    keys.count_call(key=holder.key, operation=operation)
    keys.check_scope(key=holder.key, scope=scope)


def managed_agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies whose systems' keys this administrator looks after: those of his division."""
    return agencies.agencies_in(_division_of(actor, *ADMINISTRATORS))


def _codes(actor: Actor) -> list[str]:
    return list(managed_agencies(actor).order_by().values_list("code", flat=True))


def keys_visible_to(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of those agencies."""
    return accounts_read.keys_of(_codes(actor))


def get_key(actor: Actor, prefix: str) -> ApiKey:
    """One of them; ApiKeyNotFound for another division's and for a made-up one alike."""
    key = keys_visible_to(actor).filter(prefix=prefix).first()
    if key is None:
        raise ApiKeyNotFound("没有找到这把密钥。", hint="请从“接口密钥”列表打开。")
    return key


def requests_visible_to(actor: Actor) -> QuerySet[ApiKeyRequest]:
    """The requests for keys of those agencies."""
    return accounts_read.requests_of(_codes(actor))


def waiting_requests(actor: Actor) -> int:
    """How many of them wait for approval."""
    return accounts_read.open_requests(_codes(actor))


def get_request(actor: Actor, number: str) -> ApiKeyRequest:
    """One of them; KeyRequestNotFound for another division's and for a made-up one alike."""
    return accounts_read.get_request(_codes(actor), number)


@transaction.atomic
def request_key(
    actor: Actor,
    *,
    name: str,
    agency_code: str,
    scopes: Collection[str],
    expires_on: date | None,
    reason: str,
) -> ApiKeyRequest:
    """申请: the system administrator asks for a key; raises ApiKeyInvalid with all that is wrong at once."""
    division = _division_of(actor, roles.SYSTEM_ADMIN)
    wish = keys_asked.Wish(name, agency_code, scopes, expires_on, reason)
    return keys_asked.ask(wish=wish, actor=actor, problems=_wrong_with(agency_code, division))


def _wrong_with(agency_code: str, division: str) -> dict[str, str]:
    """What is wrong with the agency, in a sentence beside its field."""
    agency = agencies.find_agency(agency_code) if agency_code else None
    if agency is None or not divisions.is_within(agency.division.code, division):
        return {"agency": "请选择本区划内的单位。"}
    if agencies.has_ended(agency):
        return {"agency": "这个单位所在区划已撤并，请选择现在的单位。"}
    return {}


@transaction.atomic
def review_request(actor: Actor, number: str, *, is_approved: bool, words: str) -> ApiKeyRequest:
    """审批: the second of the two, in words; never who asked."""
    request = _locked(actor, number, roles.SECURITY_ADMIN)
    if request.asked_by_id == actor.user_id:
        raise NotAllowed("自己提的申请要由另一个人审批。", hint="请换一位安全管理员办理。")
    if is_approved:
        _check_agency(request, _division_of(actor, roles.SECURITY_ADMIN))
    keys_asked.decide(request=request, is_approved=is_approved, words=words, actor=actor)
    return request


@transaction.atomic
def withdraw_request(actor: Actor, number: str) -> ApiKeyRequest:
    """撤回: either administrator, as long as nobody has taken the key."""
    request = _locked(actor, number, *ADMINISTRATORS)
    keys_asked.withdraw(request=request, actor=actor)
    return request


@transaction.atomic
def take_key(actor: Actor, number: str) -> keys.NewKey:
    """取用: who asked gets the key, made at this moment; its secret is in the answer and nowhere else."""
    request = _locked(actor, number, roles.SYSTEM_ADMIN)
    if request.asked_by_id != actor.user_id:
        raise NotAllowed(
            "密钥只由提出申请的人取用。", hint=f"请由{request.asked_by.name}取用，或撤回后自己申请。"
        )
    _check_agency(request, _division_of(actor, roles.SYSTEM_ADMIN))
    made = keys_asked.take(request=request, actor=actor)
    if LISTENS & set(made.key.scopes):
        webhooks.listen(agency_code=made.key.agency_code)
    return made


def _locked(actor: Actor, number: str, *held: str) -> ApiKeyRequest:
    """A request of the administrator's division, locked; NotAllowed without the post, else not found."""
    division = _division_of(actor, *held)
    request = keys_asked.lock_request(number)
    agency = agencies.find_agency(request.agency_code)
    if agency is None or not divisions.is_within(agency.division.code, division):
        return get_request(actor, number)  # which raises: another division's is not found
    return request


def _check_agency(request: ApiKeyRequest, division: str) -> None:
    wrong = _wrong_with(request.agency_code, division)
    if wrong:
        raise KeyRequestSettled(wrong["agency"], hint="请撤回这份申请，重新提出。")


@transaction.atomic
def revoke_key(actor: Actor, prefix: str, *, reason: str) -> ApiKey:
    """Take a key back; what is pushed on its account ends with it. Either administrator may."""
    key = keys.revoke(key=get_key(actor, prefix), reason=reason, actor=actor)
    webhooks.end_of_key(key_prefix=prefix, why="密钥已吊销")
    return key


def audit_uses() -> int:
    """One event a key and day for the days that are over."""
    with transaction.atomic():
        return keys.audit_uses(before=clock.today())


def _division_of(actor: Actor, *held: str) -> str:
    """The division whose keys he looks after in one of these roles; raises NotAllowed without the post."""
    post = next((post for post in actor.posts if post.role in held), None)
    if post is None:
        names = "、".join(roles.NAMES[role] for role in held)
        raise NotAllowed(f"这一步由{names}办理。", hint="请用对应岗位的账号登录。")
    return post.division
