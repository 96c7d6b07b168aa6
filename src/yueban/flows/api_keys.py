"""接口密钥: the administrator of a division gives systems of its agencies keys, and takes them back.

What a key does, it does as its agency: an actor with one intake post, in the channel "api".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from yueban.accounts import selectors as accounts_read
from yueban.accounts.choices import Scope
from yueban.accounts.errors import ApiKeyInvalid, ApiKeyNotFound
from yueban.accounts.models import ApiKey
from yueban.accounts.services import api_keys as keys
from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.divisions import selectors as divisions
from yueban.flows import identify
from yueban.kernel import clock, roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.webhooks import services as webhooks

CHANNEL = "api"
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
    key = keys.recognise(secret)
    agency = agencies.find_agency(key.agency_code)
    if agency is None or agencies.has_ended(agency):
        raise keys.refused("这把密钥所属的单位已撤销或并入其他单位，请向现在的单位申请新的密钥。")
    post = agencies.post_at(agency, roles.CLERK)
    actor = Actor(user_id=key.user_id, name=f"{key.name}（接口）", posts=(post,), channel=CHANNEL)
    identify.let_in(actor)
    return KeyHolder(key, actor, agency)


def use(holder: KeyHolder, *, scope: Scope, operation: str) -> None:
    """Count a call and see that the key was given for it; raises TooManyCalls or ScopeMissing."""
    keys.count_call(key=holder.key, operation=operation)
    keys.check_scope(key=holder.key, scope=scope)


def managed_agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies for whose systems this administrator makes keys: those of his division."""
    return agencies.agencies_in(_division_of(actor))


def keys_visible_to(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of those agencies."""
    codes = managed_agencies(actor).order_by().values_list("code", flat=True)
    return accounts_read.keys_of(list(codes))


def get_key(actor: Actor, prefix: str) -> ApiKey:
    """One of them; ApiKeyNotFound for another division's and for a made-up one alike."""
    key = keys_visible_to(actor).filter(prefix=prefix).first()
    if key is None:
        raise ApiKeyNotFound("没有找到这把密钥。", hint="请从“接口密钥”列表打开。")
    return key


@transaction.atomic
def create_key(
    actor: Actor, *, name: str, agency_code: str, scopes: Collection[str], expires_on: date | None
) -> keys.NewKey:
    """Make a key; its secret is in the answer and nowhere else. Raises ApiKeyInvalid."""
    agency = agencies.find_agency(agency_code) if agency_code else None
    if agency is None or not divisions.is_within(agency.division.code, _division_of(actor)):
        raise ApiKeyInvalid.of_fields({"agency": "请选择本区划内的单位。"})
    if agencies.has_ended(agency):
        raise ApiKeyInvalid.of_fields({"agency": "这个单位所在区划已撤并，请选择现在的单位。"})
    made = keys.create(
        name=name,
        agency_code=agency.code,
        scopes=scopes,
        expires_on=expires_on or clock.today(),
        actor=actor,
    )
    if LISTENS & set(made.key.scopes):
        webhooks.listen(agency_code=agency.code)
    return made


@transaction.atomic
def revoke_key(actor: Actor, prefix: str, *, reason: str) -> ApiKey:
    """Take a key back; what is pushed on its account ends with it."""
    key = keys.revoke(key=get_key(actor, prefix), reason=reason, actor=actor)
    webhooks.end_of_key(key_prefix=prefix)
    return key


def audit_uses() -> int:
    """One event a key and day for the days that are over."""
    with transaction.atomic():
        return keys.audit_uses(before=clock.today())


def _division_of(actor: Actor) -> str:
    """The division whose keys he looks after; raises NotAllowed without the post."""
    post = next((post for post in actor.posts if post.role == roles.SYSTEM_ADMIN), None)
    if post is None:
        raise NotAllowed("接口密钥由系统管理员管理。", hint="请用系统管理员的账号登录。")
    return post.division
