"""Keys of the API: made once, recognised by a keyed digest, counted by the minute, taken back at any time."""

import hashlib
import hmac
import json
import re
import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Sum

from yueban.accounts.choices import Scope
from yueban.accounts.errors import (
    ApiKeyInvalid,
    ApiKeyRefused,
    IdempotencyKeyReused,
    ScopeMissing,
    TooManyCalls,
)
from yueban.accounts.models import ApiCommand, ApiKey, ApiKeyRequest, ApiKeyUse, User
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.reference import Reference
from yueban.vault import services as vault

PURPOSE = "accounts.api_key"
MARK = "yb"
PREFIX_BYTES, SECRET_BYTES = 5, 32
SECRET = re.compile(rf"{MARK}_([0-9a-f]{{{2 * PREFIX_BYTES}}})_[A-Za-z0-9_-]{{40,50}}")
LONGEST_REASON = 200

# One statement counts a call and says how many there were in this minute.
COUNT = """
INSERT INTO accounts_apikeyuse AS used (key_id, minute, calls, refused, operations)
VALUES (%(key)s, %(minute)s, 1, 0, jsonb_build_object(%(operation)s::text, 1))
ON CONFLICT (key_id, minute) DO UPDATE SET
    calls = used.calls + 1,
    refused = used.refused + (used.calls >= %(limit)s)::int,
    operations = used.operations || jsonb_build_object(
        %(operation)s::text, coalesce((used.operations ->> %(operation)s)::int, 0) + 1)
RETURNING calls
"""


@dataclass(frozen=True)
class NewKey:
    """A key just made; `secret` is shown this once and kept nowhere."""

    key: ApiKey
    secret: str


def create(*, request: ApiKeyRequest, actor: Actor) -> NewKey:
    """Make the key that two people have agreed on; who may is for the flow to check."""
    prefix = secrets.token_hex(PREFIX_BYTES)
    secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    user = User.objects.create_user(username=f"api-{prefix}", name=request.name)
    # An account that is not active signs in by no way there is.
    user.is_active = False
    user.save(update_fields=["is_active"])
    key = ApiKey.objects.create(
        user=user,
        prefix=prefix,
        digest=_digest(secret),
        name=request.name,
        agency_code=request.agency_code,
        scopes=request.scopes,
        created_by_id=request.asked_by_id,
        created_at=clock.now(),
        expires_on=request.expires_on,
    )
    data = {
        "request": request.number,
        "name": key.name,
        "agency": key.agency_code,
        "scopes": key.scopes,
        "expires_on": key.expires_on,
    }
    audit.record(reference_of(key), "api_key_created", actor=actor, data=data)
    return NewKey(key, secret)


def is_name_taken(agency_code: str, name: str) -> bool:
    """Whether a key of the agency that still serves bears this name."""
    live = ApiKey.objects.filter(agency_code=agency_code, name=name, revoked_at=None)
    return live.filter(expires_on__gt=clock.today()).exists()


def revoke(*, key: ApiKey, reason: str, actor: Actor) -> ApiKey:
    """Take a key back; from the next call on it is refused. A second time changes nothing."""
    locked = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is not None:
        return locked
    try:
        why = clean_line(reason, LONGEST_REASON)
    except TextInvalid as error:
        raise ApiKeyInvalid.of_fields({"reason": f"{error.message}{error.hint}"}) from error
    if not why:
        raise ApiKeyInvalid.of_fields({"reason": "请写明为什么吊销，如“系统下线”“密钥可能泄露”。"})
    locked.revoked_at, locked.revoked_by_name, locked.revoke_reason = clock.now(), actor.name, why
    locked.save(update_fields=["revoked_at", "revoked_by_name", "revoke_reason"])
    audit.record(reference_of(locked), "api_key_revoked", actor=actor, data={"reason": why})
    return locked


def recognise(secret: str) -> ApiKey:
    """The live key of this secret; raises ApiKeyRefused."""
    shape = SECRET.fullmatch(secret)
    key = ApiKey.objects.filter(prefix=shape[1]).first() if shape else None
    # A made-up prefix costs the same comparison as a real one.
    kept = bytes(key.digest) if key else bytes(32)
    if not hmac.compare_digest(kept, _digest(secret)) or key is None:
        raise refused("请核对密钥；密钥只在创建时显示一次，遗失的请系统管理员新建。")
    if key.revoked_at is not None:
        raise refused("这把密钥已被吊销，请联系系统管理员。")
    if key.expires_on <= clock.today():
        raise refused("这把密钥已过有效期，请系统管理员新建一把。")
    return key


def refused(hint: str) -> ApiKeyRefused:
    """The one refusal of keys."""
    return ApiKeyRefused("接口密钥无效。", hint=hint)


