"""密钥申请: asked by one administrator, decided by another, and taken once by the first."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Case, Value, When
from django.db.models.query import QuerySet

from yueban.accounts import api_keys
from yueban.accounts.api_keys import NewKey
from yueban.accounts.choices import KeyRequestState, Scope
from yueban.accounts.errors import ApiKeyInvalid, KeyRequestNotFound, KeyRequestSettled
from yueban.accounts.models import ApiKeyRequest
from yueban.audit import services as audit
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.reference import Reference

LONGEST_LIFE = timedelta(days=731)
LONGEST_NAME, LONGEST_REASON = 60, 200
TAKE_WITHIN = timedelta(days=7)
TAKEN = "这个单位已有同名的有效密钥或待审批的申请，请换个名字，如加上年份。"


@dataclass(frozen=True)
class Wish:
    """What is asked for, as it was typed."""

    name: str
    agency_code: str
    scopes: Collection[str]
    expires_on: date | None
    reason: str


def ask(*, wish: Wish, actor: Actor, problems: Mapping[str, str]) -> ApiKeyRequest:
    """Write the request down; raises ApiKeyInvalid with everything that is wrong, also what the caller found."""
    name, reason, found = _read(wish)
    if found or problems or wish.expires_on is None:
        raise ApiKeyInvalid.of_fields({**problems, **found})
    assert actor.user_id is not None  # the flow has checked his post
    try:
        with transaction.atomic():
            request = ApiKeyRequest.objects.create(
                number=f"MY{clock.today():%Y%m%d}{secrets.token_hex(4)}",
                name=name,
                agency_code=wish.agency_code,
                scopes=[str(scope) for scope in Scope if scope in wish.scopes],
                expires_on=wish.expires_on,
                reason=reason,
                asked_by_id=actor.user_id,
                asked_at=clock.now(),
            )
    except IntegrityError as error:  # pressed twice
        raise ApiKeyInvalid.of_fields({"name": TAKEN}) from error
    _record(
        request,
        "api_key_asked",
        actor,
        name=name,
        agency=request.agency_code,
        scopes=request.scopes,
        expires_on=request.expires_on,
        reason=reason,
    )
    return request


def _read(wish: Wish) -> tuple[str, str, dict[str, str]]:
    """Name and reason tidied, and what is wrong with each field."""
    problems: dict[str, str] = {}
    name = _line(wish.name, LONGEST_NAME, "name", "请写明是哪个系统，如“住建局房产交易系统”。", problems)
    reason = _line(
        wish.reason, LONGEST_REASON, "reason", "请写明为什么要这把密钥，审批的人凭它决定。", problems
    )
    if name and _is_taken(wish.agency_code, name):
        problems["name"] = TAKEN
    if not wish.scopes or not set(wish.scopes) <= set(Scope.values):
        problems["scopes"] = "请至少选一项权限，只选这个系统用得着的。"
    if not _is_in_time(wish.expires_on):
        problems["expires_on"] = "有效期从明天起，最长两年；到期前换一把新的。"
    return name, reason, problems


def _line(text: str, longest: int, field: str, missing: str, problems: dict[str, str]) -> str:
    try:
        line = clean_line(text, longest)
    except TextInvalid as error:
        problems[field] = f"{error.message}{error.hint}"
        return ""
    if not line:
        problems[field] = missing
    return line


def _is_taken(agency_code: str, name: str) -> bool:
    waiting = ApiKeyRequest.objects.filter(agency_code=agency_code, name=name, state=KeyRequestState.WAITING)
    return api_keys.is_name_taken(agency_code, name) or waiting.exists()


def _is_in_time(day: date | None) -> bool:
    today = clock.today()
    return day is not None and today < day <= today + LONGEST_LIFE


def decide(*, request: ApiKeyRequest, is_approved: bool, words: str, actor: Actor) -> None:
    """Approve or refuse, in words; the request is locked. Raises KeyRequestSettled, ApiKeyInvalid."""
    _check_state(request, KeyRequestState.WAITING)
    problems: dict[str, str] = {}
    said = _line(words, LONGEST_REASON, "words", "请写明审批意见：核对了什么，或者为什么不同意。", problems)
    if problems:
        raise ApiKeyInvalid.of_fields(problems)
    request.state = KeyRequestState.APPROVED if is_approved else KeyRequestState.REFUSED
    request.decided_by_id, request.decided_at, request.words = actor.user_id, clock.now(), said
    request.save(update_fields=["state", "decided_by", "decided_at", "words"])
    _record(request, "api_key_approved" if is_approved else "api_key_refused", actor, words=said)


def withdraw(*, request: ApiKeyRequest, actor: Actor) -> None:
    """Nothing comes of it: while it waits, or while nobody has taken the key."""
    _check_state(request, KeyRequestState.WAITING, KeyRequestState.APPROVED)
    request.state = KeyRequestState.WITHDRAWN
    request.save(update_fields=["state"])
    _record(request, "api_key_withdrawn", actor)


def take(*, request: ApiKeyRequest, actor: Actor) -> NewKey:
    """Make the key of an approved request: once. The request is locked; raises KeyRequestSettled."""
    _check_state(request, KeyRequestState.APPROVED)
    if is_lapsed(request):
        raise KeyRequestSettled("同意后七天没有取用，这份申请已作废。", hint="仍然需要的，请重新申请。")
    if not _is_in_time(request.expires_on):
        raise KeyRequestSettled("申请里的失效日期已到。", hint="仍然需要的，请重新申请。")
    if api_keys.is_name_taken(request.agency_code, request.name):
        raise KeyRequestSettled("这个单位已有同名的有效密钥。", hint="请先吊销旧的，或换个名字重新申请。")
    made = api_keys.create(request=request, actor=actor)
    request.key, request.state = made.key, KeyRequestState.ISSUED
    request.save(update_fields=["key", "state"])
    _record(request, "api_key_taken", actor, key=made.key.prefix)
    return made


def is_lapsed(request: ApiKeyRequest) -> bool:
    """Whether it was approved and not taken in time."""
    if request.state != KeyRequestState.APPROVED or request.decided_at is None:
        return False
    return request.decided_at + TAKE_WITHIN < clock.now()


def lock_request(number: str) -> ApiKeyRequest:
    """The request, locked; raises KeyRequestNotFound."""
    rows = ApiKeyRequest.objects.select_for_update(of=["self"]).select_related("asked_by", "decided_by")
    return _found(rows, number)


def get_request(agency_codes: Collection[str], number: str) -> ApiKeyRequest:
    """One of these agencies' requests; raises KeyRequestNotFound."""
    return _found(requests_of(agency_codes), number)


