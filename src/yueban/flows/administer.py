"""三员: one sets accounts up and asks for posts, another reviews them, a third reads what both have done.

Nobody holds two of the three, nor one of them beside a post of business; nobody gives himself anything. A change of
posts ends the holder's sessions at his next request (flows/sessions.py).
"""

from collections.abc import Mapping

from axes.utils import reset as unlock_name
from django.db import transaction

from yueban.accounts import selectors as accounts_read
from yueban.accounts import services as accounts
from yueban.accounts.errors import AccountNotFound
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies_read
from yueban.agencies import services as agencies
from yueban.agencies.models import Agency, PostRequest
from yueban.audit import selectors as audit_read
from yueban.audit import services as audit
from yueban.divisions.selectors import find_city, prefix_of
from yueban.kernel import roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.names import TextInvalid, clean_line
from yueban.kernel.reference import Reference

ADMINISTRATORS = frozenset({roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN, roles.AUDITOR})
LONGEST_REASON = 500


@transaction.atomic
def create_account(actor: Actor, *, username: str, name: str) -> tuple[User, str]:
    """A new member of staff without any post; gives the first password, told once."""
    _check(actor, roles.SYSTEM_ADMIN)
    user, password = accounts.create_staff(username=username, name=name)
    _record("account_created", user, actor)
    return user, password


@transaction.atomic
def deactivate_account(actor: Actor, username: str) -> None:
    """Somebody has left: he is out at his next request."""
    _check(actor, roles.SYSTEM_ADMIN)
    user = _managed(actor, username)
    _check_no_administrator(
        actor,
        user,
        "管理员的账号不能由一个人停用，否则一个人就能让另外两个人办不了事。",
        "请先收回他的管理员岗位（由安全管理员复核），再停用账号。",
    )
    accounts.deactivate(user=user)
    _record("account_deactivated", user, actor)


@transaction.atomic
def reset_account(actor: Actor, username: str) -> str:
    """A forgotten password or a lost phone: both begin anew, and every session of his ends."""
    _check(actor, roles.SECURITY_ADMIN)
    user = _managed(actor, username)
    _check_no_administrator(
        actor,
        user,
        "管理员的账号不能由另一位管理员重置，否则一个人就能办两个人的事。",
        "请由运行维护人员在服务器上用 yueban account reset 重置，操作留痕。",
    )
    password = accounts.reset_access(user=user)
    _record("account_reset", user, actor)
    return password


@transaction.atomic
def unlock(actor: Actor, username: str) -> None:
    """A name locked after wrong tries may be tried again before the hour is over."""
    _check(actor, roles.SECURITY_ADMIN)
    user = _managed(actor, username)
    unlock_name(username=user.username)
    _record("account_unlocked", user, actor)


@transaction.atomic
def set_agency_contact(actor: Actor, code: str, given: Mapping[str, str]) -> Agency:
    """机构信息: telephone, address and hours of an agency within the administrator's division; the audit keeps both."""
    _check(actor, roles.SYSTEM_ADMIN)
    _check_reach(actor, agencies_read.get_agency(code).division.code)
    return agencies.set_contact(code=code, given=given, actor=actor)


@transaction.atomic
def ask_for_post(
    actor: Actor, *, username: str, role: str, agency: str, division: str = "", reason: str
) -> PostRequest:
    """授岗申请, by the system administrator for somebody else; it waits for the security administrator."""
    _check(actor, roles.SYSTEM_ADMIN)
    user = _other(actor, username)
    if role not in roles.ALL:
        raise Invalid.of_fields({"role": "请选择岗位。"})
    _check_compatible(user, role)
    request = agencies.ask_for_post(
        user=user,
        role=role,
        agency=agency,
        division=division,
        reason=_reason(reason),
        asked_by=_self(actor),
    )
    _check_reach(actor, request.division.code)
    _record("post_asked", user, actor, number=request.number, role=role, agency=agency)
    return request


@transaction.atomic
def ask_to_end_post(
    actor: Actor, *, username: str, role: str, agency: str, division: str, reason: str
) -> PostRequest:
    """收岗申请, the same way back."""
    _check(actor, roles.SYSTEM_ADMIN)
    user = _other(actor, username)
    _check_reach(actor, division)
    if agencies.find_post(user=user, role=role, agency=agency, division=division) is None:
        raise NotFound("这个岗位已经不在。", hint="请刷新页面，看清现有的岗位。")
    request = agencies.ask_for_post(
        user=user,
        role=role,
        agency=agency,
        division=division,
        reason=_reason(reason),
        asked_by=_self(actor),
        is_ending=True,
    )
    _record("post_end_asked", user, actor, number=request.number, role=role, agency=agency)
    return request


