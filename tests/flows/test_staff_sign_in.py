"""Staff sign in with a password and a second factor; sessions end in time; administrators are three."""

import base64
import time
from datetime import timedelta

import pytest
from django.test import Client

from tests import people
from tests.channels.visitors import visitor
from yueban.accounts import second_factor
from yueban.accounts.models import User
from yueban.agencies import services as agencies
from yueban.agencies.models import Post
from yueban.audit import selectors as audit
from yueban.flows import administer
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor, PostHeld
from yueban.kernel.reference import Reference
from yueban.vault import services as vault

pytestmark = pytest.mark.django_db
HALL = "yuecheng-government-services"
PASSWORD = "shaoxing-lake-2026"


def admin(role: str) -> Actor:
    return Actor(4711, "管理员", posts=(PostHeld(role, HALL, "政务办", "330602000000"),))


@pytest.fixture
def clerk() -> tuple[User, str]:
    """A new clerk and his first password."""
    user, password = administer.create_account(admin(roles.SYSTEM_ADMIN), username="new-clerk", name="新窗口")
    administer.give_first_post(username="new-clerk", role=roles.CLERK, agency=HALL)
    return user, password


def code_of(user: User, *, later: int = 0) -> str:
    user.refresh_from_db()
    assert user.totp_cipher is not None
    key = base64.b32decode(vault.decrypt(user.totp_cipher))
    return second_factor.code_at(key, int(time.time()) // 30 + later)


def first_sign_in(user: User, password: str) -> tuple[Client, list[str]]:
    client = Client()
    client.get("/desk/sign-in")
    assert client.post("/desk/sign-in", {"username": user.username, "password": password}).status_code == 302
    page = client.get("/desk/sign-in/code").content.decode()
    assert "data:image/svg+xml" in page
    answer = client.post(
        "/desk/sign-in/code", {"code": code_of(user), "password": PASSWORD, "again": PASSWORD}
    )
    assert answer.status_code == 200, answer.content.decode()
    codes = [part.split("<")[0] for part in answer.content.decode().split("<code>")[1:]]
    return client, codes


def sign_in(user: User, code: str) -> tuple[Client, int]:
    client = Client()
    client.get("/desk/sign-in", {"next": "/desk/done/"})
    assert client.post("/desk/sign-in", {"username": user.username, "password": PASSWORD}).status_code == 302
    return client, client.post("/desk/sign-in/code", {"code": code}).status_code


def test_the_first_sign_in_sets_a_password_binds_the_app_and_gives_recovery_codes(clerk):
    client, codes = first_sign_in(*clerk)
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200
    kinds = [event.kind for event in audit.events_of(Reference("user", str(clerk[0].pk)))]
    assert kinds == [
        *("account_created", "post_given", "first_password_used"),
        *("password_set", "second_factor_confirmed", "sign_in"),
    ]


def test_password_and_code_let_in_and_a_code_serves_once(clerk):
    user, password = clerk
    first_sign_in(user, password)
    assert sign_in(user, code_of(user))[1] == 422, "the code of the enrolment is used up"
    client, status = sign_in(user, code_of(user, later=1))
    assert status == 302
    assert client.get("/desk/").status_code == 200
    assert sign_in(user, code_of(user, later=1))[1] == 422


def test_a_recovery_code_serves_once_and_is_stored_nowhere_readable(clerk):
    user, password = clerk
    _, codes = first_sign_in(user, password)
    assert sign_in(user, codes[0].lower())[1] == 302
    assert sign_in(user, codes[0])[1] == 422
    stored = b"".join(bytes(row.digest) for row in user.recovery_codes.all())
    assert codes[1].replace("-", "").encode() not in stored


def test_the_secret_lies_encrypted(clerk):
    user, password = clerk
    first_sign_in(user, password)
    user.refresh_from_db()
    assert user.totp_cipher is not None
    secret = vault.decrypt(user.totp_cipher)
    assert secret.encode() not in bytes(user.totp_cipher)


def test_a_password_without_the_code_opens_nothing(clerk):
    user, password = clerk
    first_sign_in(user, password)
    client = Client()
    client.post("/desk/sign-in", {"username": user.username, "password": PASSWORD})
    assert client.get("/desk/").status_code == 302
    assert client.post("/desk/sign-in/code", {"code": "000000"}).status_code == 422
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("password", ["short", "new-clerk-2026", "password1234"])
def test_a_weak_own_password_is_refused(clerk, password):
    user, first = clerk
    client = Client()
    client.post("/desk/sign-in", {"username": user.username, "password": first})
    client.get("/desk/sign-in/code")
    answer = client.post(
        "/desk/sign-in/code", {"code": code_of(user), "password": password, "again": password}
    )
    assert answer.status_code == 422
    assert client.get("/desk/").status_code == 302


def test_five_wrong_tries_lock_the_name_whatever_the_address_says(clerk):
    user, password = clerk
    client = Client()
    for number in range(5):
        answer = client.post(
            "/desk/sign-in",
            {"username": user.username, "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
        assert answer.status_code == 422
    answer = Client().post("/desk/sign-in", {"username": user.username, "password": password})
    assert answer.status_code == 422
    assert "已锁定" in answer.content.decode()


def test_a_wrong_name_and_a_wrong_password_get_one_answer(clerk):
    pages = []
    for data in ({"username": "nobody-here"}, {"username": clerk[0].username}, {"username": people.CLERK}):
        answer = Client().post("/desk/sign-in", data | {"password": "wrong"})
        page = answer.content.decode()
        pages.append(page[page.index('role="alert"') : page.index("</section>")])
    assert len(set(pages)) == 1


def test_the_session_gets_a_new_key_at_sign_in(clerk):
    user, password = clerk
    client = Client()
    client.get("/desk/sign-in")
    before = client.session.session_key
    client.post("/desk/sign-in", {"username": user.username, "password": password})
    between = client.session.session_key
    client.get("/desk/sign-in/code")
    client.post("/desk/sign-in/code", {"code": code_of(user), "password": PASSWORD, "again": PASSWORD})
    assert len({before, between, client.session.session_key}) == 3


@pytest.mark.parametrize(("mark", "ago", "is_out"), [("seen", 29, 0), ("seen", 31, 1), ("began", 721, 1)])
def test_a_session_of_staff_ends_when_idle_or_too_long(mark, ago, is_out):
    client = visitor(people.CLERK)
    assert client.get("/desk/").status_code == 200
    session = client.session
    session["staff"] = session["staff"] | {mark: int(time.time()) - ago * 60}
    session.save()
    assert client.get("/desk/").status_code == (302 if is_out else 200)


def test_an_applicant_may_take_all_the_time_he_needs():
    client = visitor(people.OWNER)
    client.get("/my/")
    session = client.session
    session["staff"] = session["staff"] | {"seen": 0, "began": 0}
    session.save()
    assert client.get("/my/").status_code == 200


def test_a_clerk_moved_to_another_county_is_refused_on_his_old_page_and_loses_nothing():
    case = people.received()
    client = visitor(people.CLERK)
    assert client.get(f"/desk/cases/{case.number}/").status_code == 200
    clerk = people.user(people.CLERK)
    for post in Post.objects.filter(user=clerk):
        agencies.end_post(post=post, actor=SYSTEM)
    agencies.give_post(user=clerk, role=roles.CLERK, agency="zhuji-government-services", actor=SYSTEM)
    typed = {"what-safety-rules": "制度文本缺少公章，请补盖", "revision": "1", "key": "abc"}
    answer = client.post(f"/desk/cases/{case.number}/request_supplement", typed)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "您的岗位有变动" in page
    assert "制度文本缺少公章，请补盖" in page
    case.refresh_from_db()
    assert (case.state, case.supplements_asked) == ("received", 0)
    client.post("/sign-in", {"username": people.CLERK})
    assert client.get(f"/desk/cases/{case.number}/").status_code == 404


def test_a_deactivated_user_is_out_at_his_next_request():
    client = visitor(people.CLERK)
    assert client.get("/desk/").status_code == 200
    administer.deactivate_account(admin(roles.SYSTEM_ADMIN), people.CLERK)
    assert client.get("/desk/").status_code == 302
    assert client.post("/sign-in", {"username": people.CLERK}).status_code == 404


def test_a_reset_takes_the_second_factor_away_and_ends_the_session(clerk):
    user, password = clerk
    client, _ = first_sign_in(user, password)
    administer.reset_account(admin(roles.SECURITY_ADMIN), user.username)
    assert client.get("/desk/").status_code == 302
    user.refresh_from_db()
    assert user.totp_cipher is None
    assert not user.recovery_codes.exists()


def with_password(user: User) -> Client:
    """A browser in which the password was given, and the code not yet."""
    client = Client()
    assert client.post("/desk/sign-in", {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


def test_browsers_opened_beforehand_get_no_more_tries_than_the_lock_allows(clerk):
    user, password = clerk
    first_sign_in(user, password)
    browsers = [with_password(user) for _ in range(7)]
    for browser in browsers[:5]:
        assert browser.post("/desk/sign-in/code", {"code": "000000"}).status_code == 422
    answer = browsers[5].post("/desk/sign-in/code", {"code": code_of(user, later=1)})
    assert answer.status_code == 422
    assert "已锁定" in answer.content.decode()
    assert browsers[5].get("/desk/").status_code == 302


def test_what_was_begun_with_the_old_password_ends_with_a_reset(clerk):
    user, password = clerk
    first_sign_in(user, password)
    thief = with_password(user)
    administer.reset_account(admin(roles.SECURITY_ADMIN), user.username)
    answer = thief.get("/desk/sign-in/code")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/sign-in")
    user.refresh_from_db()
    assert user.totp_cipher is None


def test_a_password_waits_ten_minutes_for_its_code(clerk):
    user, password = clerk
    first_sign_in(user, password)
    client = with_password(user)
    session = client.session
    session["signing_in"] = session["signing_in"] | {"until": int(time.time()) - 1}
    session.save()
    assert client.post("/desk/sign-in/code", {"code": code_of(user, later=1)}).status_code == 302
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("code", ["１２３４５６", "验证码", "\u202e123456", "x" * 5000])
def test_a_code_of_other_characters_is_simply_wrong(clerk, code):
    user, password = clerk
    first_sign_in(user, password)
    assert with_password(user).post("/desk/sign-in/code", {"code": code}).status_code == 422


def give(user: User, password: str) -> tuple[Client, str]:
    """A browser after the password, and what it was told."""
    client = Client()
    answer = client.post("/desk/sign-in", {"username": user.username, "password": password})
    return client, answer.content.decode() if answer.status_code == 422 else ""


def test_a_first_password_opens_once_and_later_tries_are_written_down(clerk):
    user, password = clerk
    _, said = give(user, password)
    assert said == ""
    late, said = give(user, password)
    assert "已经用过一次" in said and "不是您本人" in said
    assert late.get("/desk/sign-in/code").status_code == 302
    kinds = [event.kind for event in audit.events_of(Reference("user", str(user.pk)))]
    assert kinds[-2:] == ["first_password_used", "first_password_refused"]


def test_a_first_password_ends_after_some_days(clerk):
    user, password = clerk
    now = clock.now()
    clock.set_source(lambda: now + timedelta(days=7))
    client, said = give(user, password)
    assert "已经过期" in said
    assert client.get("/desk/sign-in/code").status_code == 302
    user.refresh_from_db()
    assert user.first_password_used_at is None


def test_who_saw_the_first_password_has_not_seen_the_secret_of_the_app(clerk):
    """The administrator tries it first, looks at the code and goes: a reset gives its owner another secret."""
    user, password = clerk
    spy, _ = give(user, password)
    spy.get("/desk/sign-in/code")
    user.refresh_from_db()
    seen = bytes(user.totp_cipher)
    fresh = administer.reset_account(admin(roles.SECURITY_ADMIN), user.username)
    assert spy.get("/desk/sign-in/code").status_code == 302
    client, said = give(user, fresh)
    assert said == ""
    client.get("/desk/sign-in/code")
    user.refresh_from_db()
    assert vault.decrypt(user.totp_cipher) != vault.decrypt(seen)


def test_after_a_reset_the_password_is_a_first_one_again(clerk):
    user, password = clerk
    first_sign_in(user, password)
    fresh = administer.reset_account(admin(roles.SECURITY_ADMIN), user.username)
    user.refresh_from_db()
    assert user.must_change_password and user.first_password_used_at is None
    assert give(user, PASSWORD)[1] != "", "the own password of before opens nothing"
    client, _ = give(user, fresh)
    assert client.get("/desk/").status_code == 302, "nothing works before the password is changed"
    assert "新密码" in client.get("/desk/sign-in/code").content.decode()
    assert give(user, fresh)[1] != ""


def test_the_first_password_is_not_taken_as_the_own_one(clerk):
    user, password = clerk
    client, _ = give(user, password)
    client.get("/desk/sign-in/code")
    typed = {"code": code_of(user), "password": password, "again": password}
    answer = client.post("/desk/sign-in/code", typed)
    assert answer.status_code == 422
    assert "不能和初始密码一样" in answer.content.decode()
    user.refresh_from_db()
    assert user.must_change_password


def test_a_bound_app_does_not_spare_a_new_password(clerk):
    user, password = clerk
    first_sign_in(user, password)
    User.objects.filter(pk=user.pk).update(
        must_change_password=True,
        first_password_until=clock.now() + timedelta(days=1),
        first_password_used_at=None,
    )
    client, _ = give(user, PASSWORD)
    assert "第一次登录" in client.get("/desk/sign-in/code").content.decode()
    user.refresh_from_db()
    assert client.post("/desk/sign-in/code", {"code": code_of(user, later=1)}).status_code == 422
    assert client.get("/desk/").status_code == 302