def _found(rows: QuerySet[ApiKeyRequest], number: str) -> ApiKeyRequest:
    found = rows.filter(number=number).first()
    if found is None:
        raise KeyRequestNotFound("没有找到这份密钥申请。", hint="请从“接口密钥”的申请列表打开。")
    return found


def requests_of(agency_codes: Collection[str]) -> QuerySet[ApiKeyRequest]:
    """Requests for keys of these agencies: those that wait for somebody first, then the newest."""
    is_open = Case(
        When(state=KeyRequestState.WAITING, then=Value(0)),
        When(state=KeyRequestState.APPROVED, then=Value(1)),
        default=Value(2),
    )
    rows = ApiKeyRequest.objects.filter(agency_code__in=list(agency_codes))
    return rows.select_related("asked_by", "decided_by", "key").order_by(is_open, "-asked_at", "-pk")


def open_requests(agency_codes: Collection[str]) -> int:
    """How many wait for approval."""
    rows = ApiKeyRequest.objects.filter(agency_code__in=list(agency_codes))
    return rows.filter(state=KeyRequestState.WAITING).count()


def _check_state(request: ApiKeyRequest, *wanted: KeyRequestState) -> None:
    if request.state not in wanted:
        label = KeyRequestState(request.state).label
        raise KeyRequestSettled(f"这份申请{label}，不能再办这一步。", hint="请刷新页面，看清最新状态。")


def _record(request: ApiKeyRequest, kind: str, actor: Actor, **data: object) -> None:
    audit.record(Reference("api-key-request", request.number), kind, actor=actor, data=data)
