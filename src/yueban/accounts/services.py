"""Writes of users."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yueban.accounts import api_keys as api_keys
from yueban.accounts import key_requests as key_requests
from yueban.accounts.errors import FirstPasswordSpent, PasswordWeak, UsernameTaken
from yueban.accounts.models import RecoveryCode, User
from yueban.accounts.second_factor import begin as begin_second_factor
from yueban.accounts.second_factor import check as check_code
from yueban.accounts.second_factor import confirm as confirm_second_factor
from yueban.accounts.second_factor import use_recovery_code as use_recovery_code
from yueban.kernel import clock

__all__ = ["begin_second_factor", "check_code", "confirm_second_factor"]


def save_demo_user(*, username: str, name: str, note: str, order: int) -> User:
    """Create or refresh one member of the demo cast."""
    user, _ = User.objects.update_or_create(
        username=username,
        defaults={"name": name, "is_demo": True, "demo_note": note, "demo_order": order, "password": "!"},
    )
    return user


def create_staff(*, username: str, name: str) -> tuple[User, str]:
    """A member of staff with a first password, told once; he sets his own when he first signs in."""
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(f"用户名“{username}”已经有人用了。", hint="请换一个用户名。")
    user = User.objects.create_user(username=username, name=name)
    password = _first_password(user)
    user.save()
    return user, password


def _first_password(user: User) -> str:
    """A password that somebody else has seen: to be changed at once, good for some days, and for one time."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.must_change_password = True
    user.first_password_until = clock.now() + timedelta(days=settings.YUEBAN_FIRST_PASSWORD_DAYS)
    user.first_password_used_at = None
    return password


def use_first_password(*, user: User) -> None:
    """Note that the first password has opened, and begin a second factor that nobody has seen.

    Raises FirstPasswordSpent where it has opened before or its days are over.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.first_password_used_at is not None:
        raise FirstPasswordSpent(
            "这个初始密码已经用过一次。",
            hint="请安全管理员重置。如果不是您本人用的，请立即报告安全管理员。",
        )
    if locked.first_password_until is None or locked.first_password_until <= clock.now():
        raise FirstPasswordSpent("这个初始密码已经过期。", hint="请安全管理员重置。")
    locked.first_password_used_at = clock.now()
    locked.totp_cipher, locked.totp_confirmed_at, locked.totp_last_step = None, None, 0
    locked.save()


def reset_access(*, user: User) -> str:
    """A new first password, the second factor and its recovery codes gone; every session of the user ends."""
    password = _first_password(user)
    user.totp_cipher, user.totp_confirmed_at, user.totp_last_step = None, None, 0
    user.save()
    RecoveryCode.objects.filter(user=user).delete()
    return password


def lock(*, user: User) -> None:
    """What is done to this user waits for each other until the transaction ends."""
    User.objects.select_for_update().get(pk=user.pk)


def set_password(*, user: User, password: str, again: str) -> None:
    """The user's own password; raises PasswordWeak where it is too short, too common or typed differently."""
    if user.must_change_password and user.check_password(password):
        raise PasswordWeak.of_fields({"password": "新密码不能和初始密码一样，请自己另设一个。"})
    if password != again:
        raise PasswordWeak.of_fields({"again": "两次输入的新密码不一样。"})
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordWeak.of_fields({"password": "".join(error.messages)}) from error
    user.set_password(password)
    user.must_change_password, user.first_password_until = False, None
    user.save(update_fields=["password", "must_change_password", "first_password_until"])


def deactivate(*, user: User) -> None:
    """The user signs in no more, and is out at his next request."""
    user.is_active = False
    user.save(update_fields=["is_active"])