def count_call(*, key: ApiKey, operation: str) -> None:
    """Count one call; raises TooManyCalls beyond YUEBAN_API_CALLS_PER_MINUTE."""
    now, limit = clock.now(), settings.YUEBAN_API_CALLS_PER_MINUTE
    minute = now.replace(second=0, microsecond=0)
    values: dict[str, int | str | datetime] = {
        "key": key.pk,
        "minute": minute,
        "operation": operation,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        (calls,) = cursor.fetchone()
    if calls == 1:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    if calls > limit:
        wait = 60 - now.second
        raise TooManyCalls(
            f"这把密钥一分钟内已调用{limit}次。", hint=f"请{wait}秒后再试。", data={"retry_after": wait}
        )


def check_scope(*, key: ApiKey, scope: Scope) -> None:
    """Refuse what the key was not given for."""
    if scope not in key.scopes:
        raise ScopeMissing(
            f"这把密钥没有“{scope.label}”的权限（{scope.value}）。",
            hint="请系统管理员新建一把带这项权限的密钥。",
            data={"scope": str(scope)},
        )


def begin_command(*, key: ApiKey, idempotency_key: str, digest: str) -> ApiCommand:
    """The row of this command, new (no reference yet) or as it was carried out before.

    Two requests at once under one key wait for each other here. Raises IdempotencyKeyReused.
    """
    row, created = ApiCommand.objects.get_or_create(
        key=key, idempotency_key=idempotency_key, defaults={"digest": digest, "at": clock.now()}
    )
    if not created and row.digest != digest:
        raise IdempotencyKeyReused(
            "这个幂等键已经用于另一个内容不同的请求。",
            hint="同一个请求重发时内容要完全一样；新的请求请换一个 Idempotency-Key。",
        )
    return row


def end_command(*, command: ApiCommand, reference: str) -> None:
    """Keep what came of the command; called in the transaction of its effect."""
    command.reference = reference
    command.save(update_fields=["reference"])


def audit_uses(*, before: date) -> int:
    """Write one event a key and day for the days that are over, and forget their minutes; how many events."""
    rows = ApiKeyUse.objects.select_for_update().select_related("key")
    days: dict[tuple[str, date], list[ApiKeyUse]] = {}
    end = datetime.combine(before, datetime.min.time(), clock.BEIJING)
    for row in rows.filter(minute__lt=end).order_by("key__prefix", "minute"):
        day = row.minute.astimezone(clock.BEIJING).date()
        days.setdefault((row.key.prefix, day), []).append(row)
    audit.record_many([_used(prefix, day, uses) for (prefix, day), uses in days.items()], actor=SYSTEM)
    ApiKeyUse.objects.filter(pk__in=[row.pk for uses in days.values() for row in uses]).delete()
    return len(days)


def _used(prefix: str, day: date, uses: list[ApiKeyUse]) -> audit.NewEvent:
    operations: Counter[str] = Counter()
    for row in uses:
        operations.update(row.operations)
    data = {
        "day": day,
        "calls": sum(row.calls for row in uses),
        "refused": sum(row.refused for row in uses),
        "operations": dict(sorted(operations.items())),
    }
    return audit.NewEvent(Reference("api-key", prefix), "api_key_used", data)


def keys_of(agency_codes: Collection[str]) -> QuerySet[ApiKey]:
    """The keys of these agencies, the newest first."""
    rows = ApiKey.objects.filter(agency_code__in=list(agency_codes)).select_related(
        "created_by", "request__decided_by"
    )
    return rows.order_by("-created_at", "-pk")


def keys_by_prefix(prefixes: Collection[str]) -> dict[str, ApiKey]:
    """Keys by their public part, whether they still serve or not."""
    return {key.prefix: key for key in ApiKey.objects.filter(prefix__in=list(prefixes))}


def calls_of(key: ApiKey, *, since: datetime) -> int:
    """How often the key was used since a moment of the days that are not summed up yet."""
    rows = ApiKeyUse.objects.filter(key=key, minute__gte=since)
    return int(rows.aggregate(calls=Sum("calls"))["calls"] or 0)


def is_live(key: ApiKey) -> bool:
    """Whether the key serves today."""
    return key.revoked_at is None and key.expires_on > clock.today()


def reference_of(key: ApiKey) -> Reference:
    """How the audit names it."""
    return Reference("api-key", key.prefix)


def digest_of(name: str, content: object) -> str:
    """What tells two commands apart: which one, and its content whatever the order of its parts."""
    text = json.dumps([name, content], sort_keys=True, ensure_ascii=False, default=str)
    return _digest(text).hex()


def _digest(text: str) -> bytes:
    """A digest under a key of this installation; the plain one first, since an index takes capitals for small."""
    return vault.blind_index(hashlib.sha256(text.encode()).hexdigest(), purpose=PURPOSE)
