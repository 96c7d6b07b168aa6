"""Staff sign in with a password and a second factor."""

import time
from dataclasses import dataclass

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, login
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from yueban.accounts import selectors as accounts_read
from yueban.accounts import services as accounts
from yueban.accounts.errors import FirstPasswordSpent
from yueban.accounts.models import User
from yueban.audit import services as audit
from yueban.flows import identify
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid
from yueban.kernel.reference import Reference

PENDING = "signing_in"
TRIES = 5
PENDING_SECONDS = 600  # between the password and the code
FIRST_SECONDS = 1800  # the first time, when an app must be found for it
WRONG = "用户名、密码或动态码不对。"
AGAIN = "请核对后再试；连续错 5 次，这个用户名锁定一小时。"


@dataclass(frozen=True)
class Enrolment:
    """What somebody who signs in for the first time needs: the QR code's address and the same in letters."""

    address: str
    secret: str
    must_change_password: bool


def give_password(request: HttpRequest, username: str, password: str) -> None:
    """The first step; raises Invalid with one sentence for everything that may be wrong."""
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User) or not user.is_active:
        raise _wrong(request)
    if user.must_change_password:
        _spend_first_password(user)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "tries": 0,
        "until": int(time.time()) + (FIRST_SECONDS if user.must_change_password else PENDING_SECONDS),
        # A new password, or a reset, ends what was begun with the old one.
        "password": user.get_session_auth_hash(),
    }


def _spend_first_password(user: User) -> None:
    """It opens once; every try afterwards is written down, for somebody else knows it."""
    actor = identify.actor_of_user(user.pk, channel="desk")
    try:
        with transaction.atomic():
            accounts.use_first_password(user=user)
            _record("first_password_used", user, actor)
    except FirstPasswordSpent:
        with transaction.atomic():
            accounts.lock(user=user)
            _record("first_password_refused", user, actor)
        raise


def pending_user(request: HttpRequest) -> User | None:
    """Who has given his password and not yet his code."""
    pending = request.session.get(PENDING)
    if not pending or pending["until"] < time.time():
        return None
    user = accounts_read.find_user(pending["user"])
    still = user is not None and constant_time_compare(user.get_session_auth_hash(), pending["password"])
    return user if still else None


def enrolment(user: User) -> Enrolment | None:
    """What the first sign-in shows; None for whoever has a second factor already."""
    if user.totp_confirmed_at is not None and not user.must_change_password:
        return None
    accounts.begin_second_factor(user=user)
    address, secret = accounts_read.enrolment_of(user)
    return Enrolment(address, secret, user.must_change_password)


@transaction.atomic
def enrol(request: HttpRequest, user: User, *, code: str, password: str, again: str) -> list[str]:
    """The first sign-in: an own password where it is asked, the app's first code; gives the recovery codes."""
    sets_password = user.must_change_password
    if sets_password:
        accounts.set_password(user=user, password=password, again=again)
    if not accounts.check_code(user=user, code=code):
        raise Invalid.of_fields({"code": "动态码不对。请确认手机时间准确，输入应用里现在的6位数字。"})
    codes = accounts.confirm_second_factor(user=user)
    user.refresh_from_db()
    actor = identify.actor_of_user(user.pk, channel="desk")
    if sets_password:
        _record("password_set", user, actor)
    _record("second_factor_confirmed", user, actor)
    _sign_in(request, user)
    return codes


def give_code(request: HttpRequest, user: User, code: str) -> None:
    """The second step: a code of the app or a recovery code; five wrong ones begin anew and count as failures."""
    if _is_right(request, user, code):
        _sign_in(request, user)
        return
    pending = request.session[PENDING]
    pending["tries"] += 1
    request.session[PENDING] = pending
    if pending["tries"] >= TRIES:
        del request.session[PENDING]
    raise _wrong(request)


@transaction.atomic
def _is_right(request: HttpRequest, user: User, code: str) -> bool:
    """One try after another, whatever the browsers: none escapes the count, none counts while the name is locked."""
    accounts.lock(user=user)
    credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True  # type: ignore[attr-defined] # as axes marks it at the password
        return False
    if accounts.check_code(user=user, code=code):
        return True
    if accounts.use_recovery_code(user=user, code=code):
        _record("recovery_code_used", user, identify.actor_of_user(user.pk, channel="desk"))
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


def _wrong(request: HttpRequest) -> Invalid:
    if getattr(request, "axes_locked_out", False):
        return Invalid("连续错了太多次，这个用户名已锁定一小时。", hint="请稍后再试，或请系统管理员重置。")
    return Invalid(WRONG, hint=AGAIN)


def _sign_in(request: HttpRequest, user: User) -> None:
    request.session.pop(PENDING, None)
    login(request, user, backend=identify.BACKEND)
    identify.begin_session(request, user)


def _record(kind: str, user: User, actor: Actor) -> None:
    audit.record(Reference("user", str(user.pk)), kind, actor=actor)