@transaction.atomic
def review_request(actor: Actor, number: str, *, is_approved: bool, words: str = "") -> PostRequest:
    """复核: the second of the two; a refusal carries its reason."""
    _check(actor, roles.SECURITY_ADMIN)
    request = agencies.lock_request(number=number)
    _check_reach(actor, request.division.code)
    if actor.user_id in (request.user_id, request.asked_by_id):
        raise NotAllowed(
            "自己的岗位或自己提的申请，要由另一位安全管理员复核。", hint="请换一位安全管理员办理。"
        )
    said = words.strip()[:LONGEST_REASON] if is_approved else _reason(words, name="words")
    agencies.settle(request=request, is_approved=is_approved, by=_self(actor), words=said)
    if is_approved:
        _carry_out(request, actor)
    kind = "post_approved" if is_approved else "post_refused"
    _record(kind, request.user, actor, number=number, role=request.role, agency=request.agency.code)
    return request


def _carry_out(request: PostRequest, actor: Actor) -> None:
    post = {"role": request.role, "agency": request.agency.code, "division": request.division.code}
    if not request.is_ending:
        _check_compatible(request.user, request.role)
        agencies.give_post(user=request.user, actor=actor, **post)
        return
    held = agencies.find_post(user=request.user, **post)
    if held is not None:
        agencies.end_post(post=held, actor=actor)


@transaction.atomic
def give_first_post(*, username: str, role: str, agency: str, division: str | None = None) -> None:
    """Before there are administrators, whoever runs the machine sets the first ones up."""
    user = _user(username)
    _check_compatible(user, role)
    agencies.give_post(user=user, role=role, agency=agency, division=division, actor=SYSTEM)


def _check_compatible(user: User, role: str) -> None:
    """互斥: none of the three roles beside another of them or beside business."""
    held = {post.role for post in agencies_read.posts_held_by(user)} - {role}
    if role in ADMINISTRATORS and held & ADMINISTRATORS:
        raise NotAllowed("系统管理、安全管理、审计管理由三个人分别担任。", hint="请另选一个人。")
    if held and (role in ADMINISTRATORS or held & ADMINISTRATORS):
        raise NotAllowed(
            "管理员不办业务，业务岗位的人也不兼任管理员。", hint="请另选一个人，或先收回现有的岗位。"
        )


def _check(actor: Actor, role: str) -> None:
    if actor is not SYSTEM and not actor.has_role(role):
        raise NotAllowed(f"这一步由{roles.NAMES[role]}办理。", hint="请换用对应岗位的账号。")


def _check_reach(actor: Actor, division: str) -> None:
    """An administrator works within the division of his post."""
    reached = (prefix_of(post.division) for post in actor.posts if post.role in ADMINISTRATORS)
    if actor is not SYSTEM and not any(division.startswith(prefix) for prefix in reached):
        raise NotAllowed("这个区划不在您的管理范围内。", hint="请由当地的管理员办理。")


def _managed(actor: Actor, username: str) -> User:
    """Somebody else's account, of staff whose posts all lie within the administrator's division.

    An account without a post is looked after where it was made, or where its last post was.
    """
    user = _other(actor, username)
    if actor is SYSTEM:
        return user
    held = list(agencies_read.posts_held_by(user))
    for post in held:
        _check_reach(actor, post.division.code)
    if not held and not accounts_read.is_of_staff(user):
        raise AccountNotFound(f"没有“{username}”这个工作人员账号。", hint="请核对用户名。")
    if not held:
        last = audit_read.events_of(Reference("user", str(user.pk))).last()
        _check_reach(actor, (last.division_code if last else "") or _city())
    return user


def _city() -> str:
    city = find_city()
    return city.code if city else ""


def _check_no_administrator(actor: Actor, user: User, why: str, hint: str) -> None:
    """The three must stay three people, each able to work: none alone takes another's place or puts him out."""
    held = {post.role for post in agencies_read.posts_held_by(user)}
    if actor is not SYSTEM and held & ADMINISTRATORS:
        raise NotAllowed(why, hint=hint)


def _other(actor: Actor, username: str) -> User:
    user = _user(username)
    if user.pk == actor.user_id:
        raise NotAllowed("不能给自己授岗，也不能管理自己的账号。", hint="请由另一位管理员办理。")
    return user


def _user(username: str) -> User:
    user = accounts_read.find_by_username(username)
    if user is None:
        raise AccountNotFound(f"没有“{username}”这个账号。", hint="请核对用户名。")
    return user


def _self(actor: Actor) -> User:
    user = accounts_read.find_user(actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise NotAllowed("授岗要由两位管理员本人办理。", hint="请登录后办理。")
    return user


def _reason(text: str, *, name: str = "reason") -> str:
    try:
        said = clean_line(text, LONGEST_REASON)
    except TextInvalid as error:
        raise Invalid.of_fields({name: f"{error.message}{error.hint}"}) from error
    if not said:
        raise Invalid.of_fields({name: "请写明理由。"})
    return said


def _record(kind: str, user: User, actor: Actor, **data: str) -> None:
    audit.record(Reference("user", str(user.pk)), kind, actor=actor, data=data)
